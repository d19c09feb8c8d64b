import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openScopes } from '#core/lib/scope.ts';
import { readOldFiles } from '#core/probes/old-files/read-old-files.ts';
import type { HostRestarts } from '#shared/contract/restart.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { sshAccess } from '#kit/ssh-access.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
let lab: Lab;
let core: TestCore;
let view: TestView;
const long = 900_000;
/** A program may be called anything. */
const hostile = '/usr/local/bin/old thing\n== end\u001b[2J) R 1';

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['debian'], etcd: 'none' });
  await lab.exec('node1', ['touch', '/home/core/.sudo_as_admin_successful']);
  await sh('cp /bin/sleep /usr/local/bin/lab-thing && cp /bin/sleep "$1"', hostile);
  await sh('systemd-run --unit=lab-thing --collect /usr/local/bin/lab-thing infinity');
  await sh('systemd-run --unit=lab-hostile --collect /bin/sh -c \'exec "$0" infinity\' "$1"', hostile);
  core = await startTestCore({ clusters: { lab: labCluster(lab) } });
  view = core.view('lab');
  view.link.look({ hosts: ['node1'], focus: 'node1', hidden: false });
}, long);
afterAll(async () => {
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
}, long);
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const sh = (command: string, ...words: string[]) => lab.exec('node1', ['sh', '-c', command, 'sh', ...words]);
const becomes = (fits: (restarts: HostRestarts) => boolean) => view.until('host', 'node1', 'restarts', fits, long);
const lookNow = () => view.link.call('hosts.read-restarts', { host: 'node1' });
const unit = (restarts: HostRestarts, name: string) => restarts.units.find((one) => one.unit === name);

test(
  'a host that runs what is installed has nothing to restart',
  async () => {
    const restarts = await becomes(() => true);
    expect(restarts).toMatchObject({ sees: 'all', isPart: false, problem: null });
    expect(unit(restarts, 'lab-thing.service')).toBeUndefined();
  },
  long,
);

test(
  'a service whose program was replaced is listed, and no longer once it was restarted',
  async () => {
    await sh(
      'cp /bin/cat /usr/local/bin/lab-thing.dpkg-new && mv /usr/local/bin/lab-thing.dpkg-new /usr/local/bin/lab-thing',
    );
    await sh(
      'cp /bin/sleep /usr/local/bin/lab-thing.dpkg-new && mv /usr/local/bin/lab-thing.dpkg-new /usr/local/bin/lab-thing',
    );
    await lookNow();
    const restarts = await becomes((told) => unit(told, 'lab-thing.service') !== undefined);
    const old = unit(restarts, 'lab-thing.service');
    expect(old).toMatchObject({
      processes: 1,
      programs: ['lab-thing'],
      files: ['/usr/local/bin/lab-thing'],
      moreFiles: 0,
      packages: [],
    });
    const clock = Number((await sh('date +%s')).stdout) * 1000;
    expect(old?.startedAt).toBeLessThan(old?.replacedAt ?? 0);
    expect(old?.replacedAt).toBeLessThanOrEqual(clock);
    const plan = await view.link.call('unit.plan', { hosts: ['node1'], unit: 'lab-thing.service', verb: 'restart' });
    await view.link.call('unit.act', { plan, password: null });
    const after = await becomes((told) => unit(told, 'lab-thing.service') === undefined);
    expect(after.readAt).toBeGreaterThan(restarts.readAt);
  },
  long,
);

test(
  'a library of a package that was replaced is told with its package',
  async () => {
    const found = await sh(
      'ldd /usr/sbin/cron /usr/sbin/sshd 2>/dev/null | sed -n "s/.* => \\(\\/[^ ]*libcrypto[^ ]*\\) .*/\\1/p" | head -n 1',
    );
    const library = (await sh('readlink -f "$1"', found.stdout.trim())).stdout.trim();
    expect(library).toMatch(/^\/usr\/lib\/.*libcrypto/);
    await sh('cp "$1" "$1.new" && mv "$1.new" "$1"', library);
    await lookNow();
    const restarts = await becomes((told) => unit(told, 'ssh.service') !== undefined);
    expect(unit(restarts, 'ssh.service')).toMatchObject({
      files: [library],
      packages: [expect.stringMatching(/^libssl/)],
    });
  },
  long,
);

test(
  'a program with a hostile name is one program with a hostile name',
  async () => {
    await sh('rm -f "$1"', hostile);
    await lookNow();
    const restarts = await becomes((told) => unit(told, 'lab-hostile.service') !== undefined);
    const old = unit(restarts, 'lab-hostile.service');
    expect(old).toMatchObject({ processes: 1, replacedAt: null, packages: [] });
    expect(old?.files).toEqual(['/usr/local/bin/old thing\\012== end\u241b[2J) R 1']);
    expect(old?.startedAt).not.toBeNull();
    // oxlint-disable-next-line no-control-regex -- control characters are exactly what is refused
    expect(JSON.stringify(restarts)).not.toMatch(/\\u001b|\\n/);
    await sh('systemctl stop lab-hostile');
  },
  long,
);

test(
  'without a way to root only the login user’s own processes are seen, and that is said',
  async () => {
    const access = await sshAccess(lab.env.sshConfig, 'node1');
    const restarts = await readOldFiles(access, { elevation: 'none' }, Date.now);
    expect(restarts).toMatchObject({ sees: 'own', problem: null });
    expect(unit(restarts, 'ssh.service')).toBeUndefined();
    await sh('chmod -x /usr/bin/sudo');
    const refused = await readOldFiles(access, { elevation: 'sudo' }, Date.now);
    await sh('chmod +x /usr/bin/sudo');
    expect(refused).toMatchObject({ sees: 'own', units: [], problem: { code: 'permission' } });
    await access.end();
  },
  long,
);
