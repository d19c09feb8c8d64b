# The hosts' common root file system: built once with mmdebstrap, read-only, shared by all.

ROOT_PACKAGES="systemd-sysv dbus polkitd openssh-server sudo etcd-server etcd-client iproute2 iputils-ping procps python3-dbus python3-gi jq ${LAB_PACKAGES:-}"
OPS_PASSWORD=quarterdeck

# Runs inside the fresh root; its text is part of the cache key.
customize_root() {
  useradd --key UID_MIN=500 --uid 500 --create-home --shell /bin/bash --groups sudo,systemd-journal core
  useradd --key UID_MIN=500 --uid 501 --create-home --shell /bin/bash --groups sudo ops
  echo "ops:$OPS_PASSWORD" | chpasswd
  printf 'core ALL=(ALL) NOPASSWD: ALL\nDefaults:ops timestamp_timeout=0\n' >/etc/sudoers.d/lab
  chmod 440 /etc/sudoers.d/lab
  rm -f /etc/ssh/ssh_host_* /etc/machine-id /var/lib/dbus/machine-id /etc/hostname
  touch /etc/default/locale
  mkdir -p /var/log/journal
  systemctl --quiet set-default multi-user.target
  systemctl --quiet disable etcd.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer || true
  systemctl --quiet mask console-getty.service getty.target systemd-pstore.service dev-hugepages.mount \
    systemd-firstboot.service e2scrub_reap.service
  rm -rf /var/lib/etcd/* /var/cache/apt/* /var/lib/apt/lists/*
}

root_path() {
  local key
  key=$( (. /etc/os-release; echo "${VERSION_CODENAME:-}"; dpkg --print-architecture
          echo "$ROOT_PACKAGES" "$OPS_PASSWORD"; declare -f customize_root) | sha256sum)
  echo "$CACHE/root-${key:0:12}"
}

build_root() {
  local root work started=$SECONDS; root=$(root_path)
  [ ! -d "$root" ] || return 0
  mkdir -p "$CACHE"
  exec 8>"$CACHE/build.lock"
  flock 8                               # two labs share one cache
  if [ ! -d "$root" ]; then
    rm -rf "$CACHE"/build-*/            # of a build that was interrupted
    say "building the hosts' root once, kept as $root"
    apt_lists
    work=$(mktemp -d "$CACHE/build-XXXXXX")
    debian_sources >"$work/sources"
    apt-config dump | grep -E '^Acquire::(https?::|Check-)' >"$work/apt.conf" || true   # the machine's proxy and snapshot dates
    { declare -p OPS_PASSWORD; declare -f customize_root; echo 'set -e; customize_root'; } >"$work/customize"
    mmdebstrap --quiet --mode=root --variant=apt --include="$(echo $ROOT_PACKAGES | tr ' ' ,)" \
      --aptopt="$work/apt.conf" --aptopt='Acquire::Languages "none"' \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
      --dpkgopt='path-exclude=/usr/share/locale/*' \
      --customize-hook="chroot \"\$1\" bash <'$work/customize'" \
      '' "$work/root" "$work/sources" </dev/null >"$CACHE/build.log" 2>&1 ||
      { tail -20 "$CACHE/build.log" >&2; die "the build failed, see $CACHE/build.log"; }
    mv -T "$work/root" "$root"
    rm -rf "$work"
    say "built in $((SECONDS - started)) s"
  fi
  exec 8>&-
}
