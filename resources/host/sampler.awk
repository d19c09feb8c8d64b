# quarterdeck sampler (awk) 1: one line in, one line out; see README.md. Reads /proc only, starts no process.
function gauge(value) {
  at++
  out = out ","
  if (value != last[at]) { out = out value; last[at] = value }
}
function count(value) {
  at++
  out = out ","
  if (value != last[at]) { out = out sprintf("%.0f", value - last[at]); last[at] = value }
}
function first(file, line) {
  line = ""
  getline line < file
  close(file)
  return line
}
function pressure(kind, full, line, file, part, n) {
  file = "/proc/pressure/" kind
  if (nopressure) { gauge("-"); if (full) gauge("-"); return }
  if ((getline line < file) <= 0) { nopressure = 1; gauge("-"); if (full) gauge("-"); return }
  split(line, part, /[ =]/)
  gauge(part[3])
  if (full) {
    part[3] = 0
    if ((getline line < file) > 0) split(line, part, /[ =]/)
    gauge(part[3])
  }
  close(file)
}
function sample(line, f, n, total, available, swap, swapfree, received, sent, reads, writes) {
  at = 0
  out = "s"
  split(first("/proc/uptime"), f, " ")
  count(f[1] * 100)
  split(first("/proc/stat"), f, " ")
  count(f[2] + f[3] + f[4] + f[7] + f[8] + f[9])
  count(f[5])
  count(f[6])
  count(f[9])
  split(first("/proc/loadavg"), f, " ")
  split(f[4], n, "/")
  gauge(n[1])
  gauge(f[1])
  gauge(f[2])
  gauge(f[3])
  total = available = swap = swapfree = 0
  while ((getline line < "/proc/meminfo") > 0) {
    if (line ~ /^MemTotal/) { split(line, f, " "); total = f[2] }
    else if (line ~ /^MemAvailable/) { split(line, f, " "); available = f[2] }
    else if (line ~ /^SwapTotal/) { split(line, f, " "); swap = f[2] }
    else if (line ~ /^SwapFree/) { split(line, f, " "); swapfree = f[2]; break }
  }
  close("/proc/meminfo")
  gauge(total)
  gauge(available)
  gauge(swap)
  gauge(swapfree)
  pressure("cpu", 0)
  pressure("memory", 1)
  pressure("io", 1)
  received = sent = 0
  while ((getline line < "/proc/net/dev") > 0) {
    if (line !~ /:/ || line ~ /^ *(lo|veth|docker|br[-0-9]|virbr|cni|cali|flannel|vxlan|dummy|ifb|bond|team|tun|tap|wg|tailscale|vnet|sit|gre|ip6)[^:]*:/ || line ~ /^ *[^:]*[.][^:]*:/) continue
    sub(/^[^:]*:/, "", line)
    split(line, f, " ")
    received += f[1]
    sent += f[9]
  }
  close("/proc/net/dev")
  count(received)
  count(sent)
  reads = writes = 0
  while ((getline line < "/proc/diskstats") > 0) {
    if (line !~ / ([svhx]v?d[a-z]+|dasd[a-z]+|nvme[0-9]+n[0-9]+|mmcblk[0-9]+|nbd[0-9]+) /) continue
    split(line, f, " ")
    reads += f[6]
    writes += f[10]
  }
  close("/proc/diskstats")
  count(reads)
  count(writes)
  sub(/,+$/, "", out)
}
BEGIN { print "quarterdeck 1 awk " first("/proc/sys/kernel/random/boot_id"); fflush() }
$0 == "." { print "."; fflush(); next }
$0 == "s" { sample(); print out; fflush(); next }
