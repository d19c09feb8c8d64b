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

# start_cage COMMAND: runs "lab COMMAND" as the first process of a new cage, which ends with process $LAB_OWNER if that is
# set.  $STATE/settings must be written.
start_cage() {
  local scope=()
  if has_systemd; then scope=(systemd-run --quiet --scope --collect --property=Delegate=yes --unit="$NAME")
  else mkdir -p "$CAGE_CGROUP"; fi
  mkfifo "$STATE/orders"
  (
    exec 9>&- </dev/null >>"$STATE/log" 2>&1
    cd /
    exec setsid "${scope[@]}" bash -c '
      mkdir -p "$1/cage" && echo $$ >"$1/cage/cgroup.procs"
      for controller in $(<"$1/cgroup.controllers"); do echo "+$controller" >"$1/cgroup.subtree_control"; done 2>/dev/null
      [ -z "$4" ] || { tail --pid="$4" -f /dev/null; echo 1 >"$1/cgroup.kill"; } &
      exec unshare --mount --propagation private --pid --fork --kill-child -- "$2" "$3"' - \
      "$CAGE_CGROUP" "$SELF" "$1" "${LAB_OWNER:-}"
  ) &
  wait_for 10 cage_runs || die "the cage did not start, see $STATE/log"
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
  [ -e "$1/cgroup.procs" ] || return 0
  sed 's|.*|/proc/&/status|' "$1/cgroup.procs" | xargs -r grep -lsE $'^NSpid:.*\t1$' | cut -d/ -f3 | head -1 || true
}
cage_pid()  { first_process "${CAGE_CGROUP:-/nowhere}/cage"; }
cage_runs() { [ -n "$(cage_pid)" ]; }
need_up()   { cage_runs || die "$NAME is not up (run: lab up)"; }
in_cage()   { nsenter --target "$(cage_pid)" --mount -- "$@"; }

# Ends everything in a cgroup at once and removes it.
end_cgroup() {
  [ -d "$1" ] || return 0
  echo 1 >"$1/cgroup.kill"
  wait_for 20 cgroup_empty "$1" || die "processes in $1 do not end"
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
