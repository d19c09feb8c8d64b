# What a lab tells about itself.

show_status() {
  local host state
  printf '%-7s %-8s %-14s %-12s %-6s %-6s %s\n' HOST SYSTEM STATE ADDRESS SSH ETCD VIA
  for host in "${HOSTS[@]}"; do
    if ! is_on "$host"; then state=off
    elif is_paused "$host"; then state=paused
    else state=$( (inside "$host" systemctl is-system-running) 2>/dev/null || true); fi
    [ ! -e "$STATE/cut-$host" ] || state+=,cut
    printf '%-7s %-8s %-14s %-12s %-6s %-6s %s\n' "$host" "${OS[$host]}" "${state:-booting}" "$(address_of "$host")" \
      "$(ssh_port "$host")" "$(etcd_port "$host")" "${VIA[$host]:-}"
  done
}

show_env() {
  local host
  for host in "${HOSTS[@]}"; do
    jq -n --arg name "$host" --arg os "${OS[$host]}" --arg ip "$(address_of "$host")" --arg via "${VIA[$host]:-}" \
      --arg port "$(ssh_port "$host")" --arg etcd "$(etcd_port "$host")" --arg scheme "$(etcd_scheme)" \
      --arg hostKey "$(cut -d' ' -f1,2 "$STATE/host-keys/$host.pub")" '
      def maybe: if . == "" then null else . end;
      { $name, $os, $ip, via: ($via | maybe), address: (if $via == "" then "127.0.0.1" else $ip end),
        port: ($port | maybe | if . then tonumber else 22 end), $hostKey,
        etcd: ($etcd | maybe | if . then "\($scheme)://127.0.0.1:\(.)" else null end) }'
  done | jq -s --arg name "$NAME" --arg state "$STATE" --arg etcd "$ETCD" --arg ops "$OPS_PASSWORD" --arg etcdRoot "$ETCD_PASSWORD" '
    { $name, user: "core", key: "\($state)/key", knownHosts: "\($state)/known_hosts", sshConfig: "\($state)/ssh_config",
      password: { user: "ops", password: $ops }, hosts: .,
      etcd: { mode: $etcd, endpoints: [.[].etcd | values] } } |
    if $etcd != "secure" then . else .etcd += { user: "root", password: $etcdRoot, ca: "\($state)/pki/ca.pem",
      cert: "\($state)/pki/client.pem", key: "\($state)/pki/client-key.pem" } end'
}
etcd_scheme() { if [ "$ETCD" = secure ]; then echo https; else echo http; fi; }

show_ssh_config() {
  local host
  for host in "${HOSTS[@]}"; do
    if [ -n "${VIA[$host]:-}" ]; then
      printf 'Host %s\n  HostName %s\n  ProxyJump %s\n' "$host" "$(address_of "$host")" "${VIA[$host]}"
    else
      printf 'Host %s\n  HostName 127.0.0.1\n  Port %d\n' "$host" "$(ssh_port "$host")"
    fi
  done
  cat <<-END
	Host *
	  User core
	  IdentityFile $STATE/key
	  IdentitiesOnly yes
	  UserKnownHostsFile $STATE/known_hosts
	  GlobalKnownHostsFile /dev/null
	  StrictHostKeyChecking yes
	  ConnectTimeout 10
	END
}
