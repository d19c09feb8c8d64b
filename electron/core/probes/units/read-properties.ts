import { fail, toProblem } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { Bus, BusValue } from '../../dbus/bus.ts';
import { plainValues } from '../../dbus/variant.ts';
import type { HostAccess } from '../../hosts/host-access.ts';
import { commandLine } from '../../lib/shell-quote.ts';
import { callManager, propertiesInterface, systemdName, unitInterface } from './systemd-bus.ts';
import { busProperties, shownProperties, type UnitProperties } from './unit-properties.ts';

/** A unit's properties and the type of its queued job. */
export interface ReadProperties {
  readonly properties: UnitProperties;
  readonly job: string;
  /** A moment of the unit's life as epoch ms by the host's clock; null when it has not come yet or is not told. */
  readonly moment: (name: UnitMoment) => number | null;
}

/** What systemd notes the time of when a unit changes its active state. */
export type UnitMoment = 'ActiveEnter' | 'ActiveExit' | 'InactiveEnter' | 'InactiveExit';

const shown =
  'Id,Description,LoadState,ActiveState,SubState,Job,UnitFileState,FragmentPath,DropInPaths,NeedDaemonReload,MainPID,' +
  'ExecMainCode,ExecMainStatus,Result,NRestarts,MemoryCurrent,CPUUsageNSec,TasksCurrent,' +
  'ActiveEnterTimestampMonotonic,ActiveExitTimestampMonotonic,InactiveEnterTimestampMonotonic,' +
  'InactiveExitTimestampMonotonic,' +
  'Requires,Wants,After,RequiredBy,WantedBy,TriggeredBy,Documentation';

/** Reads a unit's properties over the bus, or with `systemctl show` when the bus cannot be used. */
export async function readProperties(access: HostAccess, unit: string): Promise<ReadProperties> {
  try {
    return await readOverBus(await access.bus(), unit);
  } catch (error) {
    const { code } = toProblem(error);
    if (code === 'not-found' || code === 'invalid-input') throw error;
    return showProperties(access, unit);
  }
}

async function readOverBus(bus: Bus, unit: string): Promise<ReadProperties> {
  const [path] = await callManager(bus, 'LoadUnit', 's', [unit]);
  if (typeof path !== 'string') throw fail('protocol', 'systemd gave no path for the unit');
  const all = (iface: string) => bus.call(systemdName, path, propertiesInterface, 'GetAll', 's', [iface]);
  const [[common], [special]] = await Promise.all([all(unitInterface), all(typeInterface(unit))]);
  const values = { ...plainValues(common), ...plainValues(special) };
  const properties = busProperties(values);
  const job = await jobType(bus, values['Job']);
  return { properties, job, moment: (name) => momentOf(properties.number(`${name}Timestamp`), 0) };
}

/** The interface of a unit's own type, e.g. org.freedesktop.systemd1.Service for a .service. */
function typeInterface(unit: string): string {
  const type = unit.slice(unit.lastIndexOf('.') + 1);
  return `${systemdName}.${type.charAt(0).toUpperCase()}${type.slice(1)}`;
}

async function jobType(bus: Bus, job: BusValue | undefined): Promise<string> {
  const [id, path] = Array.isArray(job) ? job : [];
  if (id === undefined || id === 0 || typeof path !== 'string') return '';
  // The job may be over by now.
  const read = bus.call(systemdName, path, propertiesInterface, 'Get', 'ss', [`${systemdName}.Job`, 'JobType']);
  const values = await read.then(
    ([type]) => plainValues({ type: type ?? '' }),
    () => plainValues(undefined),
  );
  return typeof values['type'] === 'string' ? cleanLine(values['type'], 50) : '';
}

async function showProperties(access: HostAccess, unit: string): Promise<ReadProperties> {
  const { host } = access;
  // Times are printed for people; only the count since boot is a number, so that the boot's time is needed too.
  const script = `systemctl show --no-pager -p ${shown} -- "$1" && printf 'Clock=%s %s\\n' "$(date +%s)" "$(cat /proc/uptime)"`;
  const result = await access.exec(commandLine(['env', 'LC_ALL=C', '/bin/sh', '-c', script, 'quarterdeck', unit]));
  if (result.exitCode !== 0) {
    const said = cleanLine(Buffer.from(result.stderr).toString('utf8'), 200) || `exit code ${result.exitCode}`;
    throw fail(result.lost ? 'lost' : 'refused', `systemctl show failed: ${said}`, { host });
  }
  const properties = shownProperties(Buffer.from(result.stdout).toString('utf8'));
  const [clockS = 0, uptimeS = 0] = properties.list('Clock').map(Number);
  const bootMs = (clockS - uptimeS) * 1000;
  return {
    properties,
    job: properties.number('Job') ? 'queued' : '',
    moment: (name) => momentOf(properties.number(`${name}TimestampMonotonic`), bootMs),
  };
}

/** systemd gives 0 for what has not happened. */
function momentOf(us: number | null, fromMs: number): number | null {
  return us ? Math.round(fromMs + us / 1000) : null;
}
