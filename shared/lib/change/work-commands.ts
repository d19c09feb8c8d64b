import type { HostWork } from '../../contract/work.ts';
import { installsPackages } from '../update/agent-names.ts';

const installs = {
  'update-engine': ['update_engine_client -update'],
  'rpm-ostree': ['rpm-ostree upgrade'],
  bootc: ['bootc upgrade'],
  apt: ['apt-get update', 'DEBIAN_FRONTEND=noninteractive apt-get -y --with-new-pkgs upgrade'],
  dnf: ['dnf -y upgrade'],
} as const;

const otherSlot = [
  'booted=$(rootdev -s /usr)',
  `other=$({ cgpt find -t flatcar-usr; cgpt find -t coreos-usr; } 2>/dev/null | grep '^/dev/' | grep -vxF "$booted" | head -n 1)`,
  '[ -n "$other" ] || { echo there is no other slot >&2; exit 1; }',
  // Some while after its start it makes the booted slot the next one again.
  'systemctl mask --runtime --now update-engine.service',
  `case $(cgpt show "$other") in *successful=1*) ;; *) cgpt add -T 1 "$other" ;; esac`,
  'cgpt prioritize "$other"',
] as const;

const back = { 'update-engine': otherSlot, 'rpm-ostree': ['rpm-ostree rollback'], bootc: ['bootc rollback'] } as const;

/** What a host is taken through, as commands that a person could type as root on it; where there are none, it says so and ends. */
export function workCommands(work: HostWork): string[] {
  const alone = '# By hand nothing waits for the window, the reboot lock, the quorum or people who are logged in.';
  return [alone, ...commandsOf(work), rebootOf(work)];
}

/** Packages alone may need none. */
function rebootOf(work: HostWork): string {
  if (work.kind === 'update' && work.agent === 'apt') return '[ ! -e /run/reboot-required ] || systemctl reboot';
  if (work.kind === 'update' && work.agent === 'dnf') return 'dnf needs-restarting -r || systemctl reboot';
  return 'systemctl reboot';
}

function commandsOf(work: HostWork): readonly string[] {
  if (work.kind === 'reboot') return [];
  const { agent, kind } = work;
  if (kind === 'update') return installs[agent];
  if (installsPackages(agent)) return ['echo packages have no way back >&2; exit 1'];
  return back[agent];
}
