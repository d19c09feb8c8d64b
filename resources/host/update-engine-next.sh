# quarterdeck update-engine-next 1: as root; which slot the next boot takes. $1 is "before" (the one that is not booted) or
# "this"; with $2 it is done in that boot alone.
LC_ALL=C
export LC_ALL
die() { echo "$1" >&2; exit 1; }
if [ -n "$2" ]; then
  boot=
  read -r boot </proc/sys/kernel/random/boot_id
  [ "$boot" = "$2" ] || die "it is in another boot than $2"
fi
booted=$(rootdev -s /usr) || booted=
case $booted in /dev/?*) ;; *) die 'which partition is booted cannot be told' ;; esac
slot=$booted
if [ "$1" = before ]; then
  slot=
  for kind in flatcar-usr coreos-usr; do
    for device in $(cgpt find -t $kind 2>/dev/null | grep '^/dev/' | head -n 4); do
      [ "$device" = "$booted" ] || slot=$device
    done
  done
  [ -n "$slot" ] || die 'there is no other slot'
  # Without a try left it would not be booted at all, unless it is known to be good.
  case $(cgpt show "$slot") in
    *successful=1*) ;;
    *) cgpt add -T 1 "$slot" || die "$slot was not given a try" ;;
  esac
fi
cgpt prioritize "$slot" || die "$slot was not made the next boot's"
if [ -e /run/update_engine_autoupdate_completed ]; then update_engine_client -reset_status >/dev/null 2>&1; fi
echo "the next boot takes $slot"
