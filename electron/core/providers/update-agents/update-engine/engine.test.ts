import { describe, expect, it } from 'vitest';
import { parseUpdateConf } from '#shared/formats/update-conf/parse.ts';
import { blankUpdate } from '../blank-update.ts';
import { rebootStrategy, rebootWindows, weeklyWindows } from './locksmith.ts';
import { readSlots } from './slots.ts';
import { statusOfBus, statusOfClient, withStatus } from './status.ts';

describe('what update_engine says', () => {
  const block = (op: string, version = '4230.2.1') => [
    'LAST_CHECKED_TIME=1753790400',
    'PROGRESS=0.420000',
    `CURRENT_OP=${op}`,
    `NEW_VERSION=${version}`,
    'NEW_SIZE=497118277',
  ];

  it('is the same over the bus and by the client', () => {
    const byClient = statusOfClient(block('UPDATE_STATUS_DOWNLOADING'));
    const overBus = statusOfBus([1753790400n, 0.42, 'UPDATE_STATUS_DOWNLOADING', '4230.2.1', 497118277n]);
    expect(byClient).toEqual(overBus);
    expect(byClient && withStatus(blankUpdate('update-engine', 0), byClient)).toMatchObject({
      phase: 'downloading',
      phaseText: 'Downloads 4230.2.1: 42 % of 497 MB.',
      progress: 0.42,
      offered: '4230.2.1',
      lastCheckAt: 1753790400000,
    });
  });

  it.each([
    ['0.0.0', null],
    ['0.0.0.0', null],
    ['', null],
    ['4230.2.1', '4230.2.1'],
  ])('takes the version %j for %j', (version, shown) => {
    expect(statusOfClient(block('UPDATE_STATUS_IDLE', version))?.version).toBe(shown);
  });

  it('is refused where it cannot be', () => {
    expect(statusOfBus([1n, 1.5, 'UPDATE_STATUS_IDLE', '', 0n])).toBeNull();
    expect(statusOfBus([1n, Number.NaN, 'UPDATE_STATUS_IDLE', '', 0n])).toBeNull();
    expect(statusOfBus([-1n, 0, 'UPDATE_STATUS_IDLE', '', 0n])).toBeNull();
    expect(statusOfBus(['x'])).toBeNull();
    expect(statusOfClient(['CURRENT_OP=UPDATE_STATUS_IDLE'])).toBeNull();
  });

  it('is shown as unknown where the word is not known', () => {
    const status = statusOfClient(block('UPDATE_STATUS_constructor'));
    expect(status && withStatus(blankUpdate('update-engine', 0), status).phase).toBe('unknown');
  });
});

describe('USR slots', () => {
  const of = (label: string, device: string, flags: string) => [
    `device=${device}`,
    `      270336     2097152       3  Label: "${label}"`,
    `                                  Attr: ${flags} `,
  ];

  it('name what is booted, what comes next and what is staged', () => {
    const lines = [
      'booted=/dev/sda3',
      ...of('USR-A', '/dev/sda3', 'priority=1 tries=0 successful=1'),
      ...of('USR-B', '/dev/sda4', 'priority=2 tries=1 successful=0'),
    ];
    expect(readSlots(lines, { running: '1.0.0', other: '2.0.0', staged: true })).toMatchObject([
      { name: 'USR-A', version: '1.0.0', booted: true, next: false, good: true, staged: false },
      { name: 'USR-B', version: '2.0.0', booted: false, next: true, good: false, tries: 1, staged: true },
    ]);
  });

  it('do not boot next without tries left or a good boot', () => {
    const lines = [
      'booted=/dev/sda3',
      ...of('USR-A', '/dev/sda3', 'priority=1 tries=0 successful=1'),
      ...of('USR-B', '/dev/sda4', 'priority=2 tries=0 successful=0'),
    ];
    const slots = readSlots(lines, { running: '1.0.0', other: null, staged: false });
    expect(slots.map(({ next }) => next)).toEqual([true, false]);
  });

  it('are none where nothing could be read', () => {
    expect(readSlots(['booted='], { running: '1', other: null, staged: false })).toEqual([]);
  });
});

describe('who reboots', () => {
  const conf = (text: string) => [parseUpdateConf('/etc/flatcar/update.conf', text)];

  it('is what locksmithd started with, before what it would read now', () => {
    const running = parseUpdateConf('/run/update-engine/coordinator.conf', 'NAME=locksmithd\nSTRATEGY=etcd-lock');
    expect(rebootStrategy(conf('REBOOT_STRATEGY=off'), running)).toMatchObject({
      name: 'etcd-lock',
      source: running.path,
    });
    expect(rebootStrategy(conf('REBOOT_STRATEGY=off'), null)).toMatchObject({ name: 'off' });
    expect(rebootStrategy([], null)).toMatchObject({ name: 'reboot', source: '' });
    expect(rebootStrategy(conf('REBOOT_STRATEGY=best-effort'), null)).toMatchObject({ name: 'unknown' });
  });

  it('has a window only with both its ends', () => {
    const both = conf('LOCKSMITHD_REBOOT_WINDOW_START=sat 02:30\nREBOOT_WINDOW_LENGTH=2h30m');
    expect(rebootWindows(both, 'Europe/Rome')).toEqual([
      { text: 'every Sat from 02:30 for 2h30m', timeZone: 'Europe/Rome' },
    ]);
    expect(rebootWindows(conf('REBOOT_WINDOW_START=02:30'), 'UTC')).toEqual([]);
    expect(weeklyWindows(conf('REBOOT_WINDOW_START=Sat 02:30\nREBOOT_WINDOW_LENGTH=1h'), 'Europe/Rome')).toEqual({
      weekly: { timeZone: 'Europe/Rome', windows: [{ days: [5], from: 150, lengthMs: 3_600_000, measure: 'elapsed' }] },
    });
    expect(weeklyWindows(conf('REBOOT_WINDOW_START=Sat 02:30\nREBOOT_WINDOW_LENGTH=300h'), 'UTC')).toEqual({});
    expect(rebootWindows(conf('REBOOT_WINDOW_START=x\nREBOOT_WINDOW_LENGTH=1h'), 'UTC')).toEqual([]);
  });
});
