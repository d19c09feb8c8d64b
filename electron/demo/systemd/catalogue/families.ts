import type { Family } from '../../world/release.ts';
import { unitKinds, type UnitKind } from '../unit-kind.ts';

/** Units that a kind of system brings. */
export const familyUnits: Record<Family, readonly UnitKind[]> = {
  flatcar: unitKinds(`
dbus.service | D-Bus System Message Bus | running | indirect | /usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation --syslog-only
sshd.service | OpenSSH server daemon | running | enabled | /usr/sbin/sshd -D -e
usr.mount | /sysusr/usr | mounted | generated
oem.mount | /oem | mounted | generated
media.mount | External Media Directory | mounted | static
var-lib-portables.mount | /var/lib/portables | dead | static
dev-disk-by\\x2dlabel-ROOT.device | /dev/disk/by-label/ROOT | plugged
dev-disk-by\\x2dpartlabel-USR\\x2dA.device | /dev/disk/by-partlabel/USR-A | plugged
dev-disk-by\\x2dpartlabel-USR\\x2dB.device | /dev/disk/by-partlabel/USR-B | plugged
dev-disk-by\\x2dlabel-OEM.device | /dev/disk/by-label/OEM | plugged
system-addon\\x2dconfig.slice | Slice /system/addon-config | active
first-boot-complete.target | First Boot Complete | active | static
addon-config@oem.service | Configure Addon /oem | exited | static | /usr/bin/coreos-cloudinit --oem=oem
audit-rules.service | Load Security Auditing Rules | exited | enabled | /sbin/augenrules --load
clean-ca-certificates.service | Clean up broken links in /etc/ssl/certs | exited | static | /usr/sbin/clean-ca-certs
containerd.service | containerd container runtime | running | enabled | /usr/bin/containerd --config /usr/share/containerd/config.toml
coreos-metadata.service | Flatcar Metadata Agent | dead | static | /usr/bin/coreos-metadata --cmdline --attributes=/run/metadata/flatcar
docker.service | Docker Application Container Engine | running | enabled | /usr/bin/dockerd --host=fd:// --containerd=/var/run/docker/libcontainerd/docker-containerd.sock
docker.socket | Docker Socket for the API | running | enabled
ensure-sysext.service | Ensure sysext images are merged | exited | enabled | /usr/bin/systemctl restart --no-block sysinit.target
extend-filesystems.service | Extend Filesystems | exited | static | /usr/lib/flatcar/extend-filesystems
issuegen.service | Generate /run/issue | exited | static | /usr/lib/flatcar/issuegen
locksmithd.service | Cluster reboot manager | running | enabled | /usr/lib/locksmith/locksmithd
logrotate-docker.service | Rotate container logs | dead | static | /usr/sbin/logrotate /usr/share/docker/logrotate.conf
motdgen.service | Generate /run/flatcar/motd | exited | static | /usr/lib/flatcar/motdgen
motdgen.path | Watch for update engine configuration changes | waiting | static
sysctl-tune.service | Set kernel parameters of this role | exited | enabled | /usr/sbin/sysctl --load=/etc/sysctl.d/90-role.conf
sshkeys.service | Update public SSH keys of user core | exited | enabled | /usr/bin/update-ssh-keys -u core
systemd-hostnamed.service | Hostname Service | dead | static | /usr/lib/systemd/systemd-hostnamed
systemd-networkd.service | Network Configuration | running | enabled | /usr/lib/systemd/systemd-networkd
systemd-networkd.socket | Network Service Netlink Socket | running | enabled
systemd-networkd-wait-online.service | Wait for Network to be Configured | exited | enabled | /usr/lib/systemd/systemd-networkd-wait-online
systemd-resolved.service | Network Name Resolution | running | enabled | /usr/lib/systemd/systemd-resolved
systemd-sysext.service | Merge System Extension Images into /usr/ and /opt/ | exited | enabled | systemd-sysext refresh
systemd-timesyncd.service | Network Time Synchronization | running | enabled | /usr/lib/systemd/systemd-timesyncd
update-engine-stub.timer | Update Engine Stub Timer | waiting | static
update-engine-stub.service | Update Engine Stub | dead | static | /usr/sbin/update_engine_stub
update-engine.service | Update Engine | running | enabled | /usr/sbin/update_engine -foreground -logtostderr
update-ssh-keys-after-ignition.service | Run update-ssh-keys once after Ignition | exited | static | /usr/bin/update-ssh-keys -u core
verity-setup.service | Verity Setup for /dev/mapper/usr | exited | generated | /usr/sbin/veritysetup open
ntpd.service | Network Time Service | dead | disabled | /usr/sbin/ntpd -g -n -u ntp:ntp
rpcbind.service | RPC Bind | dead | disabled | /usr/bin/rpcbind -w -f
`),
  'fedora-coreos': unitKinds(`
dbus-broker.service | D-Bus System Message Bus | running | enabled | /usr/bin/dbus-broker-launch --scope system --audit
dbus.service | D-Bus System Message Bus | running | alias | /usr/bin/dbus-broker-launch --scope system --audit
sshd.service | OpenSSH server daemon | running | enabled | /usr/sbin/sshd -D
sysroot.mount | /sysroot | mounted | generated
var.mount | /var | mounted | generated
etc.mount | /etc | mounted | generated
dev-disk-by\\x2dlabel-root.device | /dev/disk/by-label/root | plugged
dev-disk-by\\x2dlabel-boot.device | /dev/disk/by-label/boot | plugged
dev-zram0.swap | Compressed Swap on /dev/zram0 | dead | generated
sshd-keygen.target | sshd-keygen.target | active | static
afterburn-checkin.service | Afterburn (Check In) | dead | enabled | /usr/bin/afterburn --provider qemu --check-in
afterburn-sshkeys@core.service | Afterburn (SSH Keys) | dead | enabled | /usr/bin/afterburn --cmdline --ssh-keys=core
auditd.service | Security Audit Logging Service | running | enabled | /usr/sbin/auditd
bootupd.socket | bootupd.socket | listening | enabled
chronyd.service | NTP client/server | running | enabled | /usr/sbin/chronyd -n -F 2
clevis-luks-askpass.path | Clevis systemd-ask-password Watcher | waiting | static
console-login-helper-messages-gensnippet-os-release.service | Generate OS release snippet | exited | enabled | /usr/libexec/console-login-helper-messages/gensnippet_os_release
coreos-generate-iscsi-initiatorname.service | CoreOS Generate iSCSI Initiator Name | dead | enabled | /usr/libexec/coreos-generate-iscsi-initiatorname
coreos-ignition-firstboot-complete.service | CoreOS Mark Ignition Boot Complete | dead | enabled | /usr/libexec/coreos-ignition-firstboot-complete
coreos-ignition-write-issues.service | Create Ignition Status Issue Files | exited | enabled | /usr/libexec/coreos-ignition-write-issues
coreos-populate-lvmdevices.service | CoreOS Populate LVM Devices File | exited | enabled | /usr/libexec/coreos-populate-lvmdevices
docker.socket | Docker Socket for the API | listening | enabled
docker.service | Docker Application Container Engine | dead | disabled | /usr/bin/dockerd --host=fd://
fstrim.timer | Discard unused filesystem blocks once a week | waiting | enabled
fstrim.service | Discard unused blocks on filesystems from /etc/fstab | dead | static | /usr/sbin/fstrim --fstab --verbose --quiet
fwupd.service | Firmware update daemon | dead | static | /usr/libexec/fwupd/fwupd
fwupd-refresh.timer | Refresh fwupd metadata regularly | waiting | enabled
gssproxy.service | GSSAPI Proxy Daemon | running | disabled | /usr/sbin/gssproxy -i
irqbalance.service | irqbalance daemon | running | enabled | /usr/sbin/irqbalance
NetworkManager.service | Network Manager | running | enabled | /usr/sbin/NetworkManager --no-daemon
NetworkManager-dispatcher.service | Network Manager Script Dispatcher Service | dead | enabled | /usr/libexec/nm-dispatcher
NetworkManager-wait-online.service | Network Manager Wait Online | exited | enabled | /usr/bin/nm-online -s -q
ostree-remount.service | OSTree Remount OS/ Bind Mounts | exited | static | /usr/lib/ostree/ostree-remount
ostree-finalize-staged.path | OSTree Monitor Staged Deployment | waiting | static
podman.socket | Podman API Socket | listening | enabled
podman.service | Podman API Service | dead | disabled | /usr/bin/podman --log-level=info system service
podman-auto-update.timer | Podman auto-update timer | waiting | enabled
podman-auto-update.service | Podman auto-update service | dead | disabled | /usr/bin/podman auto-update
polkit.service | Authorization Manager | running | static | /usr/lib/polkit-1/polkitd --no-debug
raid-check.timer | Weekly RAID setup health check | waiting | enabled
rpm-ostree-fix-shadow-mode.service | Fix permissions for /etc/shadow | exited | enabled | /usr/bin/rpm-ostree internals fix-shadow-perms
rpm-ostreed.service | rpm-ostree System Management Daemon | running | static | /usr/bin/rpm-ostree start-daemon
rpm-ostree-countme.timer | Weekly rpm-ostree Count Me timer | waiting | enabled
selinux-autorelabel-mark.service | Mark the need to relabel after reboot | dead | enabled | /bin/touch /.autorelabel
sssd.service | System Security Services Daemon | dead | disabled | /usr/sbin/sssd -i --logger=files
systemd-homed.service | Home Area Manager | running | enabled | /usr/lib/systemd/systemd-homed
systemd-oomd.service | Userspace Out-Of-Memory (OOM) Killer | running | enabled | /usr/lib/systemd/systemd-oomd
systemd-resolved.service | Network Name Resolution | running | enabled | /usr/lib/systemd/systemd-resolved
systemd-userdbd.service | User Database Manager | running | enabled | /usr/lib/systemd/systemd-userdbd
unbound-anchor.timer | daily update of the root trust anchor for DNSSEC | waiting | enabled
zincati.service | Zincati Update Agent | running | enabled | /usr/libexec/zincati agent -v
`),
  debian: unitKinds(`
dbus.service | D-Bus System Message Bus | running | static | /usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation --syslog-only
ssh.service | OpenBSD Secure Shell server | running | enabled | /usr/sbin/sshd -D
ssh.socket | OpenBSD Secure Shell server socket | dead | disabled
dev-vda5.swap | /dev/vda5 | active | generated
run-lock.mount | Legacy Locks Directory /run/lock | mounted | static
dev-disk-by\\x2duuid-6c1b\\x2d4fd2.device | /dev/disk/by-uuid/6c1b-4fd2 | plugged
apparmor.service | Load AppArmor profiles | exited | enabled | /lib/apparmor/apparmor.systemd reload
apt-daily.timer | Daily apt download activities | waiting | enabled
apt-daily.service | Daily apt download activities | dead | static | /usr/lib/apt/apt.systemd.daily update
apt-daily-upgrade.timer | Daily apt upgrade and clean activities | waiting | enabled
apt-daily-upgrade.service | Daily apt upgrade and clean activities | dead | static | /usr/lib/apt/apt.systemd.daily install
chrony.service | chrony, an NTP client/server | running | enabled | /usr/sbin/chronyd -F 1
cloud-config.service | Cloud-init: Config Stage | exited | enabled | /usr/bin/cloud-init modules --mode=config
cloud-final.service | Cloud-init: Final Stage | exited | enabled | /usr/bin/cloud-init modules --mode=final
cloud-init.service | Cloud-init: Network Stage | exited | enabled | /usr/bin/cloud-init init
cloud-init.target | Cloud-init target | active | enabled-runtime
console-setup.service | Set console font and keymap | exited | enabled | /lib/console-setup/console-setup.sh
cron.service | Regular background program processing daemon | running | enabled | /usr/sbin/cron -f
dpkg-db-backup.timer | Daily dpkg database backup timer | waiting | enabled
dpkg-db-backup.service | Daily dpkg database backup service | dead | static | /usr/libexec/dpkg/dpkg-db-backup
e2scrub_all.timer | Periodic ext4 Online Metadata Check for All Filesystems | waiting | enabled
e2scrub_reap.service | Remove Stale Online ext4 Metadata Check Snapshots | dead | enabled | /sbin/e2scrub_all -A -r
exim4.service | LSB: exim Mail Transport Agent | dead | not-found
fstrim.timer | Discard unused filesystem blocks once a week | waiting | enabled
fstrim.service | Discard unused blocks on filesystems from /etc/fstab | dead | static | /sbin/fstrim --listed-in /etc/fstab:/proc/self/mountinfo --verbose --quiet-unsupported
ifupdown-pre.service | Helper to synchronize boot up for ifupdown | exited | static | /bin/sh -c udevadm settle
keyboard-setup.service | Set the console keyboard layout | exited | enabled | /lib/console-setup/keyboard-setup.sh
man-db.timer | Daily man-db regeneration | waiting | enabled
man-db.service | Daily man-db regeneration | dead | static | /usr/bin/mandb --quiet
networking.service | Raise network interfaces | exited | enabled | /sbin/ifup -a --read-environment
node-exporter.service | Prometheus exporter for machine metrics | running | enabled | /usr/bin/prometheus-node-exporter
nftables.service | nftables | exited | enabled | /usr/sbin/nft -f /etc/nftables.conf
polkit.service | Authorization Manager | running | static | /usr/lib/polkit-1/polkitd --no-debug
qemu-guest-agent.service | QEMU Guest Agent | running | static | /usr/sbin/qemu-ga
rsyslog.service | System Logging Service | running | enabled | /usr/sbin/rsyslogd -n -iNONE
syslog.socket | Syslog Socket | running | static
systemd-pstore.service | Platform Persistent Storage Archival | dead | enabled | /lib/systemd/systemd-pstore
systemd-timesyncd.service | Network Time Synchronization | dead | masked
unattended-upgrades.service | Unattended Upgrades Shutdown | running | enabled | /usr/bin/python3 /usr/share/unattended-upgrades/unattended-upgrade-shutdown --wait-for-signal
`),
};
