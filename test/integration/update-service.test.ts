import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openScopes, Scope } from '#core/lib/scope.ts';
import type { InstanceStatus, ServiceGroup, SetupItem } from '#shared/contract/update-service.ts';
import { toProblem } from '#shared/contract/problem.ts';
import { makeCertificates, needsEtcd, startEtcd } from '#kit/etcd.ts';
import { temporaryFolder } from '#kit/journal-stores.ts';
import { OmahaMachine, omahaRequest } from '#kit/omaha-client.ts';
import { startTestCore } from '#kit/test-core.ts';
import { sampleChannel, sampleGroup, samplePackage } from '#kit/update-service.ts';

let scope: Scope;
beforeEach(() => {
  scope = new Scope('update service');
});
afterEach(async () => {
  await scope.end();
  expect(openScopes()).toEqual([]);
});

const old = '4152.2.0';
const target = '4230.2.1';

/** A console that answers machines, and a window on it. */
async function serving(
  options: { endpoint?: string; mode?: string; payloads?: string; group?: Partial<ServiceGroup> | null } = {},
) {
  const etcd = options.endpoint === undefined ? '' : `etcd:\n  endpoints: [${options.endpoint}]\n`;
  const text = `name: Lab\nmode: ${options.mode ?? 'operate'}\n${etcd}hosts: []\n`;
  const core = await startTestCore({ clusters: { lab: text }, expectedWarnings: [/update request was not answered/] });
  scope.add(() => core.end());
  const wish = { cluster: null, host: '127.0.0.1', port: 0, tls: null, payloads: options.payloads ?? null };
  const { url } = await core.core.serveUpdates(wish);
  const view = core.view('lab');
  const section = () => view.replica.section('cluster', '', 'updateService');
  const isServed = options.mode !== 'observe';
  await expect
    .poll(() => [section()?.waiting, ...(section()?.servers ?? []).map((server) => server.url)], { timeout: 10_000 })
    .toContain(url);
  expect(section()?.waiting).toBe(isServed ? null : url);
  const save = async (item: SetupItem, revision: number | null = null) => {
    await view.link.call('update-service.save', { item, revision });
    await expect
      .poll(() => section()?.[item.kind].find(({ value }) => value.id === item.value.id)?.value)
      .toEqual(item.value);
  };
  if (options.group !== null && section()?.groups.length === 0) {
    await save({ kind: 'packages', value: samplePackage() });
    await save({ kind: 'channels', value: sampleChannel() });
    await save({ kind: 'groups', value: sampleGroup(options.group) });
  }
  const listed = (status: InstanceStatus | null = null) =>
    view.link.call('update-service.instances', { group: null, status, text: '', most: 100 });
  return { core, url, view, section, save, listed, base: url.slice(0, url.indexOf('/v1/')) };
}

/** What a server answers to these bytes, until it hangs up. */
const spoken = (base: string, bytes: string) =>
  new Promise<string>((resolve) => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1');
    let text = '';
    socket
      .on('data', (chunk: Buffer) => (text += chunk))
      .on('error', () => {})
      .on('close', () => resolve(text));
    socket.write(bytes);
  });

const machines = (url: string, many: number) =>
  Array.from({ length: many }, (_, n) => new OmahaMachine(url, n.toString(16).padStart(32, '0'), old));

test('fifty machines are updated in safe mode, the first alone, never more than five at once, and the roll-out is over', async () => {
  needsEtcd();
  const { spec } = await startEtcd(scope);
  const endpoint = spec.endpoints[0] ?? '';
  const first = await serving({ endpoint, group: { safeMode: true, periodS: 60, maxUpdatesPerPeriod: 5000 } });
  const second = await serving({ endpoint });
  const revision = () => first.section()?.groups[0]?.revision ?? null;
  const fleet = machines(first.url, 50).map((machine, n) =>
    n % 2 === 0 ? machine : new OmahaMachine(second.url, machine.id, old),
  );
  // All ask at once: one is given it, in safe mode.
  const answers = await Promise.all(fleet.map((machine) => machine.check([{ type: 3, result: 2, previous: '' }])));
  expect(answers.filter((answer) => answer === target)).toHaveLength(1);
  expect(new Set(answers)).toEqual(new Set([target, 'error-maxUpdatesPerPeriodLimitReached']));
  expect((await first.listed()).counts).toEqual({ granted: 1, onhold: 49 });
  const pioneer = fleet.find(({ updating }) => updating !== null);
  await pioneer?.install();
  expect((await first.listed('installed')).instances).toMatchObject([
    { id: pioneer?.id, inProgress: true, grantedVersion: target },
  ]);
  expect(await pioneer?.reboot()).toBe('noupdate');
  // Then five at once; with the period as long as nothing, what holds them is how many are under way.
  await first.save(
    { kind: 'groups', value: sampleGroup({ safeMode: true, periodS: 60, maxUpdatesPerPeriod: 5 }) },
    revision(),
  );
  await expect.poll(() => second.section()?.groups[0]?.value.maxUpdatesPerPeriod, { timeout: 5000 }).toBe(5);
  const burst = await Promise.all(fleet.map((machine) => machine.check()));
  const given = fleet.filter(({ updating }) => updating !== null);
  // One of the period was taken by the first.
  expect(given).toHaveLength(4);
  expect(burst.filter((answer) => answer === 'noupdate')).toHaveLength(1);
  await expect.poll(() => first.section()?.groups[0]?.progress).toMatchObject({ inProgress: 4, grantedInPeriod: 5 });
  await Promise.all(given.map((machine) => machine.install()));
  await Promise.all(given.map((machine) => machine.reboot()));
  expect((await first.listed()).counts).toEqual({ complete: 5, onhold: 45 });
  // The rest without a limit of the period, and never more under way than the policy says at any instant.
  await first.save({ kind: 'groups', value: sampleGroup({ maxUpdatesPerPeriod: 900_000 }) }, revision());
  await expect.poll(() => second.section()?.groups[0]?.value.maxUpdatesPerPeriod, { timeout: 5000 }).toBe(900_000);
  await Promise.all(
    fleet.map(async (machine) => {
      if ((await machine.check()) !== target) return;
      await machine.install();
      await machine.reboot();
    }),
  );
  expect((await first.listed()).counts).toEqual({ complete: 50 });
  await expect.poll(() => second.section()?.groups[0]?.progress.rollout?.state, { timeout: 10_000 }).toBe('finished');
  await expect
    .poll(() =>
      second
        .section()
        ?.activity.map((entry) => entry.class)
        .toReversed(),
    )
    .toEqual(['channel package updated', 'rollout started', 'rollout finished']);
  const { history } = await second.view.link.call('update-service.instance', { id: pioneer?.id ?? '' });
  expect(history.map(({ status }) => status)).toEqual([
    'complete',
    'installed',
    'downloaded',
    'downloading',
    'granted',
  ]);
  expect(first.section()?.servers).toHaveLength(2);
});

test('no more than three are under way at any instant, over a whole roll-out of two consoles', async () => {
  needsEtcd();
  const { spec } = await startEtcd(scope);
  const endpoint = spec.endpoints[0] ?? '';
  const group = { maxUpdatesPerPeriod: 3, periodS: 60 };
  const [first, second] = [await serving({ endpoint, group }), await serving({ endpoint })];
  let underWay = 0;
  let most = 0;
  let granted = 0;
  const fleet = machines(first.url, 24).map((machine, n) =>
    n % 2 === 0 ? machine : new OmahaMachine(second.url, machine.id, old),
  );
  for (let round = 0; round < 4; round++) {
    await Promise.all(
      fleet.map(async (machine) => {
        if ((await machine.check()) !== target) return;
        most = Math.max(most, ++underWay);
        granted++;
        await machine.install();
        // It is over for the service when it has said so: counted before it is.
        underWay--;
        await machine.fail(9);
      }),
    );
  }
  // The period is longer than this test: three in all.
  expect(granted).toBe(3);
  expect(most).toBeLessThanOrEqual(3);
  expect((await second.listed('error')).instances).toHaveLength(3);
  await expect
    .poll(() => first.section()?.activity.filter((entry) => entry.class === 'instance update failed').length)
    .toBe(3);
});

test('a machine of no group, of another application or architecture is told so; a group is found by track, and by the old ids', async () => {
  const { url, save } = await serving();
  // Each group has a channel of its own, and each channel a release.
  const beside = (value: { readonly id: string }) => value.id.replace(/.$/, 'f');
  const [pack, channel, group] = [samplePackage(), sampleChannel(), sampleGroup()];
  const beta = { id: beside(channel), name: 'beta', package: beside(pack) };
  await save({ kind: 'packages', value: { ...pack, id: beta.package, version: '4372.0.0' } });
  await save({ kind: 'channels', value: { ...channel, ...beta } });
  await save({
    kind: 'groups',
    value: { ...group, id: beside(group), name: 'Canary', track: 'beta', channel: beta.id },
  });
  const ask = (more: { track?: string; board?: string }) => new OmahaMachine(url, 'a'.repeat(32), old, more).check();
  expect(await ask({ track: 'nightly' })).toBe('error-unknownApplicationOrGroup');
  expect(await ask({ board: 'arm64-usr' })).toBe('error-unknownApplicationOrGroup');
  expect(await ask({ track: '9a2deb70-37be-4026-853f-bfdd6b347bbe' })).toBe(target);
  expect(await ask({ track: 'beta' })).toBe('4372.0.0');
  expect(await ask({ track: '3fe10490-dd73-4b49-b72a-28ac19acfcdc' })).toBe('4372.0.0');
  const other = omahaRequest({ machine: 'b', version: old, check: true }).replace('e96281a6', '00000000');
  const post = (body: string) => fetch(url, { method: 'POST', body, headers: { 'content-type': 'text/xml' } });
  expect(await (await post(other)).text()).toContain('status="error-unknownApplicationOrGroup"');
});

test('the listener takes what update_engine posts and nothing else', async () => {
  const { url, base } = await serving();
  const xml = { 'content-type': 'text/xml' };
  const body = omahaRequest({ machine: 'c'.repeat(32), version: old, check: true });
  const status = async (path: string, init: RequestInit = {}) => (await fetch(base + path, init)).status;
  expect(await status('/healthz')).toBe(200);
  expect(await status('/v1/update', { method: 'POST', headers: xml, body })).toBe(200);
  expect(await status('/v1/update')).toBe(405);
  expect(await status('/v1/update', { method: 'POST', body })).toBe(415);
  expect(await status('/v1/update', { method: 'POST', headers: { ...xml, origin: 'http://elsewhere' }, body })).toBe(
    403,
  );
  expect(
    await status('/v1/update', { method: 'POST', headers: xml, body: '<!DOCTYPE a><request protocol="3.0"/>' }),
  ).toBe(400);
  expect(await status('/v1/update', { method: 'POST', headers: xml, body: `${body}${' '.repeat(70_000)}` })).toBe(400);
  // Told at once, and not only when all of it was taken in: the end of these never comes.
  for (const [says, sent] of [
    ['Content-Length: 70000', '<'],
    ['Transfer-Encoding: chunked', `11170\r\n${' '.repeat(70_000)}\r\n`],
  ])
    expect(
      await spoken(base, `POST /v1/update HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n${says}\r\n\r\n${sent}`),
    ).toMatch(/^HTTP\/1\.1 400 /);
  expect(await status('/enter')).toBe(404);
  expect(await status('/api/apps')).toBe(404);
  expect(await status('/payloads/flatcar_production_update.gz')).toBe(404);
  const answers = await Promise.all(Array.from({ length: 400 }, () => status('/healthz')));
  expect(answers).toContain(429);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\/update\/$/);
});

test('over TLS it answers those who trust its certificate', async () => {
  const { ca, server } = await makeCertificates(scope);
  const tls = { cert: await readFile(server.cert, 'utf8'), key: await readFile(server.key, 'utf8') };
  const core = await startTestCore({ clusters: { lab: 'name: Lab\nmode: operate\nhosts: []\n' } });
  scope.add(() => core.end());
  const { url } = await core.core.serveUpdates({ cluster: 'lab', host: '127.0.0.1', port: 0, tls, payloads: null });
  expect(url).toMatch(/^https:/);
  const ask = async (options: { ca?: Buffer }) =>
    new Promise<string>((resolve) => {
      const request = httpsRequest(new URL('/healthz', url), options, (answer) => resolve(String(answer.statusCode)));
      request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? '')).end();
    });
  await expect.poll(async () => ask({ ca: await readFile(ca) })).toBe('200');
  expect(await ask({})).toMatch(/SELF_SIGNED|UNABLE_TO/);
});

test('which cluster is served has to be said when there are several', async () => {
  const text = (name: string) => `name: ${name}\nmode: operate\nhosts: []\n`;
  const core = await startTestCore({ clusters: { a: text('A'), b: text('B') } });
  scope.add(() => core.end());
  const wish = { host: '127.0.0.1', port: 0, tls: null, payloads: null };
  await expect(core.core.serveUpdates({ ...wish, cluster: null })).rejects.toThrow('to be answered: a, b?');
  await expect(core.core.serveUpdates({ ...wish, cluster: 'c' })).rejects.toThrow('there is no cluster c');
});

test('payloads are handed out by their exact names, whole and in part', async () => {
  const folder = await temporaryFolder(scope);
  const secret = join(await temporaryFolder(scope), 'secret');
  await writeFile(secret, 'secret');
  await writeFile(join(folder, 'update.gz'), '0123456789');
  await mkdir(join(folder, '4230.2.1'));
  await writeFile(join(folder, '4230.2.1', 'flatcar_production_update.gz'), 'payload');
  await writeFile(join(folder, '.hidden'), 'hidden');
  await symlink(secret, join(folder, 'link.gz'));
  await symlink(join(secret, '..'), join(folder, 'linked'));
  const { base } = await serving({ payloads: folder });
  const get = async (path: string, range?: string) => {
    const answer = await fetch(`${base}/payloads/${path}`, range === undefined ? {} : { headers: { range } });
    return `${answer.status} ${(await answer.text()).trim()} ${answer.headers.get('content-range') ?? ''}`.trim();
  };
  expect(await get('update.gz')).toBe('200 0123456789');
  expect(await get('4230.2.1/flatcar_production_update.gz')).toBe('200 payload');
  expect(await get('update.gz', 'bytes=3-5')).toBe('206 345 bytes 3-5/10');
  expect(await get('update.gz', 'bytes=8-')).toBe('206 89 bytes 8-9/10');
  expect(await get('update.gz', 'bytes=-2')).toBe('206 89 bytes 8-9/10');
  expect(await get('update.gz', 'bytes=10-')).toBe('416  bytes */10');
  expect(await get('update.gz', 'bytes=0-1,3-4')).toBe('200 0123456789');
  for (const path of [
    '.hidden',
    'link.gz',
    'linked/secret',
    '4230.2.1',
    '',
    'a/b/c',
    '%2e%2e%2fsecret',
    'update.gz%00',
  ])
    expect(`${path}: ${await get(path)}`).toBe(`${path}: 404 no such payload`);
  // As no well-behaved client would send it.
  const raw = await spoken(base, 'GET /payloads/../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(raw).toMatch(/^HTTP\/1\.1 404/);
});

test('in observe mode no machine is answered and nothing is written; a cluster whose file is gone answers nobody', async () => {
  const { url, base, core, listed, section } = await serving({ mode: 'observe', group: null });
  const machine = new OmahaMachine(url, 'd'.repeat(32), old);
  await expect(machine.check()).rejects.toThrow('503');
  expect((await fetch(`${base}/healthz`)).status).toBe(503);
  expect((await listed()).total).toBe(0);
  expect(section()?.servers).toEqual([]);
  await core.writeCluster('lab', 'name: Lab\nmode: operate\nhosts: []\n');
  await expect.poll(async () => (await fetch(`${base}/healthz`)).status, { timeout: 10_000 }).toBe(200);
  expect(await machine.check()).toBe('error-unknownApplicationOrGroup');
  await expect.poll(() => section()?.servers.length, { timeout: 10_000 }).toBe(1);
  // Its file goes and comes back: it is not served, and served again.
  await rm(join(core.configDir, 'lab.yaml'));
  await expect.poll(async () => (await fetch(`${base}/healthz`)).status, { timeout: 10_000 }).toBe(503);
  await core.writeCluster('lab', 'name: Lab\nmode: operate\nhosts: []\n');
  await expect.poll(async () => (await fetch(`${base}/healthz`)).status, { timeout: 10_000 }).toBe(200);
  await core.writeCluster('lab', 'name: Lab\nmode: observe\nhosts: []\n');
  await expect.poll(() => [section()?.servers.length, section()?.waiting], { timeout: 15_000 }).toEqual([0, url]);
});

test('edits are on record, refused when somebody was faster, and what is in use stays', async () => {
  const { view, section, core } = await serving();
  const group = section()?.groups[0];
  const refusal = (call: Promise<unknown>) =>
    call.then(
      () => 'done',
      (error: unknown) => toProblem(error).code,
    );
  const save = (value: ServiceGroup, revision: number | null) =>
    refusal(view.link.call('update-service.save', { item: { kind: 'groups', value }, revision }));
  expect(await save(sampleGroup({ name: 'Web' }), group?.revision ?? 0)).toBe('done');
  expect(await save(sampleGroup({ name: 'Late' }), group?.revision ?? 0)).toBe('stale');
  const pack = section()?.packages[0];
  const remove = { kind: 'packages', id: pack?.value.id ?? '', revision: pack?.revision ?? 0 } as const;
  expect(await refusal(view.link.call('update-service.remove', remove))).toBe('refused');
  const { entries } = await view.link.call('activity.list', { text: 'update-service', before: null, limit: 10 });
  expect(entries.map(({ what, outcome }) => `${what}: ${outcome}`)).toEqual([
    'remove package 4230.2.1: refused',
    'change group Late for amd64: refused',
    'change group Web for amd64: ok',
    'add group Production for amd64: ok',
    'add channel stable for amd64: ok',
    'add package 4230.2.1 for amd64: ok',
  ]);
  expect(core.log.surprises).toEqual([]);
});

test('a downloaded release is measured and read', async () => {
  const { view } = await serving({ group: null });
  const folder = await temporaryFolder(scope);
  const read = (from: string) => view.link.call('update-service.read-release', { folder: from });
  await expect(read(folder)).rejects.toThrow('neither version.txt nor');
  await writeFile(join(folder, 'version.txt'), 'FLATCAR_VERSION=4230.2.1\nFLATCAR_BUILD_ID="2025-06-01-0100"\n');
  await writeFile(join(folder, 'flatcar_production_update.gz'), 'payload');
  await writeFile(
    join(folder, 'flatcar_production_update.gz.DIGESTS'),
    `# SHA1 HASH\n${'0'.repeat(40)}  flatcar_production_update.gz\n`,
  );
  const { draft, problems } = await read(folder);
  expect(draft).toEqual({
    version: target,
    description: 'Build 2025-06-01-0100',
    filename: 'flatcar_production_update.gz',
    size: 7,
    sha1: '8H5agVYTxavt3EtoIkekxC2Kld8=',
    sha256: 'I59Z7VXnN8dxR89VrQwbAwttfudIp0JpUvm4UtWpNeU=',
  });
  expect(problems).toEqual([expect.stringContaining('sha1 is AAAAAAAAAAAAAAAAAAAAAAAAAAA= in the digests, but')]);
});
