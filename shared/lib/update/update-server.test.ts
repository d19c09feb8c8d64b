import { expect, test } from 'vitest';
import { intervalSeconds, printInterval } from '#shared/contract/update-interval.ts';
import { defaultReboots } from '#shared/contract/reboot.ts';
import type { UpdatePolicy } from '#shared/contract/update-policy.ts';
import type { ServerPolicy } from '#shared/contract/update-server.ts';
import { parseClusterFile } from '../../formats/cluster-file/parse.ts';
import { compareVersions } from './compare-versions.ts';
import { limitersFight } from './limiters-fight.ts';
import { asksForGroup, isServedBy, policySentence } from './server-words.ts';

const ours: UpdatePolicy = {
  group: 'web',
  selector: 'all',
  members: [],
  order: 0,
  target: { kind: 'offered' },
  automatic: false,
  paused: null,
  waves: [{ size: 2, unit: 'hosts' }],
  spreadOver: null,
  soakS: 0,
  failureBudget: 0,
  gates: [],
  reboot: { ...defaultReboots, updateTimeoutS: 1800, bootTimeoutS: 600 },
};
const theirs: ServerPolicy = {
  updatesEnabled: true,
  safeMode: false,
  officeHours: false,
  timeZone: 'UTC',
  periodInterval: '15 minutes',
  maxUpdatesPerPeriod: 2,
  updateTimeout: '60 minutes',
};
const fights = (policy: Partial<UpdatePolicy>, server: Partial<ServerPolicy>, offered: string | null = '2.0.0') =>
  limitersFight({ ...ours, ...policy }, { group: 'prod', policy: { ...theirs, ...server }, offered }, 2).map(
    ({ kind, text }) => `${kind}: ${text}`,
  );

test('two limiters that agree say nothing; each way to fight is named', () => {
  expect(fights({}, {})).toEqual([]);
  expect(fights({}, { updatesEnabled: false })[0]).toContain('stops: The server offers nothing');
  expect(fights({}, {}, null)[0]).toContain('no package to offer');
  expect(fights({ target: { kind: 'version', version: '1.0.0' } }, {})[0]).toContain('offers 2.0.0 to prod');
  expect(fights({ failureBudget: 1 }, { safeMode: true }).join()).toContain('though 1 may fail here');
  expect(fights({}, { officeHours: true })[0]).toContain('Monday to Friday');
  expect(fights({}, { maxUpdatesPerPeriod: 1 })[0]).toContain('lets 1 update at once');
  expect(fights({ waves: [{ size: 100, unit: 'percent' }] }, { maxUpdatesPerPeriod: 1 })[0]).toContain('up to 2 hosts');
  expect(fights({ reboot: { ...ours.reboot, rate: { hosts: 5, perS: 60 } } }, {})[0]).toContain('slower than');
  expect(fights({}, { updateTimeout: '10 minutes', safeMode: true }).join()).toContain('too many of them disable');
  expect(fights({}, { maxUpdatesPerPeriod: 900_000, updateTimeout: 'soon' })).toEqual([]);
});

test('intervals of PostgreSQL are read, and written as the server writes them', () => {
  const read = ['15 minutes', '1 hours', '2 days', '1 day 02:00:00', '00:15:00', '90 secs', '1 hour 30 mins'];
  expect(read.map(intervalSeconds)).toEqual([900, 3600, 172_800, 93_600, 900, 90, 5400]);
  expect(['', '0 minutes', 'soon', '-1 days', '15', '5 months', '99999999 days'].map(intervalSeconds)).toEqual(
    Array.from({ length: 7 }, () => null),
  );
  expect([900, 3600, 172_800, 5400, 61].map(printInterval)).toEqual([
    '15 minutes',
    '1 hours',
    '2 days',
    '90 minutes',
    '61 seconds',
  ]);
});

test('versions, whose server a host asks, and for which group', () => {
  expect(compareVersions('4230.2.1', '4152.10.0')).toBe(1);
  expect(compareVersions('1.0.0-rc.2', '1.0.0')).toBe(-1);
  expect(compareVersions('1.0', '1.0.0')).toBe(null);
  const url = 'https://nebraska.example.com';
  expect(isServedBy('http://nebraska.example.com/v1/update/', url)).toBe(true);
  expect(isServedBy('https://nebraska.example.com:8000/v1/update/', url)).toBe(false);
  expect(isServedBy('https://nebraska.example.com.evil.net/v1/update/', url)).toBe(false);
  const group = { id: 'g', track: 'stable' };
  expect(asksForGroup('{9a2deb70-37be-4026-853f-bfdd6b347bbe}', group, { host: 'x86_64', group: 1 })).toBe(true);
  expect(asksForGroup('stable', group, { host: 'aarch64', group: 1 })).toBe(false);
  expect(asksForGroup('', { id: '', track: '' }, { host: '', group: null })).toBe(false);
  expect(policySentence(theirs)).toBe('2 every 15 minutes, no more than 2 at once.');
});

const clusterFile = (text: string) => parseClusterFile(`name: x\n${text}\nhosts: []\n`, 'x.yaml');

test('the cluster file names the server', () => {
  const { file, problems } = clusterFile('updates: {server: {kind: nebraska, url: "https://n.example/"}}');
  expect(problems).toEqual([]);
  expect(file.updateServer).toEqual({ kind: 'nebraska', url: 'https://n.example', ca: null, app: null });
});

test.each([
  ['updates:\n  server:\n    kind: omahaha\n    url: https://n.example', 'is not a kind of update server known here'],
  ['updates: {server: {kind: nebraska}}', 'the update server has no url'],
  ['updates: {server: {kind: nebraska, url: "https://u:p@n.example"}}', 'holds a password'],
  ['updates: {server: {kind: nebraska, url: "https://n.example", token: abc}}', 'would hold a secret'],
  ['updates: {server: {kind: nebraska, url: "https://n.example?x=1"}}', 'is no address of an update server'],
])('the cluster file: %s', (text, wrong) => {
  const { problems } = clusterFile(text);
  expect(problems.map(({ message }) => message).join()).toContain(wrong);
  expect(problems[0]?.place?.line).toBeGreaterThan(1);
});
