# quarterdeck update-engine 1: $1 is "sudo" where root's rights cost no question, else "plain"; $2 is "client" to ask the client too.
LC_ALL=C SYSTEMD_COLORS=0 SYSTEMD_PAGER=
export LC_ALL SYSTEMD_COLORS SYSTEMD_PAGER
soon=
command -v timeout >/dev/null 2>&1 && soon='timeout 10'
file() {
  echo "== $1"
  if [ -r "$2" ]; then head -c 20000 "$2"; echo
  elif [ -e "$2" ]; then closed="$closed $2"
  fi
}
closed=
echo '== engine'
$soon systemctl show -p LoadState -p ActiveState -p UnitFileState update-engine.service 2>/dev/null
echo '== locksmith'
$soon systemctl show -p LoadState -p ActiveState -p UnitFileState locksmithd.service 2>/dev/null
file etc-flatcar /etc/flatcar/update.conf
file etc-coreos /etc/coreos/update.conf
file usr-flatcar /usr/share/flatcar/update.conf
file usr-coreos /usr/share/coreos/update.conf
file release-flatcar /usr/share/flatcar/release
file release-coreos /usr/share/coreos/release
file coordinator /run/update-engine/coordinator.conf
file os-release /etc/os-release
echo '== state'
[ -e /run/update_engine_autoupdate_completed ] && echo completed=yes
[ -e /usr/.noupdate ] && echo noupdate=yes
echo '== slots'
slots='
booted=$(rootdev -s /usr 2>/dev/null | head -c 200)
echo "booted=$booted"
for kind in flatcar-usr coreos-usr; do
  for device in $(cgpt find -t $kind 2>/dev/null | head -c 1000 | grep -a "^/dev/" | head -n 4); do
    echo "device=$device"
    cgpt show "$device" 2>/dev/null | head -c 4000
    echo
  done
done
for pref in previous-version aleph-version; do
  [ -r /var/lib/update_engine/prefs/$pref ] && echo "$pref=$(head -c 100 /var/lib/update_engine/prefs/$pref)"
done
'
if [ "$1" = sudo ]; then $soon sudo -n /bin/sh -c "$slots" </dev/null 2>/dev/null
else $soon /bin/sh -c "$slots" </dev/null 2>/dev/null
fi
if [ "$2" = client ]; then
  echo '== client'
  $soon update_engine_client -status 2>/dev/null | head -c 4000
  echo
fi
echo '== holds'
for file in /var/lib/quarterdeck/holds/*; do
  [ -r "$file" ] && echo "hold=${file##*/} $(head -c 200 "$file" | head -n 1)"
done
echo '== closed'
for path in $closed; do echo "$path"; done
echo '== end'
