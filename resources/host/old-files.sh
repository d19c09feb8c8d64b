# quarterdeck old-files 1: which processes still run files that were replaced or removed since; $1 is "sudo" where root's rights
# cost no question, else "plain"; $2 is old-files.awk. One grep over all processes, one awk: none for each of them.
LC_ALL=C
export LC_ALL
look='
PATH=$PATH:/usr/sbin:/sbin
soon=
command -v timeout >/dev/null 2>&1 && soon="timeout 30"
echo "== seen"
[ -n "$(head -c 1 /proc/1/maps 2>/dev/null)" ] && echo "all=yes"
command -v awk >/dev/null 2>&1 || echo "awk=no"
[ "$(id -u)" = 0 ] && echo "root=yes"
echo "tick=$(getconf CLK_TCK 2>/dev/null || echo 100)"
echo "booted=$(sed -n "s/^btime //p" /proc/stat)"
init=$(sed -n "s/^0:://p" /proc/1/cgroup 2>/dev/null)
case $init in "" | /) init=$(sed -n "s/^[0-9]*:name=systemd://p" /proc/1/cgroup 2>/dev/null) ;; esac
echo "init=$init"
maps="^[0-9a-f]+-[0-9a-f]+ ..x. [0-9a-f]+ [0-9a-f:]+ [0-9]+ +/(usr|lib[0-9a-z]*|bin|sbin|opt)/.* \(deleted\)$"
found=$({ $soon grep -aHsE "$maps" /proc/[0-9]*/maps; echo "end=$?"; } | awk "$1" 2>/dev/null)
echo "== old"
printf "%s\n" "$found"
paths=$(printf "%s\n" "$found" | sed -n "s/^F \(\/[A-Za-z0-9\/._+:@-]*\)$/\1/p" | sort -u | head -n 120)
[ -n "$paths" ] || exit 0
echo "== now"
stat -c "%Z %n" -- $paths 2>/dev/null
if command -v dpkg-query >/dev/null 2>&1; then
  echo "== dpkg"
  $soon dpkg-query -S -- $paths $(printf "%s\n" "$paths" | sed -n "s/^\/usr\(\/s*bin\/\)/\1/p; s/^\/usr\(\/lib[0-9a-z]*\/\)/\1/p") 2>/dev/null | head -n 300
elif command -v rpm >/dev/null 2>&1; then
  echo "== rpm"
  for path in $(printf "%s\n" "$paths" | head -n 20); do
    [ -e "$path" ] && name=$($soon rpm -qf --qf "%{NAME}\n" -- "$path" 2>/dev/null | head -n 1) && echo "$name: $path"
  done
fi
'
if [ "$1" = sudo ]; then timeout 90 sudo -n /bin/sh -c "$look" quarterdeck-old-files "$2" </dev/null 2>/dev/null | head -c 380000
else /bin/sh -c "$look" quarterdeck-old-files "$2" </dev/null 2>/dev/null | head -c 380000
fi
echo '== end'
