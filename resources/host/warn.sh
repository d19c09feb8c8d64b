# quarterdeck warn 1: tells everybody who is logged in what $1 says.
LC_ALL=C.UTF-8
export LC_ALL
echo '== warn'
echo "$1" | wall 2>&1 | head -n 5
echo '== end'
