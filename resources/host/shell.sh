# quarterdeck shell 3: $1 is the mark, $2 to $5 are the facts, disks, change and change start scripts; runs framed commands, see README.md.
qd_mark=$1
qd_facts=$2
qd_disks=$3
qd_change=$4
qd_start=$5
shift 5
echo "quarterdeck 1 shell $$"
while IFS= read -r qd_lines; do
  qd_command=
  case $qd_lines in
    bytes\ *)
      # A shell reads byte by byte: where there are many, a program that does not is cheaper.
      qd_command=$(head -c "${qd_lines#* }")
      qd_lines=0
      ;;
  esac
  while [ "$qd_lines" -gt 0 ]; do
    IFS= read -r qd_line || exit
    qd_command="$qd_command$qd_line
"
    qd_lines=$((qd_lines - 1))
  done
  (
    eval "$qd_command"
  ) </dev/null
  qd_code=$?
  printf '%s %d\n' "$qd_mark" "$qd_code"
  printf '%s\n' "$qd_mark" >&2
done
