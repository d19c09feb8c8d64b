# quarterdeck people 1: who is logged in, by logind and by utmp; the session that this runs in is told as "own".
LC_ALL=C SYSTEMD_COLORS=0 SYSTEMD_PAGER=
export LC_ALL SYSTEMD_COLORS SYSTEMD_PAGER
echo '== sessions'
echo "own=$XDG_SESSION_ID"
if command -v loginctl >/dev/null 2>&1; then
  loginctl list-sessions --no-legend 2>/dev/null | head -n 50 | while read -r id rest; do
    case $id in '' | *[!A-Za-z0-9]*) continue ;; esac
    echo "session=$id"
    loginctl show-session -p Name -p TTY -p Display -p Class -p State -p RemoteHost "$id" 2>/dev/null
  done
fi
echo '== who'
who 2>/dev/null | head -n 50
echo '== end'
