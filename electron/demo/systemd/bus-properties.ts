import type { BusVariant } from '#core/dbus/bus.ts';
import { variant } from '#core/dbus/variant.ts';
import type { SimulatedHost } from '../world/simulated-host.ts';
import { exitCodeKind, unitFacts } from './unit-properties.ts';
import { unitType } from './unit-kind.ts';
import { unitMoments } from './unit-moments.ts';
import type { UnitView } from './unit-state.ts';

const notKept = 2n ** 64n - 1n;
const counter = (value: number | null) =>
  variant('t', value === null ? notKept : BigInt(Math.max(0, Math.round(value))));
const micros = (value: number) => variant('t', BigInt(Math.max(0, Math.round(value))));

/** The Unit interface's properties; those of a unit nobody knows say `not-found`. */
export function unitPropertiesOf(host: SimulatedHost, name: string): Record<string, BusVariant> {
  const unit = host.systemd.get(name);
  if (!unit) {
    return {
      Id: variant('s', name),
      Names: variant('as', [name]),
      Description: variant('s', name),
      LoadState: variant('s', 'not-found'),
      ActiveState: variant('s', 'inactive'),
      SubState: variant('s', 'dead'),
      UnitFileState: variant('s', ''),
      FragmentPath: variant('s', ''),
      Job: variant('(uo)', [0, '/']),
    };
  }
  const facts = unitFacts(host, unit);
  return {
    Id: variant('s', unit.name),
    Names: variant('as', [unit.name]),
    Description: variant('s', unit.kind.description),
    LoadState: variant('s', unit.load),
    ActiveState: variant('s', unit.active),
    SubState: variant('s', unit.sub),
    FragmentPath: variant('s', facts.fragmentPath),
    DropInPaths: variant('as', [...facts.dropInPaths]),
    UnitFileState: variant('s', unit.file),
    NeedDaemonReload: variant('b', false),
    Job: variant('(uo)', unit.job ? [unit.job.id, `/org/freedesktop/systemd1/job/${unit.job.id}`] : [0, '/']),
    StateChangeTimestamp: micros(facts.stateChangeUs),
    ...Object.fromEntries(
      unitMoments(host, unit).flatMap(({ name, us, monotonicUs }) => [
        [`${name}Timestamp`, micros(us)],
        [`${name}TimestampMonotonic`, micros(monotonicUs)],
      ]),
    ),
    Requires: variant('as', [...facts.requires]),
    Wants: variant('as', [...facts.wants]),
    After: variant('as', [...facts.after]),
    RequiredBy: variant('as', []),
    WantedBy: variant('as', [...facts.wantedBy]),
    TriggeredBy: variant('as', [...facts.triggeredBy]),
    Documentation: variant('as', [...facts.documentation]),
    CanStart: variant('b', true),
    CanStop: variant('b', true),
  };
}

/** The properties of a unit's own type. */
export function serviceProperties(host: SimulatedHost, unit: UnitView): Record<string, BusVariant> {
  if (unitType(unit.name) !== 'service') return { Result: variant('s', unit.result) };
  const facts = unitFacts(host, unit);
  return {
    Type: variant('s', unit.kind.sub === 'running' ? 'simple' : 'oneshot'),
    Restart: variant('s', unit.kind.sub === 'running' ? 'on-failure' : 'no'),
    MainPID: variant('u', unit.pid),
    ExecMainPID: variant('u', unit.pid),
    ExecMainCode: variant('i', exitCodeKind(unit)),
    ExecMainStatus: variant('i', unit.end?.status ?? 0),
    Result: variant('s', unit.result),
    NRestarts: variant('u', unit.restarts),
    MemoryCurrent: counter(facts.memoryBytes),
    CPUUsageNSec: counter(facts.cpuNs),
    TasksCurrent: counter(facts.tasks),
    Slice: variant('s', 'system.slice'),
  };
}
