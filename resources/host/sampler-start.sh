# quarterdeck sampler start 1: $1 is the awk program, $2 the shell one, $3 "auto" or "sh".
LC_ALL=C
export LC_ALL
if [ "$3" = auto ]; then
  command -v mawk >/dev/null 2>&1 && exec mawk -W interactive "$1"
  command -v gawk >/dev/null 2>&1 && exec gawk "$1"
  command -v awk >/dev/null 2>&1 && exec awk "$1"
fi
exec /bin/sh -c "$2"
