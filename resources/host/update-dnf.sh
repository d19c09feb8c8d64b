# quarterdeck dnf 1: what waits and who brings it, out of dnf's cache alone.
LC_ALL=C SYSTEMD_COLORS=0 SYSTEMD_PAGER=
export LC_ALL SYSTEMD_COLORS SYSTEMD_PAGER
soon=
command -v timeout >/dev/null 2>&1 && soon='timeout 30'
if ! command -v dnf >/dev/null 2>&1; then
  echo '== absent'
  echo yes
  echo '== end'
  exit 0
fi
echo '== timer'
for timer in dnf-automatic.timer dnf-automatic-install.timer dnf5-automatic.timer; do
  if [ "$($soon systemctl is-active "$timer" 2>/dev/null)" = active ]; then found=$timer; break; fi
done
echo "name=${found:-dnf-automatic.timer}"
$soon systemctl show -p LoadState -p ActiveState -p UnitFileState "${found:-dnf-automatic.timer}" 2>/dev/null
echo '== run'
$soon systemctl show -p ActiveState -p Result dnf-automatic.service 2>/dev/null
echo '== ours'
$soon systemctl show -p ActiveState quarterdeck-update.service 2>/dev/null
echo '== conf'
[ -r /etc/dnf/automatic.conf ] && head -c 10000 /etc/dnf/automatic.conf
echo
echo '== os-release'
head -c 20000 /etc/os-release
echo
echo '== tools'
found=$($soon dnf -q --cacheonly needs-restarting -r 2>/dev/null)
echo "restart=$?"
echo "kernel=$(uname -r)"
echo '== since-boot'
echo "$found" | head -n 60
echo '== reboot'
[ -e /run/reboot-required ] && echo /run/reboot-required
[ -r /run/reboot-required.pkgs ] && head -n 20 /run/reboot-required.pkgs
echo '== modules'
for folder in /usr/lib/modules/*/; do [ -d "$folder" ] && echo "$folder"; done
echo '== offline'
for link in /system-update /etc/system-update; do
  [ -L "$link" ] && echo "link=$link" && echo "to=$(readlink "$link")" && break
done
echo '== locked'
found=$($soon dnf -q --cacheonly versionlock list 2>/dev/null)
echo "exit=$?"
echo "$found" | head -n 300
echo '== check'
found=$($soon dnf -q --cacheonly check-update 2>/dev/null)
echo "exit=$?"
echo "$found" | head -n 1000
echo '== security'
$soon dnf -q --cacheonly check-update --security 2>/dev/null | head -n 1000
echo '== end'
