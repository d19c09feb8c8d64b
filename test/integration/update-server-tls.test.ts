import { copyFile, readFile, rm, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Scope } from '#core/lib/scope.ts';
import { makeCertificates, type TestCertificates } from '#kit/etcd.ts';
import { type NebraskaStandIn, startNebraska } from '#kit/nebraska-stand-in.ts';
import { startTestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const scope = new Scope('update server over TLS');
let certificates: TestCertificates;
let others: TestCertificates;
let folder: string;
beforeAll(async () => {
  [certificates, others] = await Promise.all([makeCertificates(scope), makeCertificates(scope)]);
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-nebraska-'));
  scope.add(() => rm(folder, { recursive: true, force: true }));
});
afterAll(() => scope.end());

type Pair = TestCertificates['server'];

async function served({ cert, key }: Pair): Promise<NebraskaStandIn> {
  return await startNebraska(scope, { cert: await readFile(cert), key: await readFile(key) });
}

async function viewOn(url: string, ca: string | null): Promise<TestView> {
  const text = `name: Served\nupdates: {server: {kind: nebraska, url: "${url}"${ca ? `, ca: "${ca}"` : ''}}}\nhosts: []\n`;
  const core = await startTestCore({ clusters: { served: text } });
  scope.add(() => core.end());
  return core.view('served');
}

const ended = (view: TestView) => view.until('cluster', '', 'updateServer', ({ state }) => state !== 'reading');
/** As `live`, or as the problem and its cure. */
async function told(url: string, ca: string | null): Promise<string> {
  const { state, problem } = await ended(await viewOn(url, ca));
  return state === 'live' ? state : `${problem?.code}: ${problem?.message} / ${problem?.hint}`;
}

test('a server is read by the authority of the cluster file, and not by another one or the system', async () => {
  const { url } = await served(certificates.server);
  expect(await told(url, certificates.ca)).toBe('live');
  const wrong = await told(url, others.ca);
  expect(wrong).toContain(`its certificate is not signed by the authority in ${others.ca}`);
  expect(wrong).toContain(
    'Name a file with the authority that signed it in the cluster file, under updates: server: ca.',
  );
  const system = await told(url, null);
  expect(system).toContain('its certificate is not signed by an authority that this computer trusts');
  expect(system).toContain('under updates: server: ca.');
});

test('a certificate that has expired, or is for another name, is told with its cure', async () => {
  const old = await served(await certificates.sign('old', 'subjectAltName=IP:127.0.0.1\n', -1));
  expect(await told(old.url, certificates.ca)).toMatch(/unreachable: .* has expired \/ Renew it on the server; or set/);
  const named = await served(await certificates.sign('named', 'subjectAltName=DNS:nebraska.example.com\n'));
  expect(await told(named.url, certificates.ca)).toMatch(
    /its certificate is for DNS:nebraska.example.com, not for 127.0.0.1 \/ Write a name that it is for under updates: server: url/,
  );
});

test('plain HTTP behind an https address is told, and so is a file that holds no authority', async () => {
  const plain = await startNebraska(scope);
  expect(await told(plain.url.replace('http:', 'https:'), certificates.ca)).toMatch(
    /protocol: .*write its address with http:/,
  );
  const { url } = await served(certificates.server);
  const rubbish = join(folder, 'rubbish.pem');
  await writeFile(rubbish, 'not a certificate');
  expect(await told(url, rubbish)).toMatch(/invalid-input: .*rubbish.pem is no certificate in PEM/);
  expect(await told(url, join(folder, 'none.pem'))).toMatch(/not-found: .*none.pem cannot be read: ENOENT/);
});

test('a file that is repaired in place is read anew when somebody presses refresh', async () => {
  const { url } = await served(certificates.server);
  const file = join(folder, 'ca.pem');
  await copyFile(others.ca, file);
  const view = await viewOn(url, file);
  expect((await ended(view)).state).toBe('lost');
  await copyFile(certificates.ca, file);
  await view.link.call('server.refresh', {});
  await view.until('cluster', '', 'updateServer', ({ state }) => state === 'live');
});
