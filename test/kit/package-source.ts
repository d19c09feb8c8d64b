import type { Lab } from './lab.ts';

/** Puts a version of a package into a repository on a Debian host's own disk, its only source: real apt, real dpkg, no network. */
export function releasePackage(lab: Lab, host: string, version: string, refresh = true) {
  return lab.exec(host, [
    'sh',
    '-ec',
    `mkdir -p /var/lib/lab/repository/p/DEBIAN; cd /var/lib/lab/repository
printf 'Package: lab-thing\\nVersion: %s\\nArchitecture: all\\nMaintainer: lab <lab@lab.invalid>\\nDescription: a thing\\n' "$1" >p/DEBIAN/control
dpkg-deb -b p "thing-$1.deb" >/dev/null
{ cat p/DEBIAN/control; echo "Filename: ./thing-$1.deb"; echo "Size: $(stat -c %s "thing-$1.deb")"
echo "SHA256: $(sha256sum "thing-$1.deb" | cut -d' ' -f1)"; echo; } >>Packages
printf 'Origin: Debian\\nLabel: Debian-Security\\nSuite: stable-security\\nDate: %s\\nSHA256:\\n %s %s Packages\\n' "$(date -Ru)" "$(sha256sum Packages | cut -d' ' -f1)" "$(stat -c %s Packages)" >Release
echo 'deb [trusted=yes] file:/var/lib/lab/repository ./' >/etc/apt/sources.list
rm -f /etc/apt/sources.list.d/*
[ "$2" = no ] || apt-get -qq update`,
    'release',
    version,
    refresh ? 'yes' : 'no',
  ]);
}
