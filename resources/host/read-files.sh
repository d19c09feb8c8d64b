# quarterdeck read files 1: $1 is the most bytes of a file to show, the rest are paths; see README.md.
LC_ALL=C
export LC_ALL
qd_most=$1
shift
echo '== quarterdeck files'
for qd_file; do
  if [ -L "$qd_file" ]; then echo link
  elif [ ! -e "$qd_file" ]; then
    # A folder that cannot be entered says nothing of what is in it.
    qd_folder=$qd_file
    while qd_folder=${qd_folder%/*} && [ -n "$qd_folder" ] && [ ! -d "$qd_folder" ]; do :; done
    if [ -x "${qd_folder:-/}" ]; then echo absent; else echo unreadable; fi
  elif [ ! -f "$qd_file" ]; then echo other
  elif [ ! -r "$qd_file" ]; then echo unreadable
  else
    qd_hash=$(sha256sum <"$qd_file")
    qd_facts=$(stat -c '%a %u %g %Y %s %C' "$qd_file" 2>/dev/null)
    qd_size=${qd_facts% *}
    qd_size=${qd_size##* }
    echo "file ${qd_hash%% *} $qd_facts"
    [ "$qd_size" -gt "$qd_most" ] || { head -c "$qd_size" "$qd_file"; echo; }
  fi
done
echo '== end'
