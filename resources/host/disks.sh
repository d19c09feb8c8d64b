# quarterdeck disks 1: mounted file systems that can fill up; a dead NFS server must not hold it for ever.
LC_ALL=C
export LC_ALL
set -f
soon=
command -v timeout >/dev/null 2>&1 && soon='timeout 5'
mounts=$(grep -E '^[^ ]+ ([^ ]+ (ext[234]|xfs|btrfs|vfat|exfat|f2fs|jfs|zfs|bcachefs|ntfs3?|nfs4?|cifs|smb3|ceph|fuse\.[a-z]+)|/ overlay|/(tmp|run) tmpfs) ' /proc/mounts | head -n 60)
echo '== mounts'
echo "$mounts"
paths=$(echo "$mounts" | cut -d ' ' -f 2 | grep -v '[\\]')
if [ -n "$paths" ]; then
  echo '== blocks'
  $soon df -P -k $paths 2>/dev/null
  echo '== inodes'
  $soon df -P -i $paths 2>/dev/null
fi
echo '== end'
