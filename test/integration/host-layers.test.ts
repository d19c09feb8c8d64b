import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openScopes } from '#core/lib/scope.ts';
import { type ChangeDraft, defaultWaves } from '#shared/contract/change.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
const host = 'node1';
const path = '/etc/qd-applied.conf';
let lab: Lab;
let core: TestCore;
let view: TestView;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['debian'] });
  core = await startTestCore({ clusters: { lab: labCluster(lab, { mode: 'operate' }) } });
  view = core.view('lab');
  await view.until('host', host, 'link', ({ state }) => state === 'up', 30_000);
});
afterAll(async () => {
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

/** From outside: root's own shell on the host, not Quarterdeck. */
const asRoot = async (script: string) => (await lab.exec(host, ['sh', '-c', script])).stdout.trim();

/** As the window does: planned, proposed, started and waited for. */
async function committed(draft: ChangeDraft): Promise<string> {
  const quick = { ...draft, policy: { ...defaultWaves, soakS: 0, waves: [] } };
  const plan = await view.link.call('change.plan', { draft: quick, password: null });
  expect(plan.leftOut).toEqual([]);
  await view.link.call('change.propose', { plan });
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  await view.link.call('change.act', { id: plan.id, verb: 'start', host: null, password: null });
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'committed', 60_000);
  return plan.id;
}

function writes(content: string | null): ChangeDraft {
  const files = [{ path, content, mode: '640', owner: { uid: 0, gid: 0 }, seen: null }];
  return {
    title: `Write ${path}`,
    parts: [{ hosts: [host], files, actions: [], validators: [], gates: [] }],
    policy: defaultWaves,
  };
}

const layers = () => view.link.call('host.layers', { host, password: null });
const part = async (what: string) => (await layers()).parts.find((one) => one.what === what);
const applied = (fits: (differs: string[], files: number) => boolean) =>
  view.until(
    'host',
    host,
    'applied',
    ({ files, differs, unknown }) =>
      unknown === 0 &&
      fits(
        differs.map((one) => `${one.path} ${one.how}`),
        files,
      ),
    20_000,
  );

test('a file that a change wrote and somebody edited is drift, though no document names it, and is put back', async () => {
  const id = await committed(writes('workers = 8\n'));
  await applied((differs, files) => files === 1 && differs.length === 0);
  expect(await part(path)).toMatchObject({ state: 'same', says: [{ kind: 'change', change: { id } }], last: { id } });

  await asRoot(`echo 'debug = 1' >>${path}; mkdir -p /etc/systemd/system; systemctl daemon-reload`);
  // By itself: nobody asked for a check, systemd told that somebody is at work there.
  const { differs } = await applied((all) => all.length === 1);
  expect(differs).toMatchObject([{ path, state: 'differs', how: 'its text differs', change: { id } }]);
  expect(await view.link.call('host.layer', { host, path, password: null })).toMatchObject({
    wished: 'workers = 8\n',
    found: 'workers = 8\ndebug = 1\n',
    lastChange: { id },
  });

  const { draft, leftOut } = await view.link.call('host.correct', { host, paths: [path], password: null });
  expect(leftOut).toEqual([]);
  if (!draft) throw new Error('there is nothing to correct');
  await committed(draft);
  await applied((all) => all.length === 0);
  expect(await asRoot(`cat ${path}; stat -c '%a %u %g' ${path}`)).toBe('workers = 8\n640 0 0');

  await asRoot(`rm ${path}`);
  expect(await part(path)).toMatchObject({ state: 'missing', how: 'is missing' });
  await applied((all) => all.length === 1);
});

test('what the host has is adopted into a document, which holds over the change from then on', async () => {
  await asRoot(`printf 'by hand\\n' >${path}; chmod 600 ${path}`);
  const document = await view.link.call('host.adopt', { host, path, password: null });
  expect(document).toMatchObject({
    name: 'qd-applied.conf',
    targets: `name:${host}`,
    file: { path, mode: '600', owner: { uid: 0, gid: 0 } },
    content: 'by hand\n',
  });
  await view.link.call('document.save', { document, base: null, message: 'a test' });
  await view.until('document', document.name, 'drift', ([one]) => one?.state === 'same', 20_000);
  expect(await part(path)).toMatchObject({ state: 'same', says: [{ kind: 'document' }, { kind: 'change' }] });
  // The document tells of it now.
  await expect.poll(() => view.record('host', host)?.applied, { timeout: 10_000 }).toBeUndefined();
  const refused = await view.link.call('host.correct', { host, paths: [path], password: null });
  expect(refused.leftOut[0]?.reason.message).toContain('a document says it');
  await view.link.call('document.remove', { name: document.name, base: 1, message: '' });
  await applied((all) => all.length === 1);
});

test('what the first boot was told is read where it lies, compared, and put back', async () => {
  const userData = `#cloud-config
hostname: ${host}
packages: [htop]
users:
  - name: ops
    ssh_authorized_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJmJu2HwQ4a3h0mCzDZp6dRz0GJ8zX1N6n1b0m8s7yTn ops]
write_files:
  - path: /etc/qd-first.conf
    permissions: '0644'
    content: |
      from = first boot
  - path: ${path}
    content: older
`;
  const encoded = Buffer.from(userData).toString('base64');
  await asRoot(
    `mkdir -p /var/lib/cloud/instance; echo ${encoded} | base64 -d >/var/lib/cloud/instance/user-data.txt
     chmod 600 /var/lib/cloud/instance/user-data.txt; printf 'from = first boot\\n' >/etc/qd-first.conf`,
  );
  const from = '/var/lib/cloud/instance/user-data.txt';
  const { firstBoot, parts } = await layers();
  expect(firstBoot.problem).toBe(null);
  expect(firstBoot.sources).toEqual([{ from, format: 'cloud-config', note: '' }]);
  expect(firstBoot.only.map(({ what }) => what)).toContain('account ops');
  expect(firstBoot.only.some(({ what, line }) => what.includes('packages') && line === 3)).toBe(true);
  const of = (what: string) => parts.find((one) => one.what === what);
  expect(of('/etc/qd-first.conf')).toMatchObject({ state: 'same', says: [{ kind: 'first-boot', from }], last: null });
  // The change came later, and holds.
  expect(of(path)?.says.map(({ kind }) => kind)).toEqual(['change', 'first-boot']);

  await asRoot(`echo 'by hand' >>/etc/qd-first.conf`);
  expect(await part('/etc/qd-first.conf')).toMatchObject({ state: 'differs', how: 'its text differs' });
  const { draft } = await view.link.call('host.correct', { host, paths: ['/etc/qd-first.conf'], password: null });
  if (!draft) throw new Error('there is nothing to correct');
  await committed(draft);
  expect(await asRoot('cat /etc/qd-first.conf')).toBe('from = first boot');
  expect((await part('/etc/qd-first.conf'))?.says.map(({ kind }) => kind)).toEqual(['change', 'first-boot']);
});

test('Ignition is read too; a script and a broken text are named, and keep nothing else from being read', async () => {
  const config = {
    ignition: { version: '3.4.0' },
    storage: {
      files: [{ path: '/etc/qd-ign.conf', mode: 420, contents: { source: 'data:,ignited%0A' } }],
      disks: [{ device: '/dev/sdz', partitions: [] }],
    },
    systemd: { units: [{ name: 'qd-gone.service', enabled: true }] },
  };
  const encoded = Buffer.from(JSON.stringify(config)).toString('base64');
  await asRoot(
    `echo ${encoded} | base64 -d >/run/ignition.json; chmod 600 /run/ignition.json
     echo '{"provisioningDate":"2026-01-02T03:04:05Z","userConfigProvided":true}' >/etc/.ignition-result.json
     mkdir -p /oem /var/lib/cloud/instance; printf '{"ignition":' >/oem/config.ign
     printf '#!/bin/sh\\ntrue\\n' >/var/lib/cloud/instance/user-data.txt`,
  );
  const { firstBoot, parts } = await layers();
  expect(firstBoot.sources.map(({ from, format }) => [from, format])).toEqual([
    ['/run/ignition.json', 'ignition'],
    ['/oem/config.ign', 'ignition'],
    ['/var/lib/cloud/instance/user-data.txt', null],
  ]);
  expect(firstBoot.result).toBe('Ignition ran on 2026-01-02T03:04:05Z with a config of its own');
  expect(firstBoot.only.some(({ what }) => what.includes('/dev/sdz'))).toBe(true);
  expect(firstBoot.only.some(({ from }) => from === '/oem/config.ign')).toBe(true);
  expect(parts.find(({ what }) => what === '/etc/qd-ign.conf')).toMatchObject({ state: 'missing' });
  expect(parts.find(({ what }) => what === 'qd-gone.service')).toMatchObject({
    path: null,
    state: 'differs',
    how: 'there is no such unit, and should be enabled',
  });
});
