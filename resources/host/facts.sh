# quarterdeck facts 1: $1 is "first" (everything), "all" (no look at sudo) or "changing" (what may change while it runs).
LC_ALL=C TZ=UTC SYSTEMD_COLORS=0 SYSTEMD_PAGER=
export LC_ALL TZ SYSTEMD_COLORS SYSTEMD_PAGER
soon=
command -v timeout >/dev/null 2>&1 && soon='timeout 5'
line() { value=; [ -r "$2" ] && read -r value <"$2"; echo "$1=$value"; }
lines() { [ -r "$1" ] && while IFS= read -r value || [ -n "$value" ]; do echo "$value"; value=; done <"$1"; }
echo '== host'
line boot /proc/sys/kernel/random/boot_id
line uptime /proc/uptime
line hostname /proc/sys/kernel/hostname
line kernel /proc/sys/kernel/osrelease
echo "clock=$(date +%s.%N)"
if [ -e /run/systemd/timesync/synchronized ]; then echo sync=yes
elif [ -d /run/systemd/timesync ]; then echo sync=no
fi
echo '== reboot'
for file in /run/reboot-required /run/reboot-needed /run/ostree/staged-deployment /run/update_engine_autoupdate_completed; do
  [ -e "$file" ] && echo "$file"
done
lines /run/reboot-required.pkgs
echo '== modules'
for folder in /usr/lib/modules/*/; do [ -d "$folder" ] && echo "$folder"; done
if [ "$1" != changing ]; then
  echo '== system'
  line machine /etc/machine-id
  echo "arch=$(uname -m)"
  echo "cpus=$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc 2>/dev/null)"
  echo "virt=$($soon systemd-detect-virt 2>/dev/null)"
  echo "systemd=$($soon systemctl --version 2>/dev/null | head -n 1)"
  echo "state=$($soon systemctl is-system-running 2>/dev/null)"
  echo "zone=$(readlink /etc/localtime 2>/dev/null || cat /etc/timezone 2>/dev/null)"
  # timedatectl would start a service to answer: only where nothing cheaper knows.
  if [ -d /run/systemd/timesync ]; then :
  elif command -v chronyc >/dev/null 2>&1; then echo "chrony=$($soon chronyc -c tracking 2>/dev/null)"
  else echo "synchronized=$($soon timedatectl show -p NTPSynchronized --value 2>/dev/null)"
  fi
  echo '== os-release'
  if [ -r /etc/os-release ]; then lines /etc/os-release; else lines /usr/lib/os-release; fi
  echo '== update.conf'
  lines /usr/share/flatcar/update.conf
  lines /usr/share/coreos/update.conf
  lines /etc/flatcar/update.conf
  lines /etc/coreos/update.conf
  echo '== boots'
  $soon journalctl --no-pager --quiet --list-boots -o json 2>/dev/null | tail -c 20000
  echo
  echo '== disks'
  $soon lsblk -b -d -n -P -o NAME,SIZE,TYPE,MODEL 2>/dev/null | head -n 200
  echo '== addresses'
  if command -v ip >/dev/null 2>&1; then ip -o addr show scope global 2>/dev/null | head -n 100; else hostname -I 2>/dev/null; fi
fi
if [ "$1" = first ]; then
  echo '== rights'
  echo "uid=$(id -u)"
  if [ "$(id -u)" = 0 ]; then echo root=yes
  elif ! command -v sudo >/dev/null 2>&1; then echo sudo=missing
  # Debian's sudo leaves this file at its first use, and looking must leave nothing: it is asked when a person acts.
  elif [ -e /etc/debian_version ] && [ ! -e "$HOME/.sudo_as_admin_successful" ] && id -Gn | grep -qwE 'sudo|admin'; then echo sudo=unasked
  elif $soon sudo -n true </dev/null >/dev/null 2>&1; then echo sudo=free
  else echo sudo=password
  fi
fi
echo '== end'
