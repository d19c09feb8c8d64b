# quarterdeck apt 1: what waits and who brings it, by what the host last downloaded. apt-get -s writes nothing.
LC_ALL=C SYSTEMD_COLORS=0 SYSTEMD_PAGER=
export LC_ALL SYSTEMD_COLORS SYSTEMD_PAGER
soon=
command -v timeout >/dev/null 2>&1 && soon='timeout 30'
if ! command -v apt-get >/dev/null 2>&1; then
  echo '== absent'
  echo yes
  echo '== end'
  exit 0
fi
echo '== daily'
$soon systemctl show -p LoadState -p ActiveState -p UnitFileState apt-daily-upgrade.timer 2>/dev/null
echo '== run'
$soon systemctl show -p LoadState -p ActiveState -p Result apt-daily-upgrade.service 2>/dev/null
echo '== ours'
$soon systemctl show -p ActiveState quarterdeck-update.service 2>/dev/null
echo '== conf'
$soon apt-config dump 2>/dev/null | grep -E '^(APT::Periodic|Unattended-Upgrade)::' | head -n 200
echo '== tools'
[ -x /usr/bin/unattended-upgrade ] && echo unattended=yes
for stamp in /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists; do
  [ -e "$stamp" ] && echo "checked=$(stat -c %Y "$stamp")" && break
done
echo "kernel=$(uname -r)"
echo '== reboot'
[ -e /run/reboot-required ] && echo /run/reboot-required
[ -r /run/reboot-required.pkgs ] && head -n 20 /run/reboot-required.pkgs
echo '== modules'
for folder in /usr/lib/modules/*/; do [ -d "$folder" ] && echo "$folder"; done
echo '== offline'
for link in /system-update /etc/system-update; do
  [ -L "$link" ] && echo "link=$link" && echo "to=$(readlink "$link")" && break
done
echo '== os-release'
head -c 20000 /etc/os-release
echo
echo '== version'
[ -r /etc/debian_version ] && head -c 100 /etc/debian_version
echo '== held'
$soon apt-mark showhold 2>/dev/null | head -n 200
echo '== upgrade'
found=$($soon apt-get -s -q -o Debug::NoLocking=1 dist-upgrade 2>/dev/null)
echo "exit=$?"
echo "$found" | grep '^Inst ' | head -n 1000
echo '== end'
