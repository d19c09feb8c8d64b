# quarterdeck old-files (awk) 1: reads lines of `grep -aH` over /proc/PID/maps, `/proc/PID/maps:RANGE PERMS OFFSET DEV INODE PATH (deleted)`,
# and `end=CODE` of that grep; tells cgroups and their old files, at most so many. POSIX awk: mawk, gawk and busybox.
function learn(pid,   line, all, rest, f, path, named, comm) {
  path = ""; named = ""; all = ""
  while ((getline line < ("/proc/" pid "/cgroup")) > 0) {
    if (line ~ /^0::/) path = substr(line, 4)
    else if (line ~ /^[0-9]+:name=systemd:/) { sub(/^[^:]*:[^:]*:/, "", line); named = line }
  }
  close("/proc/" pid "/cgroup")
  # Where both are, systemd keeps its units in the one that is not all root.
  if (path == "" || path == "/") path = named
  gsub(/[^!-~]/, "?", path)
  # A program may be called anything, also `) R 1`: its name ends at the last bracket of all lines.
  while ((getline line < ("/proc/" pid "/stat")) > 0) all = all line " "
  close("/proc/" pid "/stat")
  if (!match(all, /.*\)/)) return ""
  comm = substr(all, index(all, "(") + 1, RLENGTH - index(all, "(") - 1)
  gsub(/[^!-~]/, "?", comm)
  gsub(/,/, "?", comm)
  rest = substr(all, RLENGTH + 2)
  split(rest, f, " ")
  if (f[20] !~ /^[0-9]+$/) return ""
  if (path == "") path = "/"
  if (!(path in processes)) {
    if (groups >= 150) { more++; return "" }
    order[++groups] = path; start[path] = f[20] + 0
  }
  processes[path]++
  if (f[20] + 0 < start[path]) start[path] = f[20] + 0
  if (!((path, comm) in called) && names[path] < 5) {
    called[path, comm] = 1; names[path]++
    comms[path] = comms[path] (comms[path] == "" ? "" : ",") substr(comm, 1, 40)
  }
  return path
}
/^end=/ { if ($0 == "end=124" || $0 == "end=137") cut = 1; next }
{
  pid = substr($0, 7); sub(/\/.*/, "", pid)
  at = index($0, " /")
  if (pid !~ /^[0-9]+$/ || at == 0) next
  path = substr($0, at + 1, length($0) - at - 10)
  # What the package managers call a file while they replace it.
  sub(/;[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]$/, "", path)
  sub(/\.dpkg-(new|tmp)$/, "", path)
  if ((pid, path) in seen) next
  if (++count > 20000) { cut = 1; next }
  seen[pid, path] = 1
  if (!(pid in group)) group[pid] = learn(pid)
  of = group[pid]
  if (of == "" || (of, path) in told) next
  told[of, path] = 1
  if (++files[of] <= 5) file[of, files[of]] = path
}
END {
  for (g = 1; g <= groups; g++) {
    of = order[g]
    print "G " processes[of] " " start[of] " " (files[of] + 0) " " substr(of, 1, 400) " " comms[of]
    for (at = 1; at <= files[of] && at <= 5; at++) print "F " substr(file[of, at], 1, 400)
  }
  if (more) print "more=" more
  if (cut) print "cut=yes"
}
