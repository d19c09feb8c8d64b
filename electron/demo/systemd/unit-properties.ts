import { mix, part, seedOf } from '../world/chance.ts';
import type { SimulatedHost } from '../world/simulated-host.ts';
import { programOf, unitType } from './unit-kind.ts';
import { unitMoments } from './unit-moments.ts';
import { relationsOf, unitFiles } from './unit-text.ts';
import type { UnitView } from './unit-state.ts';

/** Everything systemd tells of a unit, in the units it uses: microseconds, bytes, nanoseconds. Times are the host's. */
export interface UnitFacts {
  readonly unit: UnitView;
  readonly fragmentPath: string;
  readonly dropInPaths: readonly string[];
  readonly stateChangeUs: number;
  readonly memoryBytes: number | null;
  readonly cpuNs: number | null;
  readonly tasks: number | null;
  readonly requires: readonly string[];
  readonly wants: readonly string[];
  readonly after: readonly string[];
  readonly wantedBy: readonly string[];
  readonly triggeredBy: readonly string[];
  readonly documentation: readonly string[];
}

const mebi = 1024 * 1024;

/** Works out what is to be told of a unit now. */
export function unitFacts(host: SimulatedHost, unit: UnitView): UnitFacts {
  const { kind } = unit;
  const [fragment] = unitFiles(kind, host.spec.role);
  const relations = relationsOf(kind, fragment?.path.startsWith('/etc/') ?? false);
  const nowMs = host.schedule.now();
  const enteredMs = unit.sinceMs + host.clockOffsetMs;
  const own = seedOf(unit.name, host.spec.seed);
  const runs = unit.pid > 0;
  const aliveS = Math.max(0, (nowMs - unit.sinceMs) / 1000);
  const large = /postgres|storefront|worker|build|docker|etcd/.test(unit.name) ? 900 : 40;
  return {
    unit,
    fragmentPath: fragment?.path ?? '',
    dropInPaths: fragment ? dropInsOf(host, unit.name) : [],
    stateChangeUs: enteredMs * 1000,
    memoryBytes: runs
      ? Math.round(large * mebi * (0.3 + part(own, 1)) * (1 + 0.05 * part(own, Math.floor(nowMs / 5000))))
      : null,
    cpuNs: runs ? Math.round(aliveS * 1e9 * (large > 100 ? 0.4 : 0.01) * part(own, 2)) : null,
    tasks: runs ? 1 + (mix(own, 3) % (large > 100 ? 40 : 8)) : null,
    ...relations,
    documentation: unitType(unit.name) === 'service' && kind.exec ? [`man:${programOf(kind)}(8)`] : [],
  };
}

/** Those that came with the host, less what was removed, and what was written since. */
function dropInsOf(host: SimulatedHost, name: string): string[] {
  const folder = `/etc/systemd/system/${name}.d`;
  const names = (host.files.list(folder) ?? []).filter((one) => one.endsWith('.conf'));
  return names.toSorted().map((one) => `${folder}/${one}`);
}

/** As `systemctl show` prints it: names and texts in its order. */
export function shownProperties(host: SimulatedHost, facts: UnitFacts): [string, string][] {
  const { unit } = facts;
  const time = (us: number) => (us > 0 ? timestamp(us / 1000) : '');
  const figure = (value: number | null) => (value === null ? '[not set]' : String(value));
  const service: [string, string][] =
    unitType(unit.name) === 'service'
      ? [
          ['Type', unit.kind.sub === 'exited' || unit.kind.sub === 'dead' ? 'oneshot' : 'simple'],
          ['Restart', unit.kind.sub === 'running' ? 'on-failure' : 'no'],
          ['MainPID', String(unit.pid)],
          ['ExecMainPID', String(unit.pid)],
          ['ExecMainCode', String(exitCodeKind(unit))],
          ['ExecMainStatus', String(unit.end?.status ?? 0)],
          ['NRestarts', String(unit.restarts)],
          ['Result', unit.result],
          ['ExecStart', `{ path=${unit.kind.exec.split(' ')[0]} ; argv[]=${unit.kind.exec} ; ignore_errors=no }`],
          ['MemoryCurrent', figure(facts.memoryBytes)],
          ['CPUUsageNSec', figure(facts.cpuNs)],
          ['TasksCurrent', figure(facts.tasks)],
        ]
      : [];
  return [
    ...service,
    ['Id', unit.name],
    ['Names', unit.name],
    ['Requires', facts.requires.join(' ')],
    ['Wants', facts.wants.join(' ')],
    ['WantedBy', facts.wantedBy.join(' ')],
    ['After', facts.after.join(' ')],
    ['TriggeredBy', facts.triggeredBy.join(' ')],
    ['Documentation', facts.documentation.join(' ')],
    ['Description', unit.kind.description],
    ['LoadState', unit.load],
    ['ActiveState', unit.active],
    ['SubState', unit.sub],
    ['FragmentPath', facts.fragmentPath],
    ['DropInPaths', facts.dropInPaths.join(' ')],
    ['UnitFileState', unit.file],
    ['StateChangeTimestamp', time(facts.stateChangeUs)],
    ...unitMoments(host, unit).flatMap(({ name, us, monotonicUs }): [string, string][] => [
      [`${name}Timestamp`, time(us)],
      [`${name}TimestampMonotonic`, String(Math.round(monotonicUs))],
    ]),
    ...(unit.name === 'zincati.service' && unit.active === 'active'
      ? ([
          [
            'StatusText',
            `periodically polling for updates (last checked ${timestamp(host.now() - (host.now() % 300_000))})`,
          ],
        ] as [string, string][])
      : []),
    ['NeedDaemonReload', 'no'],
    ...(unit.job ? ([['Job', String(unit.job.id)]] as [string, string][]) : []),
    ['InvocationID', host.boot.id.replaceAll('-', '')],
  ];
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function timestamp(atMs: number): string {
  const at = new Date(atMs);
  return `${days[at.getUTCDay()]} ${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** The kernel's code of how the main process ended: 1 exited, 2 killed, 3 dumped core; 0 while it has not. */
export function exitCodeKind(unit: UnitView): number {
  return unit.end ? { exited: 1, killed: 2, dumped: 3 }[unit.end.how] : 0;
}
