import { unitName } from '#shared/contract/ids.ts';
import type { Gate, UnitStep } from '#shared/contract/change.ts';
import type { HostAccess } from '../hosts/host-access.ts';
import { commandLine } from '../lib/shell-quote.ts';
import { readUnits, type UnitStanding } from './unit-undo.ts';

/** One service under the names it has on different systems, and the sockets that may start it instead for each connection. */
interface Family {
  readonly services: readonly string[];
  readonly sockets: readonly string[];
}

const families: readonly Family[] = [
  { services: ['ssh.service', 'sshd.service'], sockets: ['ssh.socket', 'sshd.socket'] },
  { services: ['chrony.service', 'chronyd.service'], sockets: [] },
  { services: ['cron.service', 'crond.service'], sockets: [] },
];

const familyOf = (unit: string) => families.find(({ services }) => services.includes(unit));
const template = /^[^@]+@\.[a-z]+$/;
/** Verbs that are for what runs; the others are for a template itself too. */
const ofRunning: ReadonlySet<UnitStep['verb']> = new Set(['reload', 'restart', 'reload-or-restart', 'stop']);

/** What steps and gates name, as it is on one host. */
type Named = { readonly actions: readonly UnitStep[]; readonly gates: readonly Gate[] };

/**
 * Steps and gates with the units that this host has: a service by the name it has here, a template by those of its
 * instances that run. What a socket starts anew for each connection needs no step, and its gate is the socket's.
 */
export async function unitsHere(access: HostAccess, { actions, gates }: Named): Promise<Named> {
  const units = actions.flatMap(({ verb, unit }) => (unit !== null && ofRunning.has(verb) ? [unit] : []));
  const wanted = [...new Set(units)].flatMap((unit) => familyOf(unit) ?? []);
  const names = [...new Set(wanted.flatMap(({ services, sockets }) => [...services, ...sockets]))];
  const standing = await readUnits(access, names);
  const here = new Map<string, Here>();
  for (const unit of new Set(units)) {
    const family = familyOf(unit);
    if (family) here.set(unit, serviceHere(unit, family, standing));
    else if (template.test(unit)) {
      const running = await instancesOf(access, unit);
      here.set(unit, { steps: running, gates: running });
    }
  }
  const named = (unit: string | null) => (unit === null ? undefined : here.get(unit));
  return {
    actions: actions.flatMap((action) => {
      const found = ofRunning.has(action.verb) ? named(action.unit) : undefined;
      return found ? found.steps.map((unit) => ({ ...action, unit })) : [action];
    }),
    gates: gates.flatMap((gate) => {
      const found = gate.kind === 'unit-active' ? named(gate.unit) : undefined;
      return found ? found.gates.map((unit): Gate => ({ ...gate, unit }) as Gate) : [gate];
    }),
  };
}

/** Which units a step is for on a host, and which must be active afterwards. */
interface Here {
  readonly steps: readonly string[];
  readonly gates: readonly string[];
}

/** What runs is meant; else what a socket starts; else what there is. Where nothing is known, as it was named. */
export function serviceHere(unit: string, family: Family, standing: ReadonlyMap<string, UnitStanding>): Here {
  const order = [unit, ...family.services.filter((other) => other !== unit)];
  const active = order.find((name) => standing.get(name)?.active);
  if (active !== undefined) return { steps: [active], gates: [active] };
  const socket = family.sockets.find((name) => standing.get(name)?.active);
  if (socket !== undefined) return { steps: [], gates: [socket] };
  const known = order.find((name) => standing.get(name)?.known) ?? unit;
  return { steps: [known], gates: [known] };
}

async function instancesOf(access: HostAccess, unit: string): Promise<string[]> {
  const pattern = unit.replace('@.', '@*.').replaceAll('\\', '\\\\');
  const words = ['systemctl', 'list-units', '--plain', '--no-legend', '--full', '--state=active,reloading,activating'];
  const { stdout } = await access.exec(commandLine([...words, '--', pattern]), {
    timeoutMs: 15_000,
    maxBytes: 262_144,
  });
  const lines = new TextDecoder().decode(stdout).split('\n');
  const names = lines
    .map((line) => line.trim().split(/\s+/)[0] ?? '')
    .filter((name) => unitName.safeParse(name).success);
  return names.toSorted().slice(0, 100);
}
