import type { Validator } from '#shared/contract/change.ts';
import type { FileCheck } from '#shared/formats/cluster-file/cluster-file.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { pathGlob } from '#shared/lib/path-glob.ts';

type Check = Omit<Validator, 'path'>;

interface Rule {
  readonly matches: RegExp;
  readonly checks: readonly Check[];
}

/** Runs only where the tool is there: a host without nginx has no nginx to break. */
const where = (tool: string, command: string) => `command -v ${tool} >/dev/null 2>&1 || exit 0\n${command}`;

const unitSuffix = '\\.(service|socket|mount|automount|swap|target|path|timer|slice)';

/**
 * Units are checked together with what is on the host already. Only complaints about the file itself count: verify also
 * reads what the unit depends on. It exits with 0 for keys it does not know, so that its words are read too.
 */
const verifyUnit = (unit: string) =>
  where(
    'systemd-analyze',
    `said=$(SYSTEMD_UNIT_PATH="$QD_ROOT/etc/systemd/system:" systemd-analyze verify --man=no ${unit} 2>&1)
code=$?
about=$(printf '%s\\n' "$said" | grep -F -e "$1:" -e "\${1##*/}:")
[ -n "$about" ] && { printf '%s\\n' "$about"; exit 1; }
[ "$code" = 0 ] || printf '%s\\n' "$said" | grep -q -F "$unit" || exit 0
[ "$code" = 0 ] || { printf '%s\\n' "$said"; exit 1; }`,
  );

/**
 * networkd has no command that checks its files, so it reads them itself: started for two seconds with nothing of the host in
 * reach (a network of its own that has only lo, no bus, its own state folder), with the new files among those that are there.
 * What it says of the file, with the line, is what it would say later. Where that cannot be done nothing is said: its syntax
 * was checked as the plan was made.
 */
const networkdReads = `daemon=/usr/lib/systemd/systemd-networkd
[ -x "$daemon" ] || daemon=/lib/systemd/systemd-networkd
[ -x "$daemon" ] && command -v unshare >/dev/null 2>&1 || exit 0
copy=$QD_ROOT/etc/systemd/quarterdeck-network
mkdir -p "$copy"
[ ! -d /etc/systemd/network ] || cp -R /etc/systemd/network/. "$copy/"
cp -R "$QD_ROOT/etc/systemd/network/." "$copy/"
chmod -R a+rX "$copy"
said=$(unshare -m -n --propagation private /bin/sh -c '
[ ! -d /run/dbus ] || mount -t tmpfs none /run/dbus || exit 0
[ ! -d /var/lib/systemd/network ] || mount -t tmpfs none /var/lib/systemd/network || exit 0
if [ -d /etc/systemd/network ] && [ -d /run/systemd/netif ]; then
  mount -t tmpfs none /run/systemd/netif && mount --bind "$1" /etc/systemd/network || exit 0
else
  mount -t tmpfs none /run/systemd && mkdir /run/systemd/netif /run/systemd/network || exit 0
  mount --bind "$1" /run/systemd/network || exit 0
fi
chmod 755 /run/systemd/netif
chown systemd-network:systemd-network /run/systemd/netif 2>/dev/null
unset NOTIFY_SOCKET
SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_LEVEL=warning timeout 2 "$2"
' quarterdeck-networkd "$copy" "$daemon" 2>&1)
about=$(printf '%s\n' "$said" | grep -F "/\${1##*/}:" | grep -E 'nknown|nvalid|ailed to parse|gnoring' | grep -v -i deprecated)
[ -z "$about" ] || { printf '%s\n' "$about"; exit 1; }`;

/** By path, the first rule that matches; kept in one table so that another kind of file is one more entry. */
const rules: readonly Rule[] = [
  {
    matches: new RegExp(`^/etc/systemd/system/[^/]+${unitSuffix}$`),
    checks: [{ name: 'systemd-analyze verify', when: 'staged', command: `unit=\${1##*/}\n${verifyUnit('"$1"')}` }],
  },
  {
    matches: new RegExp(`^/etc/systemd/system/[^/]+${unitSuffix}\\.d/[^/]+\\.conf$`),
    checks: [
      {
        name: 'systemd-analyze verify',
        when: 'staged',
        command: `unit=\${1%/*}\nunit=\${unit##*/}\nunit=\${unit%.d}\n${verifyUnit('"$unit"')}`,
      },
    ],
  },
  {
    matches: /^\/etc\/ssh\/sshd_config(\.d\/[^/]+\.conf)?$/,
    checks: [
      {
        name: 'sshd -t',
        when: 'staged',
        command: `PATH=$PATH:/usr/sbin:/sbin
${where(
  'sshd',
  // The main file is read with the new snippet instead of the old one.
  `whole=$QD_ROOT/etc/ssh/quarterdeck-whole
mkdir -p "$QD_ROOT/etc/ssh/quarterdeck.d"
for one in /etc/ssh/sshd_config.d/*.conf "$QD_ROOT"/etc/ssh/sshd_config.d/*.conf; do
  [ -f "$one" ] && cp "$one" "$QD_ROOT/etc/ssh/quarterdeck.d/"
done
main=/etc/ssh/sshd_config
[ -f "$QD_ROOT$main" ] && main=$QD_ROOT$main
sed "s,/etc/ssh/sshd_config.d/,$QD_ROOT/etc/ssh/quarterdeck.d/," "$main" >"$whole"
exec "$(command -v sshd)" -t -f "$whole"`,
)}`,
      },
    ],
  },
  {
    matches: /^\/etc\/systemd\/network\/[^/]+\.(network|netdev)(\.d\/[^/]+\.conf)?$/,
    checks: [{ name: 'systemd-networkd', when: 'staged', command: `PATH=$PATH:/usr/sbin:/sbin\n${networkdReads}` }],
  },
  {
    matches: /^\/etc\/sudoers(\.d\/[^/]+)?$/,
    checks: [
      {
        name: 'visudo -c',
        when: 'staged',
        command: `PATH=$PATH:/usr/sbin:/sbin\n${where('visudo', 'exec visudo -c -q -f "$1"')}`,
      },
    ],
  },
  {
    matches: /^\/etc\/nginx\//,
    checks: [
      {
        name: 'nginx -t',
        when: 'in-place',
        command: `PATH=$PATH:/usr/sbin:/sbin\n${where('nginx', 'exec nginx -t -q')}`,
      },
    ],
  },
  {
    matches: /^\/etc\/sysctl(\.d\/[^/]+)?\.conf$/,
    checks: [
      {
        name: 'sysctl names',
        when: 'staged',
        // Every name must exist; a leading "-" says that it need not.
        command: `bad=0
while read -r line || [ -n "$line" ]; do
  case $line in '' | '#'* | ';'* | -*) continue ;; *=*) ;; *) echo "not a setting: $line"; bad=1; continue ;; esac
  name=$(printf '%s' "\${line%%=*}" | tr -d ' \\t' | tr . /)
  case $name in *'*'*) continue ;; esac
  [ -e "/proc/sys/$name" ] || { echo "this kernel has no \${line%%=*}"; bad=1; }
done <"$1"
exit $bad`,
      },
    ],
  },
];

/**
 * The checks that a file at this path gets without being asked for: by the host's own tools, and those that the cluster's
 * file declares.
 */
export function validatorsFor(path: string, declared: readonly FileCheck[]): Validator[] {
  const rule = rules.find(({ matches }) => matches.test(path));
  const known = (rule?.checks ?? []).map((check) => ({ ...check, path }));
  const own = declared.filter((check) => pathGlob(check.path).test(path));
  return [...known, ...own.map(({ command, when }) => ({ name: nameOf(command), when, path, command }))];
}

/** A command as it is told of: its program. */
function nameOf(command: string): string {
  return cleanLine(command.trim(), 60);
}
