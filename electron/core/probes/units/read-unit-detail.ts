import { toProblem } from '#shared/contract/problem.ts';
import type { UnitDetail } from '#shared/contract/unit.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { HostAccess } from '../../hosts/host-access.ts';
import { exitWords } from './exit-words.ts';
import { type JournalTail, readJournal } from './read-journal.ts';
import { type ReadProperties, readProperties, type UnitMoment } from './read-properties.ts';
import { readUnitFiles, type UnitFiles } from './read-unit-files.ts';

export interface ReadUnitDetailOptions {
  readonly now?: () => number;
}

/**
 * Reads everything about one unit: properties over the bus (else `systemctl show`), files, and the last 50 journal
 * lines. Rejects with a ProblemError when there are no properties; files and journal that cannot be read say so in it.
 */
export async function readUnitDetail(
  access: HostAccess,
  unit: string,
  options: ReadUnitDetailOptions = {},
): Promise<UnitDetail> {
  const now = options.now ?? Date.now;
  const journal = readJournal(access, unit).catch(
    (error: unknown): JournalTail => ({ lines: [], reason: toProblem(error).message }),
  );
  const read = await readProperties(access, unit);
  const { properties } = read;
  const paths = [properties.text('FragmentPath'), ...properties.list('DropInPaths')].filter((path) => path !== '');
  const files = await readUnitFiles(access, paths, properties.number('MainPID') ?? 0).catch(
    (error: unknown): UnitFiles => ({
      files: paths.map((path) => ({ path, text: `# ${toProblem(error).message}\n`, read: false })),
      mainProcess: '',
    }),
  );
  return unitDetailOf(unit, read, files, await journal, now());
}

/** The moment at which a unit's active state began, as `systemctl status` reckons it. */
function beganWith(active: string): UnitMoment {
  if (active === 'inactive' || active === 'failed') return 'InactiveEnter';
  if (active === 'activating') return 'InactiveExit';
  return active === 'deactivating' ? 'ActiveExit' : 'ActiveEnter';
}

function unitDetailOf(
  unit: string,
  { properties, job, moment }: ReadProperties,
  { files, mainProcess }: UnitFiles,
  journal: JournalTail,
  readAt: number,
): UnitDetail {
  const text = (name: string) => cleanLine(properties.text(name), 1000);
  const list = (name: string) => properties.list(name).map((each) => cleanLine(each, 300));
  const active = text('ActiveState');
  const isUp = ['active', 'reloading', 'refreshing', 'deactivating'].includes(active);
  return {
    readAt,
    unit: {
      name: text('Id') || unit,
      description: text('Description'),
      load: text('LoadState'),
      active,
      sub: text('SubState'),
      job,
      since: moment(beganWith(active)),
    },
    unitFileState: text('UnitFileState'),
    fragmentPath: text('FragmentPath'),
    files: files.map(({ path, text: shown }) => ({ path, text: shown })),
    needDaemonReload: properties.text('NeedDaemonReload') === 'yes',
    mainPid: properties.number('MainPID') ?? 0,
    mainProcess,
    result: text('Result'),
    exitStatus: exitWords(properties.number('ExecMainCode') ?? 0, properties.number('ExecMainStatus') ?? 0),
    restarts: properties.number('NRestarts') ?? 0,
    activeSince: isUp ? moment('ActiveEnter') : null,
    memoryBytes: properties.number('MemoryCurrent'),
    cpuNanoseconds: properties.number('CPUUsageNSec'),
    tasks: properties.number('TasksCurrent'),
    requires: list('Requires'),
    wants: list('Wants'),
    after: list('After'),
    requiredBy: list('RequiredBy'),
    wantedBy: list('WantedBy'),
    triggeredBy: list('TriggeredBy'),
    documentation: list('Documentation'),
    journal: journal.lines,
    journalReason: journal.reason,
  };
}
