# What the machine must be and have.

# Dies with the reason unless hosts can be booted here.
need_machine() {
  [ "$(uname -s)" = Linux ] || die 'the lab needs Linux'
  [ "$(id -u)" = 0 ] || die 'the lab needs root'
  [ -e /etc/debian_version ] && command -v apt-get >/dev/null || die 'the lab needs Debian'
  [ -n "$(cgroup_mount)" ] || die 'the lab needs cgroup v2'
  unshare --mount --pid --net --fork true 2>/dev/null || die 'the lab needs the right to make namespaces (a privileged container?)'
}

# One command at a time may change a lab.
lock() {
  mkdir -p "$CACHE"
  exec 9>"$CACHE/$NAME.lock"
  flock -w 300 9 || die "another command works on $NAME"
}

apt_lists() {
  [ -n "$(debian_sources)" ] || apt-get -qq update >/dev/null
}

# The machine's own Debian sources, and no others, as lines of a sources.list.
debian_sources() {
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg option=''
  [ ! -e $keyring ] || option="[signed-by=$keyring] "
  apt-get indextargets --format "deb $option\$(REPO_URI) \$(RELEASE) \$(COMPONENT)" \
    'Identifier: Packages' 'Origin: Debian' | sort -u
}

install_missing() {
  local command package missing=()
  while read -r command package; do
    command -v "$command" >/dev/null || missing+=("$package")
  done <<-'END'
	mmdebstrap mmdebstrap
	systemd-nspawn systemd-container
	systemd-socket-activate systemd
	ip iproute2
	ssh-keygen openssh-client
	nsenter util-linux
	openssl openssl
	jq jq
	END
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  apt_lists
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}" </dev/null >/dev/null
}
