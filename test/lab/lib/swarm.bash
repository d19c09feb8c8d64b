# A swarm: N plain sshd on loopback ports, for load tests.  Their "host" is this machine, seen from a cage.

swarm_port() { echo $((PORT_BASE + $1)); }

swarm_up() {
  local count=$1 i started=$SECONDS
  [[ $count =~ ^[1-9][0-9]{0,3}$ ]] || die 'swarm: how many? (1 to 9999)'
  lock
  wipe_cage
  command -v /usr/sbin/sshd >/dev/null || { apt_lists; DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
    install openssh-server </dev/null >/dev/null; }
  install_missing
  SWARM=$count
  new_state SWARM
  mkdir "$STATE/host-keys"
  ssh-keygen -q -t ed25519 -N '' -C "$NAME" -f "$STATE/key"
  seq "$count" | xargs -P 4 -I@ ssh-keygen -q -t ed25519 -N '' -C "swarm@" -f "$STATE/host-keys/@"
  for ((i = 1; i <= count; i++)); do
    read -r key <"$STATE/host-keys/$i.pub"
    echo "[127.0.0.1]:$(swarm_port $i) ${key% *}"
  done >"$STATE/known_hosts"
  start_cage _swarm
  wait_for "$TIMEOUT" test -e "$STATE/ready" || die "the swarm did not start, see $STATE/log"
  say "$count sshd up in $((SECONDS - started)) s"
}

# The first process of the swarm's cage.
run_swarm() {
  local i
  mount -t proc proc /proc
  mount -t tmpfs -o mode=755 swarm /run
  mount -t tmpfs -o mode=700 swarm /root       # this machine's own shell start-up files are no part of what is measured
  mkdir /run/sshd
  cp "$STATE/key.pub" /run/authorized_keys
  sed 's/^root:!/root:*/' /etc/shadow >/run/shadow      # sshd turns away an account whose password is locked
  mount --bind /run/shadow /etc/shadow
  cat >/run/sshd_config <<-'END'
	ListenAddress 127.0.0.1
	AuthorizedKeysFile /run/authorized_keys
	PermitRootLogin prohibit-password
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	UsePAM no
	PidFile none
	Subsystem sftp internal-sftp
	END
  for ((i = 1; i <= SWARM; i++)); do
    /usr/sbin/sshd -f /run/sshd_config -p "$(swarm_port $i)" -h "$STATE/host-keys/$i" -E "$STATE/sshd.log"
  done
  touch "$STATE/ready"
  sleep infinity & wait
}

swarm_env() {
  jq -n --argjson count "$SWARM" --argjson base "$(swarm_port 1)" --arg state "$STATE" '
    { user: "root", address: "127.0.0.1", key: "\($state)/key", knownHosts: "\($state)/known_hosts",
      ports: [range($count) | $base + .] }'
}
