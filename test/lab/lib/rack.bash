# The first process of a lab's cage: lays out disks, plugs cables, boots hosts and boots them again.

run_rack() {
  local host
  declare -A loops=()
  exec 3<>"$STATE/orders"
  mount -t proc proc /proc
  [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ] || mount -t cgroup2 cgroup2 /sys/fs/cgroup   # nspawn looks here
  mount -t tmpfs -o mode=755 rack /run       # disks, network names and locks: gone with the cage
  mkdir /run/disks
  ip netns add switch
  ip -netns switch link set lo up
  ip -netns switch link add bridge type bridge forward_delay 0
  ip -netns switch address add 198.18.0.1/24 dev bridge
  ip -netns switch link set bridge up
  for host in "${HOSTS[@]}"; do make_disk "$host"; done
  for host in "${HOSTS[@]}"; do
    forward "$(ssh_port "$host")" "$(address_of "$host"):22"
    forward "$(etcd_port "$host")" "$(address_of "$host"):2379"
    run_host "$host" & loops[$host]=$!
  done
  while read -r host <&3; do
    wait "${loops[$host]}" || true
    run_host "$host" & loops[$host]=$!
  done
}

# forward PORT ADDRESS: from the machine's loopback to the hosts' network.
forward() {
  [ -n "$1" ] || return 0
  systemd-socket-activate --listen="127.0.0.1:$1" \
    nsenter --net=/run/netns/switch -- /lib/systemd/systemd-socket-proxyd "$2" 3<&- &
}

# The host's own layer over the common root.
make_disk() {
  local host=$1 disk=/run/disks/$1 top=/run/disks/$1/upper other
  mkdir -p "$disk"/{work,root} "$top"/etc/{ssh,systemd/system/multi-user.target.wants} "$top"/{root,home/core}/.ssh
  for other in common $(layers_of "${OS[$host]}"); do
    [ ! -d "$HERE/fixtures/$other" ] || cp -r --no-preserve=ownership "$HERE/fixtures/$other/." "$top"
  done
  [ "${OS[$host]}" != coreos ] || as_container_linux "$top"
  echo "$host" >"$top/etc/hostname"
  tr -d - </proc/sys/kernel/random/uuid >"$top/etc/machine-id"
  { echo '127.0.0.1 localhost'
    for other in "${HOSTS[@]}"; do echo "$(address_of "$other") $other"; done; } >"$top/etc/hosts"
  install -m 600 "$STATE/host-keys/$host" "$top/etc/ssh/ssh_host_ed25519_key"
  install -m 644 "$STATE/host-keys/$host.pub" "$top/etc/ssh/ssh_host_ed25519_key.pub"
  mkdir -p "$top/etc/ssh/sshd_config.d"
  cp "$HERE/auth/open.conf" "$top/etc/ssh/sshd_config.d/10-auth.conf"
  cp "$STATE/key.pub" "$top/etc/ssh/lab_key.pub"
  cp "$STATE/key.pub" "$top/root/.ssh/authorized_keys"
  cp "$STATE/key.pub" "$top/home/core/.ssh/authorized_keys"
  chown -R 500:500 "$top/home/core"
  chmod 700 "$top"/{root,home/core} "$top"/{root,home/core}/.ssh
  ! is_member "$host" || make_member "$host" "$top"
  mask_generators "$top/etc/systemd/system-generators"
  mount -t overlay -o "lowerdir=$ROOT,upperdir=$top,workdir=$disk/work" "$host" "$disk/root"
}

# These hosts have no disks to find and no old init scripts: each start and each daemon-reload would run 11 programs for nothing.
mask_generators() {
  local name
  mkdir -p "$1"
  for name in cryptsetup debug fstab getty gpt-auto hibernate-resume integritysetup rc-local run sysv veritysetup; do
    ln -s /dev/null "$1/systemd-$name-generator"
  done
}

layers_of() { if [ "$1" = coreos ]; then echo flatcar coreos; else echo "$1"; fi; }

# Container Linux has what Flatcar took from it in folders of its own name.
as_container_linux() {
  mv "$1/etc/flatcar" "$1/etc/coreos"
  mv "$1/usr/share/flatcar" "$1/usr/share/coreos"
  sed -i 's/^FLATCAR_/COREOS_/' "$1/usr/share/coreos/release"
  rm -f "$1"/var/lib/lab/channel/flatcar-*
}

# One host from power-on to power-off, through its reboots.
run_host() {
  local host=$1 status=133 uptime cgroup=/sys/fs/cgroup${CAGE_CGROUP#"$CGROUP_MOUNT"}/$1
  exec 3<&- >>"$STATE/$host.log" 2>&1
  while [ $status = 133 ]; do     # what nspawn says when its host wants to boot again
    mkdir -p "$cgroup"
    echo 0 >"$cgroup/cgroup.freeze"
    [ ! -x "/run/disks/$host/root/usr/lib/lab/bootloader" ] || chroot "/run/disks/$host/root" /usr/lib/lab/bootloader
    plug_in "$host"
    read -r uptime _ </proc/uptime
    status=0
    (
      echo $BASHPID >"$cgroup/cgroup.procs"
      export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
      exec unshare --time --boottime "-${uptime%.*}" --monotonic "-${uptime%.*}" -- \
        systemd-nspawn --quiet --boot --keep-unit --register=no --directory="/run/disks/$host/root" \
        --machine="$host" --network-namespace-path="/run/netns/$host" --capability=CAP_NET_ADMIN \
        --link-journal=no --resolv-conf=off --timezone=off --console=read-only </dev/null
    ) || status=$?
    end_processes "$cgroup"        # of a host whose nspawn was killed
    ip -netns switch link del "$host" 2>/dev/null || true
    ip netns del "$host"
  done
}

# A new network stack for the host, and a cable to the switch unless it is cut.
plug_in() {
  ip -netns switch link del "$1" 2>/dev/null || true
  ip netns del "$1" 2>/dev/null || true
  ip netns add "$1"
  ip -netns switch link add "$1" type veth peer name eth0 netns "$1"
  ip -netns "$1" link set eth0 address "$(printf '02:00:c6:12:00:%02x' $((10 + ${1#node})))"
  ip -netns "$1" address add "$(address_of "$1")/24" dev eth0
  ip -netns "$1" link set lo up
  ip -netns "$1" link set eth0 up
  [ -e "$STATE/cut-$1" ] || ip -netns switch link set "$1" master bridge
  ip -netns switch link set "$1" up
}
