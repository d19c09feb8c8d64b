# A cage: one process tree that cannot outlive its first process.

cgroup_mount() { findmnt --noheadings --first-only --types cgroup2 --output TARGET || true; }
has_systemd()  { [ -d /run/systemd/system ]; }
load_settings() { [ ! -e "$STATE/settings" ] || . "$STATE/settings"; }

# Where the cage's cgroup is or will be; on a machine run by systemd a scope, elsewhere a child of the caller's own.
plan_cgroup() {
  CGROUP_MOUNT=$(cgroup_mount)
  if has_systemd; then CAGE_CGROUP=$CGROUP_MOUNT/system.slice/$NAME.scope
  else CAGE_CGROUP=$CGROUP_MOUNT$(sed -n 's/^0:://p' /proc/self/cgroup); CAGE_CGROUP=${CAGE_CGROUP%/}/$NAME; fi
}

# start_cage COMMAND: runs "lab COMMAND" in a new cage.  $STATE/settings must be written.
start_cage() {
  local scope=()
  ! has_systemd || scope=(systemd-run --quiet --scope --collect --property=Delegate=yes --unit="$NAME")
  mkfifo "$STATE/orders"
  (
    exec 9>&- </dev/null >>"$STATE/log" 2>&1
    cd /
    exec setsid "${scope[@]}" "$SELF" "$1"
  ) &
  wait_for "$TIMEOUT" cage_runs || die "the cage did not start, see $STATE/log"
}

# enter_cage COMMAND [inside]: starts this command over as the first process of the cage, and returns only there.
# The cage ends with process $LAB_OWNER if that is set.
enter_cage() {
  local controller
  [ "${2:-}" != inside ] || return 0
  mkdir -p "$CAGE_CGROUP/cage"
  echo $$ >"$CAGE_CGROUP/cage/cgroup.procs"
  for controller in $(<"$CAGE_CGROUP/cgroup.controllers"); do
    echo "+$controller" >"$CAGE_CGROUP/cgroup.subtree_control" || true
  done 2>/dev/null
  [ -z "${LAB_OWNER:-}" ] || { tail --pid="$LAB_OWNER" -f /dev/null; echo 1 >"$CAGE_CGROUP/cgroup.kill"; } &
  exec unshare --mount --propagation private --pid --fork --kill-child -- "$SELF" "$1" inside
}

# wait_for SECONDS COMMAND…: tries until it succeeds.
wait_for() {
  local end=$((SECONDS + $1)); shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.1
  done
}

# first_process CGROUP: the machine's PID of the process that is PID 1 of its own namespace.
first_process() {
  local pid status line
  [ -e "$1/cgroup.procs" ] || return 0
  mapfile -t status <"$1/cgroup.procs" || return 0
  for pid in "${status[@]}"; do
    mapfile -t status <"/proc/$pid/status" || continue         # it has just ended
    for line in "${status[@]}"; do [[ $line != NSpid:*$'\t1' ]] || { echo "$pid"; return 0; }; done
  done 2>/dev/null
}
cage_pid()  { first_process "${CAGE_CGROUP:-/nowhere}/cage"; }
cage_runs() { [ -n "$(cage_pid)" ]; }
need_up()   { cage_runs || die "$NAME is not up (run: lab up)"; }
in_cage()   { nsenter --target "$(cage_pid)" --mount -- "$@"; }

# Ends everything in a cgroup at once.
end_processes() {
  { echo 1 >"$1/cgroup.kill"; } 2>/dev/null || true       # it may just have ended
  wait_for 20 cgroup_empty "$1" || die "processes in $1 do not end"
}
end_cgroup() {
  [ -d "$1" ] || return 0
  end_processes "$1"
  wait_for 5 cgroup_removed "$1" || die "cannot remove $1"
}
cgroup_empty()   { ! grep -qs 'populated 1' "$1/cgroup.events"; }
cgroup_removed() { find "$1" -depth -type d -exec rmdir {} + 2>/dev/null || true; [ ! -d "$1" ]; }

# Removes the cage and all it left, however it ended.
wipe_cage() {
  [ -n "${CAGE_CGROUP:-}" ] || plan_cgroup
  end_cgroup "$CAGE_CGROUP"
  [ ! -e "$STATE/settings" ] || rm -rf --one-file-system "$STATE"
}

# new_state VARIABLE…: an empty state folder that remembers these variables for later commands.
new_state() {
  plan_cgroup
  mkdir -m 755 "$STATE" 2>/dev/null || [ -z "$(ls -A "$STATE")" ] || die "$STATE exists and is not a lab's"
  declare -p CGROUP_MOUNT CAGE_CGROUP PORT_BASE "$@" | sed 's/^declare/declare -g/' >"$STATE/settings"
}
