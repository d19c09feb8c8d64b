import { describe, expect, it } from 'vitest';
import { HandClock } from '../world/clock.ts';
import { openWorld } from '../world/world.ts';
import { printEntry } from './print-entry.ts';
import { type JournalWish, timeOfCursor } from './simulated-journal.ts';

const start = Date.UTC(2026, 10, 23, 9, 0, 0);
const all: JournalWish = {
  units: [],
  identifier: null,
  priority: 7,
  fromUs: 0,
  untilUs: Number.POSITIVE_INFINITY,
  last: 200,
  fits: null,
};

function open(name = 'web-a1') {
  const clock = new HandClock(start);
  const host = openWorld({ hosts: 24, seed: 1, clock }).hosts.find(({ spec }) => spec.name === name);
  if (!host) throw new Error(`no host ${name}`);
  return { clock, host };
}

describe('a simulated journal', () => {
  it('shows the same past whenever it is asked, in order and without two entries at one time', () => {
    const { clock, host } = open();
    const early = host.journal.entries(all);
    clock.advance(3000);
    const late = host.journal.entries({ ...all, untilUs: start * 1000 + 999 });
    expect(early.length).toBe(200);
    expect(late).toEqual(early);
    const times = early.map(({ atUs }) => atUs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
  });

  it('is followed by cursor without a gap or a repetition', () => {
    const { clock, host } = open();
    let fromUs = start * 1000;
    const followed: string[] = [];
    for (let turn = 0; turn < 90; turn++) {
      clock.advance(1000);
      if (turn === 40) host.journal.note('nginx.service', 'systemd', 'Reloaded nginx.service.');
      const more = host.journal.entries({ ...all, fromUs, last: 5000 });
      followed.push(...more.map(({ cursor }) => cursor));
      const last = more.at(-1);
      if (last) fromUs = (timeOfCursor(last.cursor) ?? 0) + 1;
    }
    const whole = host.journal.entries({ ...all, fromUs: start * 1000, last: 5000 }).map(({ cursor }) => cursor);
    expect(followed).toEqual(whole);
    expect(new Set(whole).size).toBe(whole.length);
    expect(timeOfCursor('nonsense')).toBeNull();
  });

  it('lets a stopped unit be silent and a filter find what it asks for', () => {
    const { clock, host } = open();
    host.systemd.leaveFailed('storefront.service', { how: 'exited', status: 1 }, start);
    clock.advance(600_000);
    const units = ['storefront.service'];
    const since = { ...all, fromUs: start * 1000 + 1 };
    expect(host.journal.entries({ ...since, units })).toEqual([]);
    expect(host.journal.entries({ ...since, units: ['nginx.service'] }).length).toBeGreaterThan(50);
    const warnings = host.journal.entries({ ...all, priority: 4, last: 5 });
    expect(warnings.every(({ priority }) => priority <= 4)).toBe(true);
    expect(host.journal.entries({ ...all, fits: ({ message }) => message.includes('/cart') }).length).toBeGreaterThan(
      0,
    );
  });

  it('names the boot of each entry, and prints it as journalctl does', () => {
    const { clock, host } = open();
    host.journal.note('nginx.service', 'systemd', 'Started "quoted".');
    const before = host.boot.id;
    host.reboot(20_000);
    clock.advance(60_000);
    const boots = new Set(host.journal.entries({ ...all, last: 5000 }).map(({ bootId }) => bootId));
    expect(boots.has(before) && boots.has(host.boot.id)).toBe(true);
    const [entry] = host.journal.entries({
      ...all,
      identifier: 'systemd',
      last: 1,
      fits: ({ message }) => message.includes('quoted'),
    });
    if (!entry) throw new Error('the note is not there');
    expect(printEntry(entry, 'short', 'web-a1', 0, [])).toBe('Nov 23 09:00:00 web-a1 systemd[1]: Started "quoted".');
    expect(JSON.parse(printEntry(entry, 'json', 'web-a1', 0, ['MESSAGE']))).toEqual({
      __CURSOR: entry.cursor,
      __REALTIME_TIMESTAMP: String(entry.atUs),
      __MONOTONIC_TIMESTAMP: String(entry.atUs),
      _BOOT_ID: before.replaceAll('-', ''),
      MESSAGE: 'Started "quoted".',
    });
  });
});
