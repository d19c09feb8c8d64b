# quarterdeck reboot 1: as root; $1 is the boot that is to end, $2 the decision, $3 its fencing token, $4 a line for the host's journal.
LC_ALL=C
export LC_ALL
umask 077
echo '== reboot'
end() {
  echo "$1"
  echo '== end'
  exit "$2"
}
case $2 in '' | *[!A-Za-z0-9._-]* | .*) end 'failed the decision is no name of a file' 2 ;; esac
case $3 in '' | *[!0-9]*) end 'failed the token is no number' 2 ;; esac
boot=
read -r boot </proc/sys/kernel/random/boot_id
[ -n "$boot" ] || end 'failed the boot id cannot be read' 1
[ "$boot" = "$1" ] || end gone-already 0
seen=/run/quarterdeck/reboots
mkdir -p "$seen" || end 'failed nothing can be written to /run' 1
if command -v flock >/dev/null 2>&1; then
  exec 9>"$seen.lock"
  flock -w 10 9 || end 'failed another reboot is being asked for' 1
fi
last=0
[ -r "$seen/$2" ] && read -r last <"$seen/$2"
case $last in '' | *[!0-9]*) last=0 ;; esac
[ "$3" -ge "$last" ] || end old-token 0
echo "$3" >"$seen/$2.new" && mv -f "$seen/$2.new" "$seen/$2" || end 'failed nothing can be written to /run' 1
logger -t quarterdeck -- "$4" 2>/dev/null || echo "$4" | systemd-cat -t quarterdeck 2>/dev/null
# Told first: what comes after may end this connection.
echo going
systemctl --no-block reboot || end 'failed systemctl would not reboot' 1
echo '== end'
