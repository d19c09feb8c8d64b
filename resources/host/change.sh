# quarterdeck change 1: one change of files and units on this host, whole or not at all; see README.md.
# Above this text stand qd_base, qd_id, qd_note, qd_count (files), qd_checks (validators), qd_staging (yes when one wants copies),
# qd_reloads (yes when an action makes systemd read all units anew) and the functions qd_files, qd_content, qd_validators, qd_actions, qd_undo.
LC_ALL=C SYSTEMD_COLORS=0 SYSTEMD_PAGER=
export LC_ALL SYSTEMD_COLORS SYSTEMD_PAGER
umask 077
qd_dir=$qd_base/changes/$qd_id
qd_journal=$qd_base/journal
qd_guard=quarterdeck-guard-$qd_id
qd_guard_file=/etc/systemd/system/$qd_guard.service
qd_guard_link=/etc/systemd/system/multi-user.target.wants/$qd_guard.service
qd_lf='
'
# The clock is asked once, and mostly told by the way: date is a process.
qd_booted=
qd_clock() {      # seconds since 1970
  qd_booted=$(($1 - qd_uptime))
}
qd_up() { read -r qd_uptime qd_rest </proc/uptime; qd_uptime=${qd_uptime%%.*}; }

# Lists paths, to be words of one program instead of many; each is kept in a variable of its own.
qd_listed= qd_names=0
qd_list() {
  for qd_name; do
    qd_names=$((qd_names + 1))
    eval "qd_name_$qd_names=\$qd_name"
    qd_listed="$qd_listed \"\$qd_name_$qd_names\""
  done
}
qd_sync() {
  [ -z "$qd_listed" ] || eval "sync $qd_listed" || return 1
  qd_listed=
}

# One line of the journal; mostly starts no process.
qd_step() {
  qd_up
  [ -n "$qd_booted" ] || qd_clock "$(date +%s)"
  set -f
  # Unquoted on purpose: all white space, line ends too, becomes single spaces.
  qd_line "$1" ${2-}
  qd_code=$?
  set +f
  return $qd_code
}
qd_line() {
  set -- "$((qd_booted + qd_uptime)) $qd_id $qd_token $*"
  printf '%s\n' "$1" >>"$qd_journal" || return
  # Who runs it in its own shell need not search for it.
  [ "${qd_heard-}" != yes ] || qd_told=$qd_told$1$qd_lf
}
# Files are made by `true`: where the disk is full, the shell itself would end at a `:` that it cannot redirect.
# What is so from now on, after a power cut too; with it all lines of the journal so far. Each state is a file of its own.
# More that is to be on disk with it may be named.
qd_state() {
  true >"$qd_dir/is-$1" || return 1
  shift
  sync "$qd_dir" "$qd_journal" "$@"
}
qd_now() {
  qd_is=none
  for qd_one in begun armed applied restoring not-restored confirmed; do
    [ ! -e "$qd_dir/is-$qd_one" ] || qd_is=$qd_one
  done
}
qd_systemd() { [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; }

# Nobody else changes this host meanwhile; an owner that was replaced is refused.
qd_enter() {
  exec 9>>"$qd_base/lock" || exit 70
  flock -w "${1:-20}" 9 || { qd_step busy "another change holds the lock"; exit 75; }
  # Over, while this waited.
  [ -e "$qd_dir/program" ] || exit 4
  qd_fence=0
  [ -r "$qd_dir/token" ] && read -r qd_fence <"$qd_dir/token"
  # The host's own timer acts for whoever owns the change now.
  [ "$qd_token" != own ] || qd_token=$qd_fence
  if [ "$qd_token" -lt "$qd_fence" ]; then
    qd_step old-token "token $qd_token was replaced by $qd_fence"
    exit 76
  fi
  [ "$qd_token" -eq "$qd_fence" ] || printf '%s\n' "$qd_token" >"$qd_dir/token"
}

# Everything of this change but its lines in the journal.
qd_forget() {
  set -- "$qd_dir"
  qd_other=
  # Empty where the disk was full: whoever holds the lock made it.
  if [ -r "$qd_base/pending" ]; then
    read -r qd_other <"$qd_base/pending"
    case $qd_other in "$qd_id" | '') set -- "$@" "$qd_base/pending" ;; esac
  fi
  if qd_systemd; then
    # The guard goes first: what it would call goes after it.
    set -- "$qd_guard_link" "$qd_guard_file" "$@"
    rm -rf "$@"
    # Once systemd has read the guard it forgets it only by reading anew.
    if [ "$qd_reloads" = yes ]; then systemctl daemon-reload; fi
  else rm -rf "$@"
  fi
  qd_list "$qd_journal"
  qd_sync
  # The journal of a host is bounded, the newest lines are kept; looked at now and then.
  if [ $((qd_uptime % 8)) = 0 ] && [ "$(stat -c %s "$qd_journal")" -gt 262144 ]; then
    tail -c 131072 "$qd_journal" | sed 1d >"$qd_journal.new" && mv -f "$qd_journal.new" "$qd_journal"
  fi
  return 0
}
qd_say() {
  [ -S /dev/log ] && command -v logger >/dev/null 2>&1 && logger -t quarterdeck -- "$qd_note: $1" 2>/dev/null
  return 0
}
qd_disarm() {
  if qd_systemd; then systemctl stop "quarterdeck-deadman-$qd_id.timer" 2>/dev/null; fi
  return 0
}

# --- it stays ---
qd_name_folder() { [ -e "$qd_dir/same-$1" ] || [ ! -d "${2%/*}/" ] || qd_list "${2%/*}/"; }

qd_confirm() {
  qd_enter
  qd_now
  case $qd_is in applied | confirmed) ;; *) exit 3 ;; esac
  qd_up
  # What the clock said then holds as long as the host was not booted since.
  if [ -r "$qd_dir/booted" ] && read -r qd_then qd_rest <"$qd_dir/booted" && [ "$qd_rest" -le "$qd_uptime" ]; then qd_booted=$qd_then; fi
  # From here on it stays, also for a timer that fires this moment; who comes next writes it down and clears it away.
  true >"$qd_dir/is-confirmed" && qd_step confirmed || { rm -f "$qd_dir/is-confirmed"; exit 74; }
  qd_say "confirmed"
  qd_listed=
  qd_systemd || qd_files qd_name_folder
  qd_forget
  # Last of all: should this end before, the timer comes to do the rest.
  qd_disarm
}

# To confirm and to fence no more is wanted: who runs it in its own shell need not read the rest.
if [ "${qd_part-}" = asked ]; then
  qd_part=read
  return 0
fi

# --- before anything is changed ---
# What stands at a path: absent, link, other, or HASH:MODE:UID:GID.
qd_look() {
  if [ -L "$1" ]; then qd_seen=link
  elif [ ! -e "$1" ]; then qd_seen=absent
  elif [ ! -f "$1" ]; then qd_seen=other
  else
    qd_hash=$(sha256sum <"$1") || return 1
    qd_seen=${qd_hash%% *}:$(stat -c %a:%u:%g "$1")
  fi
}
qd_beside() { qd_temp=${1%/*}/.${1##*/}.quarterdeck-$qd_id; }

# All regular files at once, in the order of the plan: each program that starts costs as much as its work.
qd_name_now() {   # index path
  [ -f "$2" ] && [ ! -L "$2" ] || return 0
  qd_list "$2"
  qd_regular="$qd_regular $1"
}
qd_read_now() {
  qd_hashes= qd_facts=
  true >"$qd_dir/said" || return 1
  [ -n "$qd_listed" ] || return 0
  qd_hashes=$(eval "sha256sum $qd_listed && exec stat -c '%Y %a:%u:%g' \"\$qd_dir/said\" $qd_listed")$qd_lf || return 1
  qd_facts=$qd_hashes
  for qd_name in $qd_regular; do qd_facts=${qd_facts#*"$qd_lf"}; done
  qd_up
  qd_clock "${qd_facts%%" "*}"
  qd_facts=${qd_facts#*"$qd_lf"}
  qd_listed=
}
qd_next_hash() {
  qd_hash=${qd_hashes%%" "*}
  # A backslash ahead says that the name behind it is written with escapes.
  qd_hash=${qd_hash#\\}
  qd_hashes=${qd_hashes#*"$qd_lf"}
}
qd_compare() {    # index path before after
  case "$qd_regular " in
    *" $1 "*)
      qd_next_hash
      qd_rest=${qd_facts%%"$qd_lf"*}
      qd_facts=${qd_facts#*"$qd_lf"}
      qd_seen=$qd_hash:${qd_rest#*" "}
      ;;
    *)
      qd_look "$2"
      case $qd_seen in *:*) qd_stale="$qd_stale $2 came to be this very moment;" ;; esac
      ;;
  esac
  if [ "$qd_seen" = "$4" ]; then true >"$qd_dir/same-$1"; return 0; fi
  # An attempt that died may have found it so.
  [ ! -e "$qd_dir/same-$1" ] || rm -f "$qd_dir/same-$1"
  qd_unchanged=no
  [ "$qd_seen" = "$3" ] || qd_stale="$qd_stale $2 is $qd_seen, not $3;"
}
# The file itself, by a second name, as it is never written into: another takes its place. A copy where that name would be on
# another disk.
qd_back_up() {    # index path before
  [ "$3" = absent ] || [ -n "$qd_wrong" ] || [ -e "$qd_dir/same-$1" ] && return 0
  qd_backup=$qd_dir/before/$1
  [ "$2" -ef "$qd_backup" ] || ln -f "$2" "$qd_backup" 2>/dev/null || cp -a --remove-destination "$2" "$qd_backup" || {
    qd_wrong="$2 could not be backed up"
    return 0
  }
  qd_list "$qd_backup"
}
qd_stage() {
  [ "$4" = absent ] || [ -n "$qd_wrong" ] && return 0
  [ -d "$qd_dir/staged${2%/*}" ] || mkdir -p "$qd_dir/staged${2%/*}" && qd_content "$1" >"$qd_dir/staged$2" || qd_wrong="$2 could not be staged"
}
# Ends a process and all that it started.
qd_end() {
  qd_children=
  { read -r qd_children <"/proc/$1/task/$1/children"; } 2>/dev/null
  kill -KILL "$1" 2>/dev/null
  for qd_child in $qd_children; do (qd_end "$qd_child"); done
}
# One process beside the program, instead of a program around each validator: it ends one that it sees twice, with a minute in
# between. Where there is no systemd it is the timer as well, once qd_arm said until when.
qd_watch() {      # seconds until it takes itself back
  qd_up
  qd_watcher=$qd_uptime.$$.$qd_token
  printf '%s\n' "$qd_watcher" >"$qd_dir/watch" && qd_checks_now '' || return 1
  # The hang-up of a console that goes must not end it.
  (
    trap '' HUP
    qd_watching "$1"
  ) >/dev/null 2>&1 8>&- 9>&- </dev/null &
}
qd_watching() {   # seconds
  qd_last= qd_rest=$1
  while :; do
    [ "$qd_rest" -le 60 ] || qd_rest=60
    sleep "$qd_rest"
    # Another attempt has a watcher of its own; after the end there is nothing to watch.
    read -r qd_one <"$qd_dir/watch" && [ "$qd_one" = "$qd_watcher" ] || exit 0
    qd_checking= qd_rest=60
    read -r qd_checking <"$qd_dir/checking"
    if read -r qd_until <"$qd_dir/until"; then
      qd_up
      qd_rest=$((qd_until - qd_uptime))
    fi
    if [ -n "$qd_checking" ]; then
      if [ "$qd_checking" = "$qd_last" ] || [ "$qd_rest" -le 0 ]; then qd_end "$qd_checking"; fi
    fi
    qd_last=$qd_checking
    [ "$qd_rest" -gt 0 ] || exec /bin/sh "$qd_dir/program" restore own deadman
  done
}
# What is validated now, in as many bytes each time: a file that is emptied and filled again is written out at once by ext4.
qd_checks_now() { # process, or nothing
  printf '%-20s\n' "$1" 1<>"$qd_dir/checking"
}
# A validator sees the copy (later the file itself) as $1, and the folder that mirrors / as $QD_ROOT.
qd_validator() {  # when name path snippet
  [ "$1" = "$qd_when" ] && [ -z "$qd_wrong" ] || return 0
  if [ "$1" = staged ]; then qd_file=$qd_dir/staged$3; else qd_file=$3; fi
  (
    exec >"$qd_dir/said" 2>&1 </dev/null 8>&- 9>&-
    QD_ROOT=$qd_dir/staged
    export QD_ROOT
    qd_snippet=$4
    set -- "$qd_file"
    eval "$qd_snippet"
  ) &
  qd_code=$!
  qd_checks_now "$qd_code" || qd_end "$qd_code"
  wait "$qd_code"
  qd_code=$?
  qd_checks_now '' || { qd_wrong="$qd_base cannot be written"; return 0; }
  if [ "$qd_code" = 0 ]; then qd_step valid "$2: $3"
  elif [ "$qd_code" = 137 ]; then qd_wrong="$2 was ended before it said what it thinks of $3: $(head -c 3000 "$qd_dir/said")"
  else qd_wrong="$2 refuses $3 (exit $qd_code): $(head -c 3000 "$qd_dir/said")"; fi
}
qd_arm() {        # seconds
  if qd_systemd; then
    (
      umask 022
      printf '[Unit]\nDescription=Quarterdeck: take back change %s, which nobody confirmed\n[Service]\nType=oneshot\nExecStart=/bin/sh %s/program restore own boot\n' \
        "$qd_id" "$qd_dir" >"$qd_guard_file"
    ) || return 1
    [ -d "${qd_guard_link%/*}" ] || mkdir -p "${qd_guard_link%/*}"
    ln -sf "$qd_guard_file" "$qd_guard_link" || return 1
    systemd-run --quiet --collect --unit="quarterdeck-deadman-$qd_id" --on-active="$1" --timer-property=AccuracySec=100ms \
      --property=Restart=on-abnormal --property=RestartSec=3 /bin/sh "$qd_dir/program" restore own deadman
  else
    qd_up
    # A second more, as the parts of one are not counted.
    printf '%s\n' $((qd_uptime + 1 + $1)) >"$qd_dir/until"
  fi
}
# From here on things may be written: the backups are on disk, and where there is a guard for the next boot, it too.
qd_armed() {
  qd_step armed "$1 s"
  true >"$qd_dir/is-armed" || return 1
  qd_listed=$qd_backups
  qd_list "$qd_dir" "$qd_dir/before" "$qd_dir/program" "$qd_journal"
  # Else nothing would look at it after a power cut: it is brought to disk with the new files, before they are in place.
  if qd_systemd; then qd_list "$qd_guard_file" "${qd_guard_link%/*}" && qd_sync; fi
}

# --- the change ---
qd_write() {
  [ "$4" = absent ] || [ -n "$qd_wrong" ] || [ -e "$qd_dir/same-$1" ] && return 0
  qd_folder=${2%/*}
  while [ ! -d "${qd_folder:-/}" ]; do
    printf '%s\n' "$qd_folder" >>"$qd_dir/folders"
    qd_folder=${qd_folder%/*}
  done
  [ -d "${2%/*}" ] || [ "${2%/*}" = '' ] || mkdir -p -m 755 "${2%/*}" || { qd_wrong="the folder of $2 could not be made"; return; }
  qd_beside "$2"
  # Mode, owner, label and access list of the file it replaces come before its text; the times are its own.
  if [ "$3" = absent ]; then qd_new="$qd_new $1 "
  else cp -a --attributes-only "$2" "$qd_temp" || { qd_wrong="$2 could not be given its attributes"; return; }
  fi
  qd_content "$1" >"$qd_temp" || { qd_wrong="$2 could not be written"; return; }
  if [ "${3#*:}" != "${4#*:}" ]; then
    qd_mode=${4#*:}
    chown "${4#*:*:}" "$qd_temp" && chmod "${qd_mode%%:*}" "$qd_temp" || { qd_wrong="$2 could not be given its owner and mode"; return; }
  fi
  qd_list "$qd_temp"
}
# The last look before the act, at all files at once: what was written is what was planned, and what a person wrote
# meanwhile stays.
qd_name_looks() {
  [ ! -e "$qd_dir/same-$1" ] || return 0
  if [ "$4" != absent ]; then
    qd_beside "$2"
    qd_list "$qd_temp"
  fi
  if [ "$3" = absent ]; then
    { [ ! -e "$2" ] && [ ! -L "$2" ]; } || qd_wrong="$2 was made by somebody else a moment ago"
  elif [ -f "$2" ] && [ ! -L "$2" ]; then qd_list "$2"
  else qd_wrong="$2 was changed by somebody else a moment ago"
  fi
}
qd_judge_looks() {
  [ ! -e "$qd_dir/same-$1" ] || return 0
  if [ "$4" != absent ]; then
    qd_next_hash
    [ "$qd_hash" = "${4%%:*}" ] || qd_wrong="$2 was not written as planned"
  fi
  [ "$3" != absent ] || return 0
  qd_next_hash
  [ "$qd_hash" = "${3%%:*}" ] || qd_wrong="$2 was changed by somebody else a moment ago"
}
qd_look_again() {
  qd_listed=
  qd_files qd_name_looks
  [ -z "$qd_wrong" ] && [ -n "$qd_listed" ] || return 0
  qd_hashes=$(eval "exec sha256sum $qd_listed")$qd_lf || { qd_wrong="what was written could not be read again"; return 0; }
  qd_listed=
  qd_files qd_judge_looks
}
# What stands there is still what would be put back, and with several files, where some time went by, what it was at that look.
qd_is_still() {   # index path before
  if [ "$3" = absent ]; then [ ! -e "$2" ] && [ ! -L "$2" ]
  else
    [ ! -L "$2" ] || return 1
    [ "$2" -ef "$qd_dir/before/$1" ] || { cmp -s "$2" "$qd_dir/before/$1"; return; }
    [ "$qd_count" = 1 ] || { qd_hash=$(sha256sum <"$2") && [ "${qd_hash%% *}" = "${3%%:*}" ]; }
  fi
}
qd_swap() {
  [ -n "$qd_wrong" ] || [ -e "$qd_dir/same-$1" ] && return 0
  qd_is_still "$@" || { qd_wrong="$2 was changed by somebody else a moment ago"; return 0; }
  qd_swapped=yes
  if [ "$4" = absent ]; then rm -f "$2"
  else qd_beside "$2"; mv -f -T "$qd_temp" "$2"; fi || { qd_wrong="$2 could not be put in place"; return 0; }
  case $qd_new in *" $1 "*) command -v restorecon >/dev/null 2>&1 && restorecon "$2" 2>/dev/null ;; esac
  # Brought to disk with the word that it is applied: until then it would be put back anyway.
  qd_list "${2%/*}/"
  qd_step written "$2 $4"
}
qd_sweep() { qd_beside "$2"; rm -f "$qd_temp"; }
qd_systemctl() { qd_said=$(timeout 100 systemctl "$@" 2>&1 8>&- 9>&- </dev/null); }
# What kept failing may not be started for a while, though it would not fail any more; systemd refuses at once, not always
# saying that this is why. So what fails at once is forgotten, and asked for once more.
qd_again() {
  case $1 in start | restart | reload-or-restart) ;; *) return 1 ;; esac
  qd_up
  [ "$((qd_uptime - qd_asked))" -le 1 ] && systemctl reset-failed "$2" 2>/dev/null && qd_systemctl "$@"
}
# The running name becomes what the file says; where there is none it stays as it is. Nothing is started for it.
qd_hostname() {
  qd_name=
  [ ! -r /etc/hostname ] || read -r qd_name </etc/hostname
  [ -z "$qd_name" ] || printf '%s\n' "$qd_name" 2>/dev/null >/proc/sys/kernel/hostname || hostname "$qd_name" 2>/dev/null
}
qd_action() {     # verb unit
  [ -z "$qd_wrong" ] || return 0
  if [ "$1" = set-hostname ]; then
    qd_hostname || { qd_wrong="the host could not be named $qd_name"; return 0; }
    qd_step acted "$1 $qd_name"
    return 0
  fi
  if [ "$1" = daemon-reload ]; then set -- daemon-reload; fi
  qd_up
  qd_asked=$qd_uptime
  qd_systemctl "$@" || qd_again "$@" || {
    # To stop what does not run, or to disable what is no longer there, asks for nothing.
    case $1 in
      stop) ! systemctl is-active --quiet "$2" ;;
      disable) [ -z "$(systemctl show -p UnitFileState --value "$2" 2>/dev/null)" ] ;;
      *) false ;;
    esac || { qd_wrong="systemctl $* failed: $qd_said"; return 0; }
  }
  qd_step acted "$*"
}

# --- taking it back ---
qd_put_back() {
  [ ! -e "$qd_dir/same-$1" ] || return 0
  qd_look "$2"
  [ "$qd_seen" = "$3" ] && return 0
  if [ "$qd_seen" != "$4" ]; then
    qd_left="$qd_left $2 was changed by somebody since and is left as it is;"
    return 0
  fi
  if [ "$3" = absent ]; then rm -f "$2"
  else
    qd_beside "$2"
    cp -a "$qd_dir/before/$1" "$qd_temp" && sync "$qd_temp" && mv -f -T "$qd_temp" "$2"
  fi || { qd_left="$qd_left $2 could not be put back;"; qd_beside "$2"; rm -f "$qd_temp"; return 0; }
  sync "${2%/*}/" 2>/dev/null
  qd_step put-back "$2 $3"
}
qd_take_back() {  # why
  qd_state restoring
  qd_step restoring "$1"
  qd_left= qd_wrong=
  qd_files qd_sweep
  qd_files qd_put_back
  if [ -r "$qd_dir/folders" ]; then while IFS= read -r qd_folder; do rmdir "$qd_folder" 2>/dev/null; done <"$qd_dir/folders"; fi
  # Only what was begun is to be undone.
  if [ -e "$qd_dir/acting" ]; then
    qd_wrong=
    qd_undo qd_action
    [ -z "$qd_wrong" ] || qd_left="$qd_left $qd_wrong;"
  fi
  if [ -z "$qd_left" ]; then
    qd_step restored "$1"
    qd_say "took the change back: $1"
    qd_forget
    # Last of all: should this end before, the timer comes to do the rest.
    qd_disarm
    return 0
  fi
  qd_disarm
  qd_state not-restored
  qd_step not-restored "$qd_left"
  qd_say "could NOT take the change back: $qd_left"
  rm -f "$qd_guard_link" "$qd_guard_file"
  return 1
}
qd_give_up() {    # before anything was changed
  qd_files qd_sweep
  qd_disarm
  qd_step "$1" "$2"
  qd_forget
  exit "$3"
}

qd_apply() {      # seconds until it takes itself back
  qd_enter
  qd_now
  case $qd_is in
    none | begun) ;;
    applied) exit 0 ;;
    *) qd_step busy "this change is $qd_is here"; exit 75 ;;
  esac
  if [ -s "$qd_journal" ] && grep -q "^[0-9]* $qd_id [0-9]* confirmed" "$qd_journal"; then qd_forget; exit 0; fi
  if [ -r "$qd_base/pending" ] && read -r qd_other <"$qd_base/pending" && [ "$qd_other" != "$qd_id" ]; then
    qd_is=none
    qd_mine=$qd_dir qd_dir=$qd_base/changes/$qd_other
    qd_now
    qd_dir=$qd_mine
    case $qd_is in
      # It died before it changed anything, or was over but for this.
      none | begun | confirmed) rm -rf "$qd_base/changes/$qd_other" ;;
      *) qd_give_up busy "change $qd_other is $qd_is here" 75 ;;
    esac
  fi
  qd_stale= qd_unchanged=yes qd_wrong= qd_new= qd_regular= qd_listed=
  qd_files qd_name_now
  qd_read_now || qd_give_up failed "the files could not be read" 74
  qd_files qd_compare
  [ -z "$qd_stale" ] || qd_give_up stale "$qd_stale" 65
  if [ "$qd_unchanged" = yes ] && [ "$qd_count" -gt 0 ]; then qd_give_up unchanged "everything is as planned" 0; fi
  qd_step begun "$qd_note"
  # Not brought to disk yet: until it is armed nothing is changed.
  true >"$qd_dir/is-begun" && printf '%s\n' "$qd_id" >"$qd_base/pending" || qd_give_up failed "$qd_base cannot be written" 74
  if [ "$qd_checks" -gt 0 ] || ! qd_systemd; then qd_watch "$1" || qd_give_up failed "$qd_base cannot be written" 74; fi
  if [ "$qd_staging" = yes ]; then
    qd_files qd_stage
    [ -z "$qd_wrong" ] || qd_give_up failed "$qd_wrong" 74
    qd_when=staged
    qd_validators qd_validator
    [ -z "$qd_wrong" ] || qd_give_up invalid "$qd_wrong" 64
  fi
  # Not before: a second name is seen at the file.
  qd_files qd_back_up
  [ -z "$qd_wrong" ] || qd_give_up failed "$qd_wrong" 74
  qd_backups=$qd_listed qd_listed=
  qd_step backed-up
  qd_arm "$1" || qd_give_up failed "the timer that would take it back could not be set" 74
  qd_armed "$1" || qd_give_up failed "the backup could not be brought to disk" 74
  qd_files qd_write
  [ -n "$qd_wrong" ] || qd_sync || qd_wrong="what was written could not be brought to disk"
  [ -n "$qd_wrong" ] || qd_look_again
  qd_swapped=no
  [ -n "$qd_wrong" ] || qd_files qd_swap
  # Where nothing is in place yet, there is nothing to take back.
  [ -z "$qd_wrong" ] || [ "$qd_swapped" = yes ] || qd_give_up failed "$qd_wrong" 74
  if [ -z "$qd_wrong" ]; then qd_when=in-place; qd_validators qd_validator; fi
  if [ -z "$qd_wrong" ]; then true >"$qd_dir/acting" || qd_wrong="$qd_base cannot be written"; qd_actions qd_action; fi
  if [ -n "$qd_wrong" ]; then
    qd_step failed "$qd_wrong"
    qd_take_back "$qd_wrong"
    exit 1
  fi
  qd_step applied
  printf '%s\n' "$qd_booted $qd_uptime" >"$qd_dir/booted"
  true >"$qd_dir/is-applied" || return 1
  # Without a guard nothing would look at it after a power cut: brought to disk before it is told that it stays.
  if qd_systemd; then qd_list "$qd_dir" "$qd_journal" && qd_sync; fi
}

qd_restore() {    # why
  [ "$1" != boot ] || qd_reloads=yes
  qd_enter 300
  qd_now
  case $qd_is in
    confirmed)
      qd_step confirmed
      qd_forget
      ;;
    none | begun) qd_give_up abandoned "nothing had been changed ($1)" 0 ;;
    *) qd_take_back "$1" ;;
  esac
}

qd_token=$2
qd_verb=$1
shift 2
case $qd_verb in
  apply) qd_apply "$1" ;;
  confirm) qd_confirm ;;
  restore) qd_restore "$1" ;;
  fence) qd_enter ;;
esac
exit
