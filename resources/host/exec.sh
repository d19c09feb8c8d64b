# quarterdeck exec 1: tells its process group, then runs $1.
qd_command=$1
shift
echo "quarterdeck 1 exec $$"
eval "$qd_command"
