# quarterdeck sampler (sh) 1: the same lines as sampler.awk, with nothing but a POSIX shell's built-ins.
gauge() {
  eval "was=\${last_$1-}"
  if [ "$2" = "$was" ]; then out=$out,; else out=$out,$2; eval "last_$1=\$2"; fi
}
count() {
  eval "was=\${last_$1-0}"
  if [ "$2" = "$was" ]; then out=$out,; else out=$out,$(($2 - was)); eval "last_$1=\$2"; fi
}
pressure() {
  some=- full=-
  if [ -r "/proc/pressure/$1" ]; then
    { read -r word some rest; read -r word full rest; } <"/proc/pressure/$1" 2>/dev/null
    some=${some#avg10=} full=${full#avg10=}
  fi
}
sample() {
  out=s
  read -r up rest </proc/uptime
  count 1 $((${up%.*} * 100 + 1${up#*.} - 100))
  read -r word user nice system idle iowait irq softirq steal rest </proc/stat
  count 2 $((user + nice + system + irq + softirq + ${steal:-0}))
  count 3 "$idle"
  count 4 "$iowait"
  count 5 "${steal:-0}"
  read -r one five fifteen running rest </proc/loadavg
  gauge 6 "${running%%/*}"
  gauge 7 "$one"
  gauge 8 "$five"
  gauge 9 "$fifteen"
  total=0 available=0 swap=0 swapfree=0
  while read -r word value rest; do
    case $word in
      MemTotal:) total=$value ;;
      MemAvailable:) available=$value ;;
      SwapTotal:) swap=$value ;;
      SwapFree:) swapfree=$value; break ;;
    esac
  done </proc/meminfo
  gauge 10 "$total"
  gauge 11 "$available"
  gauge 12 "$swap"
  gauge 13 "$swapfree"
  pressure cpu
  gauge 14 "$some"
  pressure memory
  gauge 15 "$some"
  gauge 16 "$full"
  pressure io
  gauge 17 "$some"
  gauge 18 "$full"
  received=0 sent=0
  while read -r name a b c d e f g h i rest; do
    case $name in
      lo* | veth* | docker* | br[-0-9]* | virbr* | cni* | cali* | flannel* | vxlan* | dummy* | ifb* | bond* | team* | tun* | tap* | wg* | tailscale* | vnet* | sit* | gre* | ip6* | *.*) ;;
      *:) received=$((received + a)) sent=$((sent + i)) ;;
      *:*) received=$((received + ${name#*:})) sent=$((sent + h)) ;;
    esac
  done </proc/net/dev
  count 19 $received
  count 20 $sent
  reads=0 writes=0
  while read -r major minor name a b c d e f g rest; do
    case $name in
      loop* | ram* | zram* | dm-* | md* | sr* | fd* | nvme*p* | mmcblk*p* | mmcblk*boot* | nbd*p*) ;;
      sd*[0-9] | vd*[0-9] | xvd*[0-9] | hd*[0-9] | dasd*[0-9]) ;;
      sd* | vd* | xvd* | hd* | dasd* | nvme*n* | mmcblk* | nbd*) reads=$((reads + c)) writes=$((writes + g)) ;;
    esac
  done </proc/diskstats
  count 21 $reads
  count 22 $writes
  while :; do case $out in *,) out=${out%,} ;; *) break ;; esac; done
}
read -r boot </proc/sys/kernel/random/boot_id
echo "quarterdeck 1 sh $boot"
while read -r tick; do
  case $tick in
    .) echo . ;;
    s) sample; echo "$out" ;;
  esac
done
