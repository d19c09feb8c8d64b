import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HostLinks } from '#core/hosts/host-links.ts';
import type { Outside } from '#core/hosts/wake-watch.ts';
import { Scope } from '#core/lib/scope.ts';
import { until } from '#kit/etcd.ts';
import { skipUnless } from '#kit/skip.ts';
import { findSshd, startSshd, type TestSshd } from '#kit/sshd.ts';
import { type Forward, startForward } from '#kit/tcp-forward.ts';
import type { HostLink } from '#shared/contract/host.ts';

const endings: (() => Promise<unknown> | void)[] = [];
let daemon: TestSshd;
let forward: Forward;
let folder = '';

beforeEach(async () => {
  skipUnless(await findSshd(), 'sshd is not installed');
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-wake-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  daemon = await startSshd();
  endings.push(() => daemon.end());
  const scope = new Scope('wake test');
  endings.push(() => scope.end());
  forward = await startForward(scope, `tcp://127.0.0.1:${daemon.port}`);
});
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

/** The links of a console nobody looks at, on a machine whose clock and network are in the test's hands. */
async function console(): Promise<{
  link: () => HostLink;
  sampled: () => boolean;
  sleep: () => void;
  move: () => void;
}> {
  const told: { link: HostLink | null; sampled: boolean } = { link: null, sampled: false };
  const state = { sleptMs: 0, addresses: 'eth0 192.0.2.1' };
  const outside: Outside = {
    wall: () => Date.now() + state.sleptMs,
    steady: () => performance.now(),
    addresses: () => state.addresses,
  };
  const port = Number(new URL(forward.url).port);
  const knownHosts = join(folder, `known_hosts_${endings.length}`);
  await writeFile(knownHosts, daemon.knownHostsLine.replace(`${daemon.port}`, `${port}`));
  const links = new HostLinks(
    { knownHostsFiles: [knownHosts], handshakes: 4 },
    (event) => {
      if (event.type !== 'section') return;
      if (event.change[0] === 'link') told.link = event.change[1];
      if (event.change[0] === 'load') told.sampled = true;
    },
    outside,
  );
  endings.push(() => links.end());
  links.look({ visible: [], focus: null, hidden: true });
  links.configure([daemon.spec('one', { port })]);
  return {
    link: () => told.link as HostLink,
    sampled: () => told.sampled,
    sleep: () => (state.sleptMs += 3_600_000),
    move: () => (state.addresses = 'wlan0 198.51.100.7'),
  };
}

it('after a sleep every link is asked at once, comes back, and what was missed is told', async () => {
  const [woken, other] = [await console(), await console()];
  for (const one of [woken, other]) await until('a sample', 15_000, () => one.sampled() && one.link().state === 'up');
  // Nobody looks: the next sign of life would be asked for in about ten seconds.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  forward.silent(true);
  woken.sleep();
  await until('the dead link is noticed', 9_000, () => woken.link().state === 'degraded');
  expect(other.link().state).toBe('up');
  forward.silent(false);
  forward.cut();
  await until('it is back', 20_000, () => woken.link().state === 'up' && woken.link().missed !== null);
  expect(woken.link().missed).toMatch(/^offline \d+ s$/);
});

it('on another network who waits to connect does it now', async () => {
  await forward.close(true);
  const one = await console();
  await until('a long wait', 30_000, () => (one.link()?.retryAt ?? 0) - Date.now() > 6_000);
  const { retryAt } = one.link();
  await forward.close(false);
  one.move();
  await until('it is up', 15_000, () => one.link().state === 'up');
  expect(one.link().connection?.connectedAt).toBeLessThan(retryAt ?? 0);
});
