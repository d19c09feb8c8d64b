# quarterdeck disks 2: mounted file systems that can fill up; a dead file server must not hold it for ever.
LC_ALL=C
export LC_ALL
set -f
soon=
command -v timeout >/dev/null 2>&1 && soon='timeout 5'
mounts=$(grep -m 60 -E '^[^ ]+ ([^ ]+ (ext[234]|xfs|btrfs|vfat|exfat|f2fs|jfs|zfs|bcachefs|ntfs3?|nfs4?|cifs|smb3|ceph|fuse\.[a-z]+)|/ overlay|/(tmp|run) tmpfs) ' /proc/mounts)
local='' remote='' readonly='' usual=$IFS
IFS='
'
for mount in $mounts; do
  IFS=' '
  set -- $mount
  case $4 in ro | ro,*) readonly=1 ;; esac
  case $2 in *[\\]*) continue ;; esac
  case $3 in nfs* | cifs | smb3 | ceph | fuse.*) remote="$remote $2" ;; *) local="$local $2" ;; esac
done
echo '== mounts'
echo "$mounts"
echo '== space'
# A local one that hangs cannot be killed either, and a process less is started.
[ -n "$local" ] && stat -f -c '%S %b %f %a %c %d %n' $local 2>/dev/null
if [ -n "$remote" ]; then
  $soon stat -f -c '%S %b %f %a %c %d %n' $remote 2>/dev/null
  # What was read of the others went down with it.
  [ $? = 124 ] && echo '== late' && echo "$remote"
fi
if [ -n "$readonly" ] && [ -r /etc/fstab ]; then
  echo '== fstab'
  IFS=$usual
  while read -r source mount type options rest; do
    case $mount in /*) echo "$mount $options" ;; esac
  done </etc/fstab
fi
echo '== end'
