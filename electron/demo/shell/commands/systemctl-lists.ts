import { unitType } from '../../systemd/unit-kind.ts';
import type { UnitView } from '../../systemd/unit-state.ts';
import type { CommandCall } from '../command.ts';
import type { Flags } from '../flags.ts';
import { patternExpression } from '../pattern.ts';
import { agoWords, columns, systemdTime } from './columns.ts';
import { put } from './text-input.ts';

function chosen(call: CommandCall, names: readonly string[], flags: Flags, all: boolean): UnitView[] {
  const types = flags.values('t', 'type').flatMap((each) => each.split(','));
  const states = [
    ...flags.values('state').flatMap((each) => each.split(',')),
    ...(flags.has('failed') ? ['failed'] : []),
  ];
  const patterns = names.map((name) => patternExpression(/[*?[]|\.\w+$/.test(name) ? name : `${name}.service`));
  return call.host.systemd.list().filter((unit) => {
    if (types.length > 0 && !types.includes(unitType(unit.name))) return false;
    if (patterns.length > 0 && !patterns.some((pattern) => pattern.test(unit.name))) return false;
    if (states.length > 0) return [unit.active, unit.sub, unit.load].some((state) => states.includes(state));
    return all || unit.active !== 'inactive' || unit.job !== null;
  });
}

/** `systemctl list-units`. */
export async function listUnits(call: CommandCall, names: readonly string[], flags: Flags): Promise<number> {
  const units = chosen(call, names, flags, flags.has('a', 'all'));
  const hasJobs = units.some((unit) => unit.job);
  const json = flags.value('o', 'output') ?? '';
  if (json.startsWith('json')) {
    const rows = units.map((unit) => ({
      unit: unit.name,
      load: unit.load,
      active: unit.active,
      sub: unit.sub,
      ...(hasJobs && { job: unit.job?.type ?? '' }),
      description: unit.kind.description,
    }));
    await put(call, `${JSON.stringify(rows, null, json === 'json-pretty' ? '\t' : undefined)}\n`);
    return 0;
  }
  const mark = flags.has('plain') ? '' : '  ';
  const rows = units.map((unit) => [
    `${unit.active === 'failed' && mark ? '● ' : mark}${unit.name}`,
    unit.load,
    unit.active,
    unit.sub,
    ...(hasJobs ? [unit.job?.type ?? ''] : []),
    unit.kind.description,
  ]);
  if (flags.has('no-legend')) await put(call, columns(rows));
  else {
    const head = [`${mark}UNIT`, 'LOAD', 'ACTIVE', 'SUB', ...(hasJobs ? ['JOB'] : []), 'DESCRIPTION'];
    const legend =
      'LOAD   = Reflects whether the unit definition was properly loaded.\nACTIVE = The high-level unit activation state, i.e. generalization of SUB.\nSUB    = The low-level unit activation state, values depend on unit type.\n';
    await put(
      call,
      `${columns([head, ...rows])}\n${rows.length > 0 ? `${legend}\n` : ''}${units.length} loaded units listed.${flags.has('failed') ? '' : " Pass --all to see loaded but inactive units, too.\nTo show all installed unit files use 'systemctl list-unit-files'."}\n`,
    );
  }
  return 0;
}

/** `systemctl list-unit-files`. */
export async function listUnitFiles(call: CommandCall, names: readonly string[], flags: Flags): Promise<number> {
  const states = flags.values('state').flatMap((each) => each.split(','));
  const typed = { ...flags, values: (...asked: string[]) => (asked.includes('state') ? [] : flags.values(...asked)) };
  const units = chosen(call, names, typed, true).filter(
    ({ file }) => file !== '' && (states.length === 0 || states.includes(file)),
  );
  const preset = ({ file }: UnitView) => (file === 'enabled' || file === 'disabled' ? 'enabled' : null);
  if ((flags.value('o', 'output') ?? '').startsWith('json')) {
    const rows = units.map((unit) => ({ unit_file: unit.name, state: unit.file, preset: preset(unit) }));
    await put(call, `${JSON.stringify(rows)}\n`);
    return 0;
  }
  const rows = units.map((unit) => [unit.name, unit.file, preset(unit) ?? '-']);
  const legend = flags.has('no-legend') ? '' : `\n${units.length} unit files listed.\n`;
  await put(call, columns(legend ? [['UNIT FILE', 'STATE', 'PRESET'], ...rows] : rows) + legend);
  return 0;
}

const timerPeriodMs = 86_400_000;

/** `systemctl list-timers`. */
export async function listTimers(call: CommandCall, names: readonly string[], flags: Flags): Promise<number> {
  const now = call.host.now();
  const timers = chosen(call, names, flags, true)
    .filter((unit) => unitType(unit.name) === 'timer')
    .map((unit, at) => {
      const periodMs = /minute|asset|queue|wal/.test(unit.kind.description + unit.name) ? 300_000 : timerPeriodMs;
      const phase = ((at * 7919 + call.host.spec.seed) % 1000) / 1000;
      const lastMs = Math.floor((now / periodMs - phase) / 1) * periodMs + phase * periodMs;
      return { unit: unit.name, lastMs, nextMs: lastMs + periodMs, activates: unit.name.replace(/timer$/, 'service') };
    })
    .sort((a, b) => a.nextMs - b.nextMs);
  if ((flags.value('o', 'output') ?? '').startsWith('json')) {
    const us = (ms: number) => Math.round(ms) * 1000;
    const rows = timers.map(({ unit, lastMs, nextMs, activates }) => ({
      next: us(nextMs),
      left: us(nextMs),
      last: us(lastMs),
      passed: us(lastMs),
      unit,
      activates,
    }));
    await put(call, `${JSON.stringify(rows)}\n`);
    return 0;
  }
  const rows = timers.map(({ unit, lastMs, nextMs, activates }) => [
    systemdTime(nextMs),
    `${agoWords(nextMs - now)} left`,
    systemdTime(lastMs),
    `${agoWords(now - lastMs)} ago`,
    unit,
    activates,
  ]);
  const head = ['NEXT', 'LEFT', 'LAST', 'PASSED', 'UNIT', 'ACTIVATES'];
  await put(call, `${columns([head, ...rows])}\n${timers.length} timers listed.\n`);
  return 0;
}
