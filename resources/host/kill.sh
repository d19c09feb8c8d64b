# quarterdeck kill 1: ends the process group $1, first politely.
# No "--" before the group: dash's own kill does not know it.
send() {
  kill "-$1" "-$2" 2>/dev/null
  if command -v pgrep >/dev/null 2>&1; then pgrep -g "$2" >/dev/null 2>&1 || exit 0; fi
  [ "$(id -u)" = 0 ] || sudo -n kill "-$1" "-$2" 2>/dev/null
}
send TERM "$1"
sleep 1
send KILL "$1"
