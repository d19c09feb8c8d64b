# What is done to one host from outside the cage.

# plan_hosts COUNT OS-LIST BEHIND-LIST ETCD: writes the new lab's settings and keys.
plan_hosts() {
  local list i host
  HOSTS=() ETCD=$4
  declare -gA OS=() VIA=()
  IFS=, read -ra list <<<"$2"
  for ((i = 1; i <= $1; i++)); do
    host=node$i
    HOSTS+=("$host")
    OS[$host]=${list[i - 1]:-${list[-1]}}
    case ${OS[$host]} in flatcar | coreos | fcos | bootc | fedora | debian) ;; *) die "unknown system: ${OS[$host]}" ;; esac
  done
  IFS=, read -ra list <<<"$3"
  for i in "${list[@]}"; do
    [ -n "${OS[${i%:*}]:-}" ] && [ -n "${OS[${i#*:}]:-}" ] || die "--behind: no such hosts: $i"
    VIA[${i%:*}]=${i#*:}
  done
  case $ETCD in plain | secure | none) ;; *) die "--etcd: plain, secure or none" ;; esac
  for host in "${HOSTS[@]}"; do
    for i in $(ssh_port "$host") $(etcd_port "$host"); do
      ! { exec 7<>"/dev/tcp/127.0.0.1/$i"; } 2>/dev/null || die "port $i is taken (set LAB_PORT_BASE)"
    done
  done
  ROOT=$(root_path)
  new_state HOSTS OS VIA ETCD ROOT
  ssh-keygen -q -t ed25519 -N '' -C "$NAME" -f "$STATE/key"
  mkdir "$STATE/host-keys"
  for host in "${HOSTS[@]}"; do make_host_key "$host"; know_host "$host"; done
  [ "$ETCD" != secure ] || make_etcd_pki
}

address_of() { echo "198.18.0.$((10 + ${1#node}))"; }
ssh_port()   { [ -n "${VIA[$1]:-}" ] || echo $((PORT_BASE + ${1#node})); }
is_member()  { [ "$ETCD" != none ] && [ "${1#node}" -le 3 ]; }
etcd_port()  { ! is_member "$1" || [ -n "${VIA[$1]:-}" ] || echo $((PORT_BASE + 100 + ${1#node})); }

# Sets HOST to the host the caller named, as node3 or 3.
pick_host() {
  need_up
  HOST=node${1#node}
  [ -n "$1" ] && [ -n "${OS[$HOST]:-}" ] || die "no such host: ${1:-(none named)}; there are ${HOSTS[*]}"
}

rack_path() { echo "/proc/$(cage_pid)/root$1"; }
on_switch() { in_cage ip -netns switch "$@"; }
is_on()     { grep -qs 'populated 1' "$CAGE_CGROUP/$1/cgroup.events"; }
is_paused() { grep -qs 1 "$CAGE_CGROUP/$1/cgroup.freeze"; }

# inside HOST COMMAND…: runs as root in every namespace of the host, so it needs neither its network nor its sshd.
inside() {
  local pid; pid=$(first_process "$CAGE_CGROUP/$1/payload/init.scope"); shift
  [ -n "$pid" ] || die 'the host is off'
  nsenter --target "$pid" --all --root --wd -- env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HOME=/root USER=root LANG=C.UTF-8 TERM="${TERM:-dumb}" "$@"
}

power_on() {
  is_on "$1" || { echo "$1" >"$STATE/orders"; wait_for "$TIMEOUT" is_on "$1" || die "$1 does not start, see $STATE/log"; }
}
power_off() {   # the cable goes first, so that nobody hears a last word
  on_switch link del "$1" 2>/dev/null || true
  [ ! -d "$CAGE_CGROUP/$1" ] || end_cgroup "$CAGE_CGROUP/$1"
}
cut_cable()  { touch "$STATE/cut-$1"; on_switch link set "$1" nomaster 2>/dev/null || true; }
mend_cable() { rm -f "$STATE/cut-$1"; on_switch link set "$1" master bridge 2>/dev/null || true; }
freeze() {
  is_on "$1" || die "$1 is off"
  echo "$2" >"$CAGE_CGROUP/$1/cgroup.freeze"
  wait_for 5 grep -q "frozen $2" "$CAGE_CGROUP/$1/cgroup.events" || die "$1 does not obey"
}

# Read from outside: a host that shuts down stops every process in it, and nsenter, which follows, would never end.
boot_id() {
  local pid; pid=$(first_process "$CAGE_CGROUP/$1/payload/init.scope")
  [ -z "$pid" ] || cat "/proc/$pid/root/proc/sys/kernel/random/boot_id" 2>/dev/null || true
}
ssh_active() { [ "$( (inside "$1" systemctl is-active ssh.service) 2>/dev/null || true)" = active ]; }
booted() {
  case $( (inside "$1" systemctl is-system-running --wait) 2>/dev/null || true) in running | degraded) ;; *) false ;; esac
}
rebooted()   { local id; id=$(boot_id "$1"); [ -n "$id" ] && [ "$id" != "$2" ]; }
wait_ssh()    { wait_for "$TIMEOUT" ssh_active "$1" || die "$1 has no sshd after $TIMEOUT s, see $STATE/$1.log"; }
wait_booted() {
  wait_for "$TIMEOUT" is_on "$1" || die "$1 does not start, see $STATE/log and $STATE/$1.log"
  wait_for "$TIMEOUT" booted "$1" || die "$1 is not up after $TIMEOUT s, see $STATE/$1.log"
}
reboot_host() {
  local before; before=$(boot_id "$1")
  [ -n "$before" ] || die "$1 is off"
  (inside "$1" systemctl reboot) 2>/dev/null || true     # it may go before it answers
  wait_for "$TIMEOUT" rebooted "$1" "$before" || die "$1 did not come back, see $STATE/$1.log"
  wait_ssh "$1"
}

switch_auth() {
  [ -n "$2" ] && [ -e "$HERE/auth/$2.conf" ] || die "auth: one of $(cd "$HERE/auth" && echo *.conf | sed 's/\.conf//g')"
  inside "$1" tee /etc/ssh/sshd_config.d/10-auth.conf <"$HERE/auth/$2.conf" >/dev/null
  restart_sshd "$1"
}
restart_sshd() {   # sessions stay; it returns when sshd listens again, however often it was restarted
  inside "$1" systemctl reset-failed ssh.service
  inside "$1" systemctl restart ssh.service
}
make_host_key() {
  rm -f "$STATE/host-keys/$1"
  ssh-keygen -q -t ed25519 -N '' -C "root@$1" -f "$STATE/host-keys/$1"
}
know_host() {    # the host's key of today, under all its names
  { [ -n "${VIA[$1]:-}" ] || printf '[127.0.0.1]:%d,' "$(ssh_port "$1")"
    echo "$(address_of "$1"),$1 $(cut -d' ' -f1,2 "$STATE/host-keys/$1.pub")"; } >>"$STATE/known_hosts"
}
swap_host_key() {
  make_host_key "$1"
  inside "$1" tee /etc/ssh/ssh_host_ed25519_key <"$STATE/host-keys/$1" >/dev/null
  inside "$1" tee /etc/ssh/ssh_host_ed25519_key.pub <"$STATE/host-keys/$1.pub" >/dev/null
  restart_sshd "$1"
}
# publish_on HOST SYSTEM CHANNEL VERSION [BYTES [SECONDS]]: what its update agent finds from now on.
publish_on() {
  [[ ${3:-} =~ ^[a-z0-9-]+$ ]] && [ -n "${4:-}" ] || die 'publish: lab publish SYSTEM CHANNEL VERSION [BYTES [SECONDS]]'
  echo "$4 ${5:-497118277} ${6:-2}" | inside "$1" tee "/var/lib/lab/channel/$2-$3" >/dev/null
}
mend_host() {
  mend_cable "$1"
  ! is_paused "$1" || freeze "$1" 0
  if is_on "$1"; then switch_auth "$1" open; else power_on "$1"; fi
  grep -qF "$(cut -d' ' -f2 "$STATE/host-keys/$1.pub")" "$STATE/known_hosts" ||
    { sed -i "/,$1 /d" "$STATE/known_hosts"; know_host "$1"; }
}
