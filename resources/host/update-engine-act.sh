# quarterdeck update-engine-act 1: chooses the slot of the next boot. $1 is "reset" (the one that is booted) or "roll-back"
# (the other one); $2 is the version that is to be running.
LC_ALL=C
export LC_ALL
die() { echo "$1" >&2; exit 1; }
running=$(. /etc/os-release && echo "$VERSION_ID")
[ "$running" = "$2" ] || die "it runs $running, not $2"
booted=$(rootdev -s /usr) || booted=
case $booted in /dev/?*) ;; *) die 'which partition is booted cannot be told' ;; esac
other=
for kind in flatcar-usr coreos-usr; do
  for device in $(cgpt find -t $kind 2>/dev/null | grep '^/dev/' | head -n 4); do
    [ "$device" = "$booted" ] || other=$device
  done
done
if [ "$1" = roll-back ]; then
  [ ! -e /run/update_engine_autoupdate_completed ] || die 'the other slot holds an update that waits'
  [ -n "$other" ] || die 'there is no other slot'
  # Without a try left it would not be booted at all, unless it is known to be good.
  case $(cgpt show "$other") in
    *successful=1*) ;;
    *) cgpt add -T 1 "$other" || die "$other was not given a try" ;;
  esac
  # A while after each of its starts update_engine makes the booted slot the next one again. It comes back with the boot.
  systemctl mask --runtime --now update-engine.service || die 'update-engine.service was not stopped'
  cgpt prioritize "$other" || die "$other was not made the next boot's"
  echo "the next boot takes $other"
else
  cgpt prioritize "$booted" || die "$booted was not made the next boot's"
  if [ -e /run/update_engine_autoupdate_completed ]; then
    update_engine_client -reset_status || die 'update_engine did not forget the update'
  elif [ -L /run/systemd/system/update-engine.service ]; then
    systemctl unmask --runtime update-engine.service && systemctl start update-engine.service || die 'update-engine.service did not start'
  fi
  echo "the next boot takes $booted again"
fi
