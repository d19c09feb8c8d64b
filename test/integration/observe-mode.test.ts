import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallInput, type CallName, calls } from '#shared/contract/calls.ts';
import { defaultWaves } from '#shared/contract/change.ts';
import { toProblem } from '#shared/contract/problem.ts';
import { openScopes } from '#core/lib/scope.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import { sampleChannel } from '#kit/update-service.ts';
import { makePolicy } from '#kit/update-hosts.ts';
import type { TestView } from '#kit/view.ts';

type ChangeCall = { [N in CallName]: (typeof calls)[N]['kind'] extends 'change' ? N : never }[CallName];

const hash = 'f'.repeat(64);
const id = '20261123-aaaaaa';
/** For each call that alters something on hosts, what a window could send; the compiler asks for one of each new call. */
const inputs: { [N in ChangeCall]: CallInput<N> } = {
  'change.propose': {
    plan: {
      id,
      title: 'A change',
      by: 'ada@desk',
      at: 1,
      steps: [],
      unchanged: [],
      leftOut: [],
      waves: [['node1']],
      policy: defaultWaves,
      contents: {},
      hash,
    },
  },
  'change.approve': { id, hash },
  'change.act': { id, verb: 'start', host: null, password: null },
  'document.save': {
    document: { name: 'motd', format: 'butane', targets: '', file: null, content: 'variant: fcos\nversion: 1.5.0\n' },
    base: null,
    message: '',
  },
  'document.remove': { name: 'motd', base: 1, message: '' },
  'unit.act': {
    plan: {
      hosts: ['node1'],
      unit: 'web.service',
      verb: 'restart',
      steps: [],
      leftOut: [],
      undo: '',
      fingerprint: hash,
    },
    password: null,
  },
  'hosts.reboot': {
    plan: { hosts: ['node1'], steps: [], leftOut: [] },
    options: { now: false, windows: null, atOnce: 1 },
    password: null,
  },
  'reboot.now': { action: 'a', host: 'node1' },
  'updates.act': {
    plan: {
      hosts: ['node1'],
      act: { kind: 'check' },
      steps: [],
      draft: null,
      leftOut: [],
      fingerprint: hash,
    },
    password: null,
  },
  'locks.clear': { kind: 'airlock', group: 'default', revision: 1, holder: 'a'.repeat(32) },
  'locks.set-max': { kind: 'airlock', group: 'default', revision: 1, max: 2 },
  'update-service.save': { item: { kind: 'channels', value: sampleChannel() }, revision: null },
  'update-service.remove': { kind: 'channels', id: sampleChannel().id, revision: 1 },
  'updates.groups.save': { groups: [{ policy: makePolicy(), base: null }] },
  'updates.groups.remove': { group: 'web', base: 1 },
  'updates.groups.pause': { group: 'web', base: 1, why: 'month end' },
  'updates.groups.resume': { group: 'web', base: 1 },
  'server.write': { edit: { verb: 'promote', app: 'app', channel: 'channel', package: 'package' }, base: hash },
  'ask.start': { hosts: ['node1'], command: 'true', timeoutS: 5, elevate: false, password: null },
};
const names = Object.keys(inputs) as ChangeCall[];
const clusterText = (mode: string) =>
  `name: Lab\nmode: ${mode}\nhosts:\n  - name: node1\n    address: 127.0.0.1\n    port: 9\n`;

let core: TestCore;
let observing: TestView;
let operating: TestView;

beforeAll(async () => {
  core = await startTestCore({ clusters: { watched: clusterText('observe'), driven: clusterText('operate') } });
  observing = core.view('watched');
  operating = core.view('driven');
  for (const view of [observing, operating]) await view.until('cluster', '', 'about', () => true);
});
afterAll(async () => {
  await core.end();
  expect(openScopes()).toEqual([]);
});

const refusal = async (view: TestView, name: ChangeCall): Promise<string> =>
  view.link.call(name, inputs[name]).then(
    () => 'done',
    (error: unknown) => `${toProblem(error).code}: ${toProblem(error).message}`,
  );

describe('in observe mode, at the core’s own door', () => {
  it('every call that alters something on hosts is among these', () => {
    const changing = Object.entries(calls).flatMap(([name, { kind }]) => (kind === 'change' ? [name] : []));
    expect(changing.toSorted()).toEqual(names.toSorted());
  });

  it.each(names)('%s is refused', async (name) => {
    expect(await refusal(observing, name)).toBe('refused: Lab is in observe mode: nothing on its hosts may be changed');
    // The same in operate mode gets past that door, whatever becomes of it then.
    expect(await refusal(operating, name)).not.toContain('observe mode');
  });

  it('nothing of it is on record as done', async () => {
    const { entries } = await observing.link.call('activity.list', { text: 'watched', before: null, limit: 50 });
    expect(entries.filter(({ cluster }) => cluster === 'watched')).toEqual([]);
  });
});
