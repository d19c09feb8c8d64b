# quarterdeck bootc 1: images of a bootc host. Asking takes root's rights: $1 is "sudo" where they cost no question, else "plain".
LC_ALL=C SYSTEMD_COLORS=0 SYSTEMD_PAGER=
export LC_ALL SYSTEMD_COLORS SYSTEMD_PAGER
soon=
command -v timeout >/dev/null 2>&1 && soon='timeout 20'
if [ ! -e /run/ostree-booted ] || ! command -v bootc >/dev/null 2>&1; then
  echo '== absent'
  echo yes
  echo '== end'
  exit 0
fi
echo '== timer'
$soon systemctl show -p LoadState -p ActiveState -p UnitFileState bootc-fetch-apply-updates.timer 2>/dev/null
echo '== run'
$soon systemctl show -p ActiveState bootc-fetch-apply-updates.service 2>/dev/null
echo '== ours'
$soon systemctl show -p ActiveState quarterdeck-update.service 2>/dev/null
echo '== os-release'
head -c 20000 /etc/os-release
echo
echo '== holds'
for file in /var/lib/quarterdeck/holds/*; do
  [ -r "$file" ] && echo "hold=${file##*/} $(head -c 200 "$file" | head -n 1)"
done
root=
[ "$1" = sudo ] && root='sudo -n'
echo '== bootc'
$soon $root bootc status --json </dev/null 2>/dev/null | head -c 100000 | tr -d '\n\t'
echo
echo '== end'
