import { printEntry } from '../../journal/print-entry.ts';
import type { UnitView } from '../../systemd/unit-state.ts';
import { programOf } from '../../systemd/unit-kind.ts';
import { unitFacts } from '../../systemd/unit-properties.ts';
import type { SimulatedHost } from '../../world/simulated-host.ts';
import { agoWords, humanSize, systemdTime } from './columns.ts';

const marks: Readonly<Record<string, string>> = {
  active: '●',
  failed: '×',
  inactive: '○',
  reloading: '↻',
  activating: '●',
  deactivating: '●',
};

/** What `systemctl status` prints of one unit, with its last journal lines. */
export function unitStatus(host: SimulatedHost, unit: UnitView, lines: number): string {
  const facts = unitFacts(host, unit);
  const sinceMs = unit.sinceMs + host.clockOffsetMs;
  const result = unit.active === 'failed' ? ` (Result: ${unit.result})` : '';
  const since =
    unit.active === 'inactive' && !unit.end
      ? ''
      : ` since ${systemdTime(sinceMs)}; ${agoWords(host.now() - sinceMs)} ago`;
  const row = (name: string, text: string) => `${name.padStart(11)}: ${text}\n`;
  const file = facts.fragmentPath
    ? ` (${facts.fragmentPath}; ${unit.file}${/^(?:enabled|disabled)$/.test(unit.file) ? '; preset: enabled' : ''})`
    : '';
  let text = `${marks[unit.active] ?? '●'} ${unit.name} - ${unit.kind.description}\n`;
  text += row('Loaded', `${unit.load}${file}`);
  if (facts.dropInPaths.length > 0) text += row('Drop-In', facts.dropInPaths.join(' '));
  text += row(
    'Active',
    `${unit.active}${['activating', 'deactivating', 'inactive'].includes(unit.active) || unit.sub !== unit.active ? ` (${unit.sub})` : ''}${result}${since}`,
  );
  if (unit.job) text += row('Job', String(unit.job.id));
  for (const each of facts.triggeredBy) text += row('TriggeredBy', `● ${each}`);
  if (facts.documentation.length > 0) text += row('Docs', facts.documentation.join(' '));
  const program = programOf(unit.kind);
  if (unit.end && unit.pid === 0)
    text += row('Process', `${program} (code=${unit.end.how}, status=${unit.end.status})`);
  if (unit.pid > 0) {
    text += row('Main PID', `${unit.pid} (${program})`);
    text += row('Tasks', `${facts.tasks}`);
    text += row('Memory', humanSize((facts.memoryBytes ?? 0) / 1024));
    text += row('CPU', `${((facts.cpuNs ?? 0) / 1e9).toFixed(3)}s`);
    text += row('CGroup', `/system.slice/${unit.name}\n             └─${unit.pid} ${unit.kind.exec}`);
  }
  const entries = host.journal.entries({
    units: [unit.name],
    identifier: null,
    priority: 7,
    fromUs: host.boot.fromMs * 1000,
    untilUs: Number.POSITIVE_INFINITY,
    last: lines,
    fits: null,
  });
  const shown = entries.map((entry) => `${printEntry(entry, 'short', host.spec.name, host.boot.fromMs, [])}\n`);
  return shown.length > 0 ? `${text}\n${shown.join('')}` : text;
}
