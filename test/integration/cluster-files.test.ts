import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openScopes } from '#core/lib/scope.ts';
import { defaultThresholds } from '#shared/contract/cluster.ts';
import { skipUnless } from '#kit/skip.ts';
import { descendants, findSshd, startSshd, type TestSshd } from '#kit/sshd.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';

const sshdPath = await findSshd();
let sshd: TestSshd;
let core: TestCore;

beforeAll(async () => {
  if (sshdPath !== null) sshd = await startSshd();
});
afterAll(async () => {
  await sshd?.end();
});
beforeEach(async () => {
  skipUnless(sshdPath !== null, 'sshd is not installed');
  await writeFile(join(sshd.folder, 'known'), sshd.knownHostsLine);
  core = await startTestCore({ clusters: { fleet: fleet(), other: fleet('name: Other').replace('- one', '- two') } });
});
afterEach(async () => {
  if (sshdPath === null) return;
  await core.end();
  expect(core.log.surprises).toEqual([]);
  expect(openScopes()).toEqual([]);
});

/** A cluster file of one host, the sshd of this test. */
function fleet(name = 'name: Fleet', more = ''): string {
  return `# Kept by the night shift.
${name}
mode: operate
ssh:
  user: ${sshd.user}
  keys: [${sshd.keyFile}]
  agent: false
  knownHosts: [${join(sshd.folder, 'known')}]
${more}hosts:
  - name: one
    address: 127.0.0.1
    port: ${sshd.port} # the only one
`;
}

const fileOf = (id: string) => join(core.configDir, `${id}.yaml`);

async function open(id: string) {
  const view = core.view(id);
  await view.until('host', 'one', 'link', ({ state }) => state === 'up');
  return view;
}

describe('the file of an open cluster is deleted', () => {
  test('its connections close, its views are told, the others stay; a new file opens it again', async () => {
    const view = await open('fleet');
    const idle = core.view(null);
    const shown = () => view.replica.store.getState().cluster;
    expect(shown()).toBe('fleet');
    const processes = async () => (await descendants(sshd.process.pid ?? 0)).length;
    expect(await processes()).toBeGreaterThan(0);

    await rm(fileOf('fleet'));
    await expect.poll(shown, { timeout: 10_000 }).toBe(null);
    expect(view.record('host', 'one')).toBeUndefined();
    expect(view.record('app', '')?.clusters?.map(({ id }) => id)).toEqual(['other']);
    await expect.poll(processes, { timeout: 10_000 }).toBe(0);
    const plan = view.link.call('unit.plan', { hosts: ['one'], unit: 'a.service', verb: 'stop' });
    await expect(plan).rejects.toMatchObject({ problem: { code: 'not-found', message: 'no cluster is open' } });

    await core.writeCluster('fleet', fleet('name: Fleet again'));
    await expect.poll(shown, { timeout: 10_000 }).toBe('fleet');
    await view.until('cluster', '', 'about', ({ name }) => name === 'Fleet again');
    await view.until('host', 'one', 'link', ({ state }) => state === 'up');
    expect(idle.replica.store.getState().cluster).toBe(null);
  });

  test('it is deleted from one window: another one that looks at it is told too', async () => {
    const [view, other] = [await open('fleet'), await open('fleet')];
    await view.link.call('clusters.delete', { id: 'fleet' });
    for (const one of [view, other])
      await expect.poll(() => one.replica.store.getState().cluster, { timeout: 10_000 }).toBe(null);
    // Looking at another cluster meanwhile: a new file of the first does not take it away.
    view.link.open('other');
    await expect.poll(() => view.replica.store.getState().cluster).toBe('other');
    await core.writeCluster('fleet', fleet());
    await expect.poll(() => other.replica.store.getState().cluster, { timeout: 10_000 }).toBe('fleet');
    expect(view.replica.store.getState().cluster).toBe('other');
  });
});

test('the file of an open cluster breaks: its last good version stays in force, the error has its place and its cure', async () => {
  const view = await open('fleet');
  const before = await view.until('host', 'one', 'link', ({ connection }) => connection !== null);
  await core.writeCluster('fleet', fleet().replace('hosts:\n  - name: one', 'hosts:\n\t- name: one'));
  const broken = await view.until('cluster', '', 'about', ({ problems }) => problems.length > 0);
  expect(broken).toMatchObject({ name: 'Fleet', mode: 'operate' });
  expect(broken.problems[0]).toMatchObject({
    message: 'a tab indents this line; YAML takes only blanks',
    hint: 'Indent with blanks, two for each level',
    place: { file: fileOf('fleet'), line: 10 },
  });
  expect(broken.problems.at(-1)).toMatchObject({ code: 'stale', hint: expect.stringContaining('Mend the file') });
  expect(view.record('host', 'one')?.link?.state).toBe('up');

  await core.writeCluster('fleet', fleet('name: Mended'));
  await view.until('cluster', '', 'about', ({ name, problems }) => name === 'Mended' && problems.length === 0);
  const after = view.record('host', 'one')?.link;
  expect(after?.connection?.connectedAt).toBe(before.connection?.connectedAt);
});

describe('the thresholds of health', () => {
  test('are edited from the window: in force at once, checked, and the file keeps its comments', async () => {
    const view = await open('fleet');
    await view.until('host', 'one', 'load', () => true);
    const low = { memoryAttentionPercent: 1, holdSeconds: 0 };
    await view.link.call('clusters.set-thresholds', { id: 'fleet', thresholds: low });
    const { reasons } = await view.until('host', 'one', 'health', ({ state }) => state !== 'healthy');
    expect(reasons.map(({ code }) => code)).toContain('memory');
    const text = await readFile(fileOf('fleet'), 'utf8');
    expect(text).toContain('# Kept by the night shift.');
    expect(text).toContain('# the only one');
    expect(text).toMatch(/health:\n {2}memoryAttentionPercent: 1\n {2}holdSeconds: 0\n/);

    const wrong = { id: 'fleet', thresholds: { memoryAttentionPercent: 850 } };
    await expect(view.link.call('clusters.set-thresholds', wrong)).rejects.toMatchObject({
      problem: { code: 'invalid-input', message: expect.stringContaining('memoryAttentionPercent') },
    });
    const order = { id: 'fleet', thresholds: { diskAttentionPercent: 96 } };
    await expect(view.link.call('clusters.set-thresholds', order)).rejects.toMatchObject({
      problem: {
        code: 'invalid-input',
        message:
          'diskAttentionPercent 96 is above diskFailingPercent 95: a host would fail before it asks for attention',
      },
    });
    expect(await readFile(fileOf('fleet'), 'utf8')).toBe(text);
  });

  test('are edited in the file: in force without a restart or a new connection; a wrong one is told with its line', async () => {
    const view = await open('fleet');
    await view.until('host', 'one', 'load', () => true);
    const before = await view.until('host', 'one', 'link', ({ connection }) => connection !== null);
    await core.writeCluster('fleet', fleet(undefined, 'health:\n  memoryAttentionPercent: 1\n  holdSeconds: 0\n'));
    await view.until('host', 'one', 'health', ({ reasons }) => reasons.some(({ code }) => code === 'memory'));
    await core.writeCluster('fleet', fleet(undefined, 'health:\n  memoryAttentionPercent: 850\n  holdSeconds: 0\n'));
    const about = await view.until('cluster', '', 'about', ({ problems }) => problems.length > 0);
    expect(about.problems).toMatchObject([
      {
        message: 'memoryAttentionPercent "850" is outside of what is possible',
        hint: 'Write a number, 1 to 100, as "memoryAttentionPercent: 1"',
        place: { file: fileOf('fleet'), line: 10 },
      },
    ]);
    expect(about.thresholds).toEqual({ ...defaultThresholds, holdSeconds: 0 });
    await view.until('host', 'one', 'health', ({ reasons }) => reasons.every(({ code }) => code !== 'memory'));
    expect(view.record('host', 'one')?.link?.connection?.connectedAt).toBe(before.connection?.connectedAt);
  });
});
