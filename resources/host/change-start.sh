# quarterdeck change start 3: delivers the program of a change or uses the one that is there, runs it so that it outlives
# this connection, and prints the change's lines of the journal. The program is in qd_program, else on standard input
# behind a marker. Words: base id verb token more folder… (of copies for validators).
LC_ALL=C
export LC_ALL
umask 077
qd_base=$1 qd_id=$2 qd_verb=$3 qd_token=$4 qd_more=${5-}
qd_dir=$qd_base/changes/$qd_id
qd_first=no
qd_old=no
# Whoever was replaced may send its change late: when nothing of it came here yet, or after it was taken back.
qd_fences=$qd_base/fences
if [ "$qd_verb" = fence ]; then
  mkdir -p "$qd_fences" && printf '%s\n' "$qd_token" >"$qd_fences/$qd_id"
  find "$qd_fences" -type f -mtime +30 -exec rm -f {} +
elif [ -r "$qd_fences/$qd_id" ] && read -r qd_fence <"$qd_fences/$qd_id" && [ "$qd_token" -lt "$qd_fence" ]; then
  qd_old=yes
fi
if [ "$qd_verb" = apply ] && [ "$qd_old" = yes ]; then
  printf '%s\n' "$(date +%s) $qd_id $qd_token old-token token $qd_token was replaced by $qd_fence" >>"$qd_base/journal"
elif [ "$qd_verb" = apply ]; then
  shift 5
  for qd_folder; do
    set -- "$@" "$qd_dir/staged$qd_folder"
    shift
  done
  [ -d "$qd_dir" ] || qd_first=yes
  # A password that sudo did not ask for after all stands before the marker.
  [ -n "${qd_program-}" ] || while IFS= read -r qd_line; do [ "$qd_line" = '# quarterdeck program' ] && break; done
  mkdir -p "$qd_dir/before" "$@" || { echo "$qd_base cannot be written" >&2; exit 74; }
  # Cut short it does nothing; one that is there may be running, and is replaced, not written into.
  if [ -z "${qd_program-}" ] || [ -e "$qd_dir/program" ] || ! { set -C; printf %s "$qd_program" >"$qd_dir/program"; } 2>/dev/null; then
    set +C
    if [ -n "${qd_program-}" ]; then printf %s "$qd_program"; else cat; fi >"$qd_dir/program.new" &&
      mv -f "$qd_dir/program.new" "$qd_dir/program" || { echo "$qd_base cannot be written" >&2; exit 74; }
  fi
  set +C
fi
qd_told=
# Tells how it ended and where the change stands; in one piece where the lines were heard, which costs one message.
qd_tell() {       # exit code
  qd_is=none
  for qd_one in begun armed applied restoring not-restored; do
    [ ! -e "$qd_base/changes/$qd_id/is-$qd_one" ] || qd_is=$qd_one
  done
  if [ -n "$qd_told" ]; then printf '== quarterdeck change %s %s\n%s== end\n' "$1" "$qd_is" "$qd_told"
  else
    echo "== quarterdeck change $1 $qd_is"
    [ ! -r "$qd_base/journal" ] || grep -F " $qd_id " "$qd_base/journal"
    echo "== end"
  fi
}
qd_code=0
if [ "$qd_verb" = apply ] && [ "$qd_old" = yes ]; then qd_code=76
elif [ ! -e "$qd_dir/program" ] || [ "$qd_verb" = read ]; then :
elif [ "$qd_verb" = confirm ] || [ "$qd_verb" = fence ]; then
  # Short, and it does no harm to be cut off in it: run here, without another unit.
  exec 8>&1 >/dev/null </dev/null
  qd_heard=yes
  trap 'qd_tell $? >&8' EXIT
  set -- "$qd_verb" "$qd_token"
  qd_part=asked
  . "$qd_dir/program"
  # One that was cut short does nothing.
  [ "$qd_part" = read ] || exit 70
  if [ "$qd_verb" = confirm ]; then qd_confirm; else qd_enter; fi
  exit
elif [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
  # One run of a change at a time; a run whose console was cut off is waited for.
  qd_unit=quarterdeck-change-$qd_id
  [ "$qd_first" = yes ] || while systemctl is-active --quiet "$qd_unit.service"; do sleep 0.2; done
  systemd-run --quiet --collect --wait --unit="$qd_unit" /bin/sh "$qd_dir/program" "$qd_verb" "$qd_token" "$qd_more" </dev/null
  qd_code=$?
elif [ "$qd_verb" = apply ] && [ -n "${qd_program-}" ]; then
  # A session of its own would be two programs more. This shell, which stands alone already, goes on without its console.
  exec 8>&1 >/dev/null 2>&1 </dev/null
  qd_heard=yes
  trap 'qd_tell $? >&8' EXIT
  set -- apply "$qd_token" "$qd_more"
  qd_part=
  eval "$qd_program"
else
  setsid /bin/sh "$qd_dir/program" "$qd_verb" "$qd_token" "$qd_more" </dev/null >/dev/null 2>&1 &
  wait $!
  qd_code=$?
fi
qd_tell "$qd_code"
