import type { CountedUnits, HostsOfUnit, Unit } from '#shared/contract/unit.ts';

/** The units of one host as they are followed now; null while they are not. */
export type UnitsOfHost = readonly [host: string, units: readonly Unit[] | null];

/** Names told in one answer; the ones that fewest hosts have are left out. */
const mostNames = 5000;
/** Hosts counted between two pauses, so that a large fleet's connections are served meanwhile. */
const atOnce = 50;

const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Every unit name of these hosts with how many have it in which active state: the failed first, then what most hosts have.
 * A unit that a host only heard of (named by another one, with no file and not running) is none of its units.
 */
export async function countUnits(hosts: Iterable<UnitsOfHost>, type: string): Promise<CountedUnits> {
  const counted = new Map<string, CountedUnits['units'][number]>();
  const unread: string[] = [];
  let read = 0;
  for (const [host, units] of hosts) {
    if (!units) {
      unread.push(host);
      continue;
    }
    if (++read % atOnce === 0) await pause();
    for (const unit of units) {
      if ((type !== 'all' && !unit.name.endsWith(`.${type}`)) || isOnlyNamed(unit)) continue;
      let count = counted.get(unit.name);
      if (!count) {
        count = { name: unit.name, description: unit.description, hosts: 0, states: {}, jobs: 0 };
        counted.set(unit.name, count);
      }
      count.hosts++;
      count.states[unit.active] = (count.states[unit.active] ?? 0) + 1;
      if (unit.job !== '') count.jobs++;
    }
  }
  const failed = ({ states }: CountedUnits['units'][number]) => states['failed'] ?? 0;
  const units = [...counted.values()].toSorted(
    (a, b) => failed(b) - failed(a) || b.hosts - a.hosts || (a.name < b.name ? -1 : 1),
  );
  return { units: units.slice(0, mostNames), more: Math.max(0, units.length - mostNames), read, unread };
}

/** Where one unit is how; hosts whose systemd has not loaded it are told apart from those that cannot be asked now. */
export function hostsOfUnit(hosts: Iterable<UnitsOfHost>, name: string): HostsOfUnit {
  const found: HostsOfUnit = { hosts: [], without: [], unread: [] };
  for (const [host, units] of hosts) {
    const unit = units?.find((one) => one.name === name);
    if (!units) found.unread.push(host);
    else if (!unit || isOnlyNamed(unit)) found.without.push(host);
    else found.hosts.push({ host, unit });
  }
  return found;
}

function isOnlyNamed({ load, active }: Unit): boolean {
  return load === 'not-found' && active === 'inactive';
}
