# quarterdeck rpm-ostree 1: deployments, and how Zincati stands. Nothing is printed but "absent" where this is no ostree system.
LC_ALL=C SYSTEMD_COLORS=0 SYSTEMD_PAGER=
export LC_ALL SYSTEMD_COLORS SYSTEMD_PAGER
soon=
command -v timeout >/dev/null 2>&1 && soon='timeout 20'
if [ ! -e /run/ostree-booted ] || ! command -v rpm-ostree >/dev/null 2>&1; then
  echo '== absent'
  echo yes
  echo '== end'
  exit 0
fi
echo '== zincati'
$soon systemctl show -p LoadState -p ActiveState -p UnitFileState -p StatusText zincati.service 2>/dev/null
echo '== automatic'
$soon systemctl show -p LoadState -p ActiveState rpm-ostreed-automatic.timer 2>/dev/null
echo '== os-release'
head -c 20000 /etc/os-release
echo
echo '== fragments'
for folder in /usr/lib/zincati/config.d /etc/zincati/config.d /run/zincati/config.d; do
  for file in "$folder"/*.toml; do
    [ -e "$file" ] || continue
    echo "fragment=$file"
    [ -r "$file" ] && head -c 8000 "$file"
    echo
  done
done
echo '== holds'
for file in /var/lib/quarterdeck/holds/*; do
  [ -r "$file" ] && echo "hold=${file##*/} $(head -c 200 "$file" | head -n 1)"
done
echo '== ostree'
$soon rpm-ostree status --json 2>/dev/null | head -c 200000 | tr -d '\n\t'
echo
echo '== end'
