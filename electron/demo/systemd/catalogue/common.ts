import { unitKinds } from '../unit-kind.ts';

/** Units that every host has. */
export const commonUnits = unitKinds(`
-.mount | Root Mount | mounted | generated
boot.mount | Boot partition | mounted | static
dev-hugepages.mount | Huge Pages File System | mounted | static
dev-mqueue.mount | POSIX Message Queue File System | mounted | static
sys-fs-fuse-connections.mount | FUSE Control File System | mounted | static
sys-kernel-config.mount | Kernel Configuration File System | mounted | static
sys-kernel-debug.mount | Kernel Debug File System | mounted | static
sys-kernel-tracing.mount | Kernel Trace File System | mounted | static
tmp.mount | Temporary Directory /tmp | mounted | static
dev-vda.device | /dev/vda | plugged
dev-vda1.device | /dev/vda1 | plugged
dev-ttyS0.device | /dev/ttyS0 | plugged
sys-subsystem-net-devices-eth0.device | Virtio network device | plugged
init.scope | System and Service Manager | running | transient
-.slice | Root Slice | active | static
system.slice | System Slice | active | static
user.slice | User and Session Slice | active | static
system-getty.slice | Slice /system/getty | active
system-modprobe.slice | Slice /system/modprobe | active
system-serial\\x2dgetty.slice | Slice /system/serial-getty | active
user-500.slice | User Slice of UID 500 | active
basic.target | Basic System | active | static
cryptsetup.target | Local Encrypted Volumes | active | static
emergency.target | Emergency Mode | dead | static
getty.target | Login Prompts | active | static
graphical.target | Graphical Interface | dead | static
local-fs-pre.target | Preparation for Local File Systems | active | static
local-fs.target | Local File Systems | active | static
multi-user.target | Multi-User System | active | static
network-online.target | Network is Online | active | static
network-pre.target | Preparation for Network | active | static
network.target | Network | active | static
nss-lookup.target | Host and Network Name Lookups | active | static
nss-user-lookup.target | User and Group Name Lookups | active | static
paths.target | Path Units | active | static
remote-fs.target | Remote File Systems | active | enabled
rescue.target | Rescue Mode | dead | static
shutdown.target | System Shutdown | dead | static
slices.target | Slice Units | active | static
sockets.target | Socket Units | active | static
swap.target | Swaps | active | static
sysinit.target | System Initialization | active | static
time-set.target | System Time Set | active | static
time-sync.target | System Time Synchronized | active | static
timers.target | Timer Units | active | static
umount.target | Unmount All Filesystems | dead | static
dbus.socket | D-Bus System Message Bus Socket | running | static
systemd-journald-dev-log.socket | Journal Socket (/dev/log) | running | static
systemd-journald.socket | Journal Sockets | running | static
systemd-udevd-control.socket | udev Control Socket | running | static
systemd-udevd-kernel.socket | udev Kernel Socket | running | static
systemd-ask-password-console.path | Dispatch Password Requests to Console Directory Watch | waiting | static
systemd-ask-password-wall.path | Forward Password Requests to Wall Directory Watch | waiting | static
logrotate.timer | Daily rotation of log files | waiting | enabled
systemd-tmpfiles-clean.timer | Daily Cleanup of Temporary Directories | waiting | static
getty@tty1.service | Getty on tty1 | running | enabled | /sbin/agetty -o -p -- \\u --noclear - linux
serial-getty@ttyS0.service | Serial Getty on ttyS0 | running | enabled | /sbin/agetty -o -p -- \\u --keep-baud 115200,57600,38400,9600 - vt220
dracut-shutdown.service | Restore /run/initramfs on shutdown | exited | static | /bin/true
emergency.service | Emergency Shell | dead | static | /usr/lib/systemd/systemd-sulogin-shell emergency
kmod-static-nodes.service | Create List of Static Device Nodes | exited | static | /usr/bin/kmod static-nodes --format=tmpfiles
ldconfig.service | Rebuild Dynamic Linker Cache | dead | static | /sbin/ldconfig -X
logrotate.service | Rotate log files | dead | static | /usr/sbin/logrotate /etc/logrotate.conf
modprobe@configfs.service | Load Kernel Module configfs | dead | static | /sbin/modprobe -abq configfs
modprobe@fuse.service | Load Kernel Module fuse | dead | static | /sbin/modprobe -abq fuse
rescue.service | Rescue Shell | dead | static | /usr/lib/systemd/systemd-sulogin-shell rescue
systemd-ask-password-console.service | Dispatch Password Requests to Console | dead | static | /usr/bin/systemd-tty-ask-password-agent --watch --console
systemd-binfmt.service | Set Up Additional Binary Formats | exited | static | /usr/lib/systemd/systemd-binfmt
systemd-fsck-root.service | File System Check on Root Device | exited | static | /usr/lib/systemd/systemd-fsck
systemd-journal-catalog-update.service | Rebuild Journal Catalog | exited | static | /usr/bin/journalctl --update-catalog
systemd-journal-flush.service | Flush Journal to Persistent Storage | exited | static | /usr/bin/journalctl --flush
systemd-journald.service | Journal Service | running | static | /usr/lib/systemd/systemd-journald
systemd-logind.service | User Login Management | running | static | /usr/lib/systemd/systemd-logind
systemd-modules-load.service | Load Kernel Modules | exited | static | /usr/lib/systemd/systemd-modules-load
systemd-random-seed.service | Load/Save OS Random Seed | exited | static | /usr/lib/systemd/systemd-random-seed load
systemd-remount-fs.service | Remount Root and Kernel File Systems | exited | enabled-runtime | /usr/lib/systemd/systemd-remount-fs
systemd-sysctl.service | Apply Kernel Variables | exited | static | /usr/lib/systemd/systemd-sysctl
systemd-sysusers.service | Create System Users | exited | static | /usr/bin/systemd-sysusers
systemd-tmpfiles-clean.service | Cleanup of Temporary Directories | dead | static | /usr/bin/systemd-tmpfiles --clean
systemd-tmpfiles-setup-dev.service | Create Static Device Nodes in /dev | exited | static | /usr/bin/systemd-tmpfiles --prefix=/dev --create --boot
systemd-tmpfiles-setup.service | Create System Files and Directories | exited | static | /usr/bin/systemd-tmpfiles --create --remove --boot --exclude-prefix=/dev
systemd-udev-trigger.service | Coldplug All udev Devices | exited | static | /usr/bin/udevadm trigger --type=all --action=add --prioritized-subsystem=module,block
systemd-udevd.service | Rule-based Manager for Device Events and Files | running | static | /usr/lib/systemd/systemd-udevd
systemd-update-utmp.service | Record System Boot/Shutdown in UTMP | exited | static | /usr/lib/systemd/systemd-update-utmp reboot
systemd-user-sessions.service | Permit User Sessions | exited | static | /usr/lib/systemd/systemd-user-sessions start
user-runtime-dir@500.service | User Runtime Directory /run/user/500 | exited | static | /usr/lib/systemd/systemd-user-runtime-dir start 500
user@500.service | User Manager for UID 500 | running | static | /usr/lib/systemd/systemd --user
`);
