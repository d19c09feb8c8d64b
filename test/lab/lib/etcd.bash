# The etcd cluster on the first three hosts: "plain" (HTTP, open to all) or "secure" (TLS both ways, user and password).

ETCD_PASSWORD=quarterdeck

members() { local host; for host in "${HOSTS[@]}"; do ! is_member "$host" || echo "$host"; done; }

# A CA, one certificate for all members, one for clients.
make_etcd_pki() (
  local host names=DNS:localhost,IP:127.0.0.1
  for host in $(members); do names+=,DNS:$host,IP:$(address_of "$host"); done
  mkdir "$STATE/pki"
  cd "$STATE/pki"
  exec 2>openssl.log
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj '/CN=lab' -keyout ca-key.pem -out ca.pem
  issue server "$names" serverAuth,clientAuth
  issue client DNS:console clientAuth
)
issue() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=lab-$1" -keyout "$1-key.pem" -out "$1.csr"
  openssl x509 -req -days 30 -in "$1.csr" -CA ca.pem -CAkey ca-key.pem -CAcreateserial -out "$1.pem" \
    -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=%s\n' "$2" "$3")
}

# make_member HOST TOP: runs in the cage; TOP is the host's layer.
make_member() {
  local host=$1 scheme=http member cluster=()
  for member in $(members); do cluster+=("$member=http://$(address_of "$member"):2380"); done
  mkdir -p "$2/etc/default"
  ln -s /lib/systemd/system/etcd.service "$2/etc/systemd/system/multi-user.target.wants/"
  # Debian's starts it again only after a signal or a timeout, not where it gives up by itself.
  mkdir -p "$2/etc/systemd/system/etcd.service.d"
  printf '[Unit]\nStartLimitIntervalSec=0\n[Service]\nRestart=always\nRestartSec=1\n' >"$2/etc/systemd/system/etcd.service.d/restart.conf"
  if [ "$ETCD" = secure ]; then
    scheme=https
    mkdir -p "$2/etc/etcd-pki"
    install -m 644 "$STATE"/pki/{ca,server,server-key,client,client-key}.pem "$2/etc/etcd-pki/"
    cat >"$2/etc/default/etcd" <<-'END'
	ETCD_CERT_FILE=/etc/etcd-pki/server.pem
	ETCD_KEY_FILE=/etc/etcd-pki/server-key.pem
	ETCD_TRUSTED_CA_FILE=/etc/etcd-pki/ca.pem
	ETCD_CLIENT_CERT_AUTH=true
	END
  fi
  cat >>"$2/etc/default/etcd" <<-END
	ETCD_NAME=$host
	ETCD_INITIAL_CLUSTER=$(IFS=,; echo "${cluster[*]}")
	ETCD_INITIAL_CLUSTER_STATE=new
	ETCD_INITIAL_CLUSTER_TOKEN=$NAME
	ETCD_LISTEN_CLIENT_URLS=$scheme://0.0.0.0:2379
	ETCD_ADVERTISE_CLIENT_URLS=$scheme://$(address_of "$host"):2379
	ETCD_LISTEN_PEER_URLS=http://0.0.0.0:2380
	ETCD_INITIAL_ADVERTISE_PEER_URLS=http://$(address_of "$host"):2380
	END
}

ETCD_LOGIN=("ETCDCTL_USER=root:$ETCD_PASSWORD")

# etcdctl_on HOST ARG…: asks that member, as root of etcd.
etcdctl_on() {
  local host=$1 way=(ETCDCTL_ENDPOINTS=http://127.0.0.1:2379); shift
  [ "$ETCD" != secure ] || way=(ETCDCTL_ENDPOINTS=https://127.0.0.1:2379 "${ETCD_LOGIN[@]}"
    ETCDCTL_CACERT=/etc/etcd-pki/ca.pem ETCDCTL_CERT=/etc/etcd-pki/client.pem ETCDCTL_KEY=/etc/etcd-pki/client-key.pem)
  inside "$host" env ETCDCTL_API=3 "${way[@]}" etcdctl --command-timeout=3s "$@"
}

# Makes the user root and shuts the door to everybody else.
close_etcd() {
  local ETCD_LOGIN=()       # until there is a root, nobody can log in
  etcdctl_on node1 user add "root:$ETCD_PASSWORD" >/dev/null
  etcdctl_on node1 user grant-role root root >/dev/null
  etcdctl_on node1 auth enable >/dev/null
}

# The member that leads and can be reached by the others.
etcd_leader() {
  local host
  for host in $(members); do
    if is_on "$host" && ! is_paused "$host" && [ ! -e "$STATE/cut-$host" ] &&
      (etcdctl_on "$host" endpoint status -w json) 2>/dev/null | jq -e '.[0].Status | .leader == .header.member_id' >/dev/null
    then echo "$host"; return; fi
  done
  return 1
}
