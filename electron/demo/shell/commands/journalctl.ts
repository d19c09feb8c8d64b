import { printEntry } from '../../journal/print-entry.ts';
import { type JournalEntry, type JournalWish, timeOfCursor } from '../../journal/simulated-journal.ts';
import type { CommandCall, CommandRun, CommandTable } from '../command.ts';
import { type Flags, readFlags } from '../flags.ts';
import { columns, systemdTime } from './columns.ts';
import { complain, put } from './text-input.ts';

const taking = [
  'u',
  'unit',
  'n',
  'lines',
  'o',
  'output',
  'p',
  'priority',
  't',
  'identifier',
  'S',
  'since',
  'U',
  'until',
  'g',
  'grep',
];
const takingToo = ['after-cursor', 'cursor', 'output-fields'];
const levels = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];
const followMs = 1000;

/** A moment as journalctl takes it, epoch ms; null for what this simulated one does not know. */
function moment(text: string, nowMs: number): number | null {
  const ago = /^-?(\d+)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?)(?:\s+ago)?$/.exec(text);
  if (ago) {
    const unit = ago[2]?.charAt(0) as 's' | 'm' | 'h' | 'd';
    return nowMs - Number(ago[1]) * { s: 1e3, m: 6e4, h: 36e5, d: 864e5 }[unit];
  }
  if (text === 'today') return Math.floor(nowMs / 864e5) * 864e5;
  if (text === 'yesterday') return Math.floor(nowMs / 864e5) * 864e5 - 864e5;
  if (text === 'now') return nowMs;
  if (/^@\d+(\.\d+)?$/.test(text)) return Number(text.slice(1)) * 1000;
  const iso = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?))?/.exec(text);
  return iso ? Date.parse(`${iso[1]}T${(iso[2] ?? '00:00').padEnd(8, ':00')}Z`) : null;
}

const withType = (name: string) => (/\.\w+$/.test(name) ? name : `${name}.service`);

/** What is wished for; a text says what is not understood. */
function wishOf(call: CommandCall, flags: Flags): JournalWish | string {
  const { host } = call;
  const times = { since: flags.value('S', 'since'), until: flags.value('U', 'until') };
  const since = times.since === undefined ? 0 : moment(times.since, host.now());
  const until = times.until === undefined ? Number.POSITIVE_INFINITY : moment(times.until, host.now());
  if (since === null || until === null) return `Failed to parse timestamp: ${times.since ?? times.until}`;
  const level = flags.value('p', 'priority') ?? '7';
  const priority = /^[0-7]$/.test(level) ? Number(level) : levels.indexOf(level);
  if (priority < 0) return `Unknown log level ${level}`;
  const asked = flags.value('boot');
  const boots = host.boots;
  const boot =
    asked === undefined
      ? null
      : /^-?\d*$/.test(asked)
        ? boots[boots.length - 1 + Number(asked || 0)]
        : boots.find(({ id }) => id.replaceAll('-', '') === asked);
  if (boot === undefined) return `Data from the specified boot (${asked}) is not available`;
  const cursor = flags.value('after-cursor', 'cursor');
  const cursorUs = cursor === undefined ? null : timeOfCursor(cursor);
  if (cursor !== undefined && cursorUs === null) return 'Failed to seek to cursor: Invalid argument';
  const pattern = flags.value('g', 'grep');
  let expression: RegExp | null = null;
  try {
    if (pattern !== undefined) expression = new RegExp(pattern, /[A-Z]/.test(pattern) ? '' : 'i');
  } catch {
    return 'Failed to compile pattern';
  }
  const lines = flags.value('n', 'lines');
  const usual = flags.has('f', 'follow') && !flags.has('no-tail') ? 10 : 1000;
  return {
    units: flags.values('u', 'unit').map(withType),
    identifier: flags.value('t', 'identifier') ?? (flags.has('k', 'dmesg') ? 'kernel' : null),
    priority,
    fromUs: Math.max(
      since * 1000,
      (boot?.fromMs ?? 0) * 1000,
      cursorUs === null ? 0 : cursorUs + (flags.has('after-cursor') ? 1 : 0),
    ),
    untilUs: Math.min(until * 1000, (boot?.untilMs ?? Number.POSITIVE_INFINITY) * 1000),
    last: lines === undefined ? usual : lines === 'all' ? 5000 : Math.min(5000, Number(lines.replace('+', '')) || 0),
    fits: expression && ((entry) => expression.test(entry.message)),
  };
}

async function listBoots(call: CommandCall, flags: Flags): Promise<number> {
  const { boots } = call.host;
  const rows = boots.map(({ id, fromMs, untilMs }, at) => ({
    index: at - boots.length + 1,
    boot_id: id.replaceAll('-', ''),
    first_entry: Math.round(fromMs * 1000),
    last_entry: Math.round((untilMs ?? call.host.now()) * 1000),
  }));
  // JSON came with systemd 251; every release here is newer.
  if ((flags.value('o', 'output') ?? '').startsWith('json')) await put(call, `${JSON.stringify(rows)}\n`);
  else {
    const head = ['IDX', 'BOOT ID', 'FIRST ENTRY', 'LAST ENTRY'];
    const shown = rows.map((row) => [
      String(row.index),
      row.boot_id,
      systemdTime(row.first_entry / 1000),
      systemdTime(row.last_entry / 1000),
    ]);
    await put(call, columns([head, ...shown], [0]));
  }
  return 0;
}

/** `-b` takes the next word only when that can be a boot. */
function withBoot(words: readonly string[]): string[] {
  return words.flatMap((word, at) => {
    const before = words[at - 1];
    const isBoot = /^(?:-?\d+|[0-9a-f]{32})$/.test(word);
    if (isBoot && (before === '-b' || before === '--boot')) return [];
    if (word !== '-b' && word !== '--boot') return [word];
    const next = words[at + 1] ?? '';
    return [`--boot=${/^(?:-?\d+|[0-9a-f]{32})$/.test(next) ? next : '0'}`];
  });
}

const journalctl: CommandRun = async (call) => {
  const flags = readFlags(withBoot(call.words), [...taking, ...takingToo]);
  const { host } = call;
  if (flags.has('list-boots')) return listBoots(call, flags);
  if (flags.has('disk-usage')) {
    await put(call, 'Archived and active journals take up 112.0M in the file system.\n');
    return 0;
  }
  if (flags.has('flush', 'sync', 'rotate'))
    return call.user === 'root' ? 0 : complain(call, 'Failed to connect: Permission denied');
  const wish = wishOf(call, flags);
  if (typeof wish === 'string') return complain(call, wish);
  const mode = flags.value('o', 'output') ?? 'short';
  const fields = (flags.value('output-fields') ?? '').split(',').filter((field) => field !== '');
  const print = async (entries: readonly JournalEntry[]) => {
    for (const entry of entries) {
      await call.process.step();
      await put(call, `${printEntry(entry, mode, host.spec.name, bootStart(call, entry), fields)}\n`);
    }
  };
  const first = host.journal.entries(wish);
  await print(flags.has('r', 'reverse') ? first.toReversed() : first);
  if (first.length === 0 && !flags.has('f', 'follow', 'q', 'quiet') && mode.startsWith('short'))
    await put(call, '-- No entries --\n');
  if (!flags.has('f', 'follow')) return 0;
  let fromUs = (first.at(-1)?.atUs ?? Math.max(wish.fromUs, host.now() * 1000)) + 1;
  for (;;) {
    await nextLook(call);
    const more = host.journal.entries({ ...wish, fromUs, last: 5000 });
    await print(more);
    fromUs = (more.at(-1)?.atUs ?? fromUs - 1) + 1;
  }
};

function bootStart(call: CommandCall, entry: JournalEntry): number {
  return call.host.boots.find(({ id }) => id === entry.bootId)?.fromMs ?? 0;
}

/** Until something was noted, or a second went by in which chatter may have come. */
async function nextLook(call: CommandCall): Promise<void> {
  let stop = () => {};
  try {
    await call.process.until(
      new Promise<void>((resolve) => {
        const unfollow = call.host.journal.follow(resolve);
        const cancel = call.host.schedule.after(followMs, resolve);
        stop = () => {
          unfollow();
          cancel();
        };
      }),
    );
  } finally {
    stop();
  }
}

const dmesg: CommandRun = async (call) => {
  if (call.user !== 'root') return complain(call, 'dmesg: read kernel buffer failed: Operation not permitted');
  return journalctl({ ...call, words: ['-k', '-b', '0', '-o', 'cat'] });
};

export const journalCommands: CommandTable = { journalctl, dmesg };
