import type { HostRestarts, OldFilesUnit } from '#shared/contract/restart.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { ScriptSections } from '../script-sections.ts';
import { unitOfCgroup } from './unit-of-cgroup.ts';

const mostUnits = 150;

interface Group {
  readonly unit: string;
  readonly processes: number;
  readonly startTicks: number;
  readonly programs: readonly string[];
  readonly count: number;
  readonly files: string[];
}

/** Reads what resources/host/old-files.awk tells, with when the files were replaced and whose they are; nothing in it is believed. */
export function readOldUnits(sections: ScriptSections): Pick<HostRestarts, 'units' | 'isPart'> {
  const ticksPerS = figure(sections.value('seen', 'tick')) ?? 100;
  const bootedS = figure(sections.value('seen', 'booted'));
  const replaced = timesOf(sections.lines('now'));
  const owners = ownersOf(sections);
  const groups = groupsOf(sections.lines('old'), sections.value('seen', 'init'));
  const units = [...Map.groupBy(groups, ({ unit }) => unit).values()].map((same): OldFilesUnit => {
    const files = [...new Set(same.flatMap((group) => group.files))];
    const times = files.flatMap((file) => replaced.get(file) ?? []);
    const startTicks = Math.min(...same.map((group) => group.startTicks));
    const count = same.reduce((sum, group) => sum + group.count, 0);
    return {
      unit: same[0]?.unit ?? '',
      processes: same.reduce((sum, group) => sum + group.processes, 0),
      programs: [...new Set(same.flatMap((group) => group.programs))].slice(0, 5),
      startedAt: bootedS !== null ? Math.round((bootedS + startTicks / ticksPerS) * 1000) : null,
      replacedAt: times.length === 0 ? null : Math.min(...times),
      files: files.slice(0, 5),
      moreFiles: Math.max(0, count - Math.min(5, files.length)),
      packages: [...new Set(files.flatMap((file) => owners.get(file) ?? []))].slice(0, 5),
    };
  });
  const isPart = units.length > mostUnits || ['more', 'cut'].some((key) => sections.value('old', key) !== '');
  return { units: units.toSorted((a, b) => (a.unit < b.unit ? -1 : 1)).slice(0, mostUnits), isPart };
}

/** More than nothing and in digits, else null. */
function figure(text: string): number | null {
  return /^[1-9]\d{0,11}$/.test(text) ? Number(text) : null;
}

/** `G PROCESSES START FILES CGROUP PROGRAM,…` and, of the one before, `F PATH`. */
function groupsOf(lines: readonly string[], init: string): Group[] {
  const groups: Group[] = [];
  for (const line of lines) {
    const [, processes, start, count, cgroup = '', programs = ''] =
      /^G (\d{1,7}) (\d{1,15}) (\d{1,7}) (\S{1,400}) ?(\S{0,250})$/.exec(line) ?? [];
    if (cgroup !== '') {
      groups.push({
        unit: unitOfCgroup(cgroup, init),
        processes: Math.max(1, Number(processes)),
        startTicks: Number(start),
        count: Number(count),
        programs: programs.split(',').filter(Boolean).slice(0, 5),
        files: [],
      });
    } else if (line.startsWith('F /')) groups.at(-1)?.files.push(cleanLine(line.slice(2), 400));
  }
  return groups;
}

/** `SECONDS PATH`, when what stands there now came. */
function timesOf(lines: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const line of lines) {
    const [, seconds, path = ''] = /^(\d{9,11}) (\/\S{1,400})$/.exec(line) ?? [];
    if (path !== '') times.set(path, Number(seconds) * 1000);
  }
  return times;
}

/** `PACKAGE[:ARCH][, …]: PATH` of dpkg, where a path may lack the `/usr` that it has now, and `PACKAGE: PATH` of rpm. */
function ownersOf(sections: ScriptSections): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  for (const line of [...sections.lines('dpkg'), ...sections.lines('rpm')]) {
    const [, names = '', path = ''] = /^([A-Za-z0-9][\w+.:, -]{0,300}): (\/\S{1,400})$/.exec(line) ?? [];
    if (path === '') continue;
    const packages = names.split(', ').map((name) => name.replace(/:[\w-]+$/, '').slice(0, 128));
    for (const at of [path, `/usr${path}`]) owners.set(at, [...(owners.get(at) ?? []), ...packages]);
  }
  return owners;
}
