import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JournalItem } from '#shared/contract/streams.ts';
import { type UnitDetail, unitDetail } from '#shared/contract/unit.ts';
import type { HostAccess } from '#core/hosts/host-access.ts';
import { followJournal } from '#core/probes/units/follow-journal.ts';
import { readUnitDetail } from '#core/probes/units/read-unit-detail.ts';
import { type Lab, labUnavailable, startLab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { type SshAccess, sshAccess } from '#kit/ssh-access.ts';

const reason = labUnavailable();
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const node = 'node1';
/** What differs between two readings of the same unit. */
const passing = { readAt: 0, cpuNanoseconds: 0, memoryBytes: 0, tasks: 0, journal: [], activeSince: 0 };

describe('one unit', () => {
  let lab: Lab;
  let access: SshAccess;

  beforeAll(async () => {
    if (reason !== null) return;
    lab = await startLab({ systems: ['debian'], etcd: 'none' });
    access = await sshAccess(lab.env.sshConfig, node);
    await lab.exec(node, [
      'sh',
      '-c',
      'mkdir -p /etc/systemd/system/web.service.d && printf "[Service]\\nEnvironment=A=1\\n" >/etc/systemd/system/web.service.d/10-a.conf && systemctl daemon-reload && systemctl restart web.service',
    ]);
  });
  afterAll(async () => {
    await access?.end();
    await lab?.end();
  });

  it('is read in full over the bus, and the same with systemctl show', async () => {
    const detail = unitDetail.parse(await readUnitDetail(access, 'web.service'));
    expect(detail).toMatchObject({
      unit: { name: 'web.service', load: 'loaded', active: 'active', sub: 'running', job: '' },
      unitFileState: 'enabled',
      needDaemonReload: false,
      result: 'success',
      wantedBy: ['multi-user.target'],
      journalReason: '',
    });
    const cat = (await lab.exec(node, ['systemctl', 'cat', 'web.service'])).stdout;
    expect(detail.files.map(({ path, text }) => `# ${path}\n${text}`).join('\n')).toBe(cat);
    expect(detail.mainPid).toBe(Number((await lab.exec(node, ['systemctl', 'show', '-P', 'MainPID', 'web'])).stdout));
    expect(detail.mainProcess).toContain('lab-web');
    expect(Math.abs((detail.activeSince ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(detail.unit.since).toBe(detail.activeSince);
    expect(detail.journal.map((line) => line.text)).toContain('listening');

    access.refuseBus('no bus');
    const shown = await readUnitDetail(access, 'web.service');
    access.refuseBus(null);
    const sorted = (value: object) =>
      JSON.stringify(value, (_key, each: unknown) => (Array.isArray(each) ? each.map(String).sort() : each));
    const steady = (each: UnitDetail) => sorted({ ...each, ...passing, unit: { ...each.unit, since: 0 } });
    expect(steady(shown)).toBe(steady(detail));
    expect(Math.abs((shown.activeSince ?? 0) - (detail.activeSince ?? 0))).toBeLessThan(1500);
    expect(Math.abs((shown.unit.since ?? 0) - (detail.unit.since ?? 0))).toBeLessThan(1500);
    const counter = (await lab.exec(node, ['systemctl', 'show', '-P', 'TasksCurrent', 'web'])).stdout.trim();
    expect(String(detail.tasks ?? '[not set]')).toBe(counter);
  });

  it('says why there is no journal for a user who may not read it', async () => {
    const asOps: HostAccess = {
      ...access,
      async exec(command) {
        const { exitCode, stdout, stderr } = await lab.exec(node, ['runuser', '-u', 'ops', '--', 'sh', '-c', command]);
        const bytes = { stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) };
        return { exitCode, signal: null, ...bytes, truncated: false, lost: false, durationMs: 0 };
      },
    };
    expect(await readUnitDetail(asOps, 'web.service')).toMatchObject({
      unit: { active: 'active' },
      journal: [],
      journalReason: 'this user may not read the system journal; members of adm or systemd-journal may',
    });
  });

  it('says how it failed', async () => {
    await lab.exec(node, ['systemctl', 'start', 'flaky.service']);
    await expect
      .poll(async () => (await readUnitDetail(access, 'flaky.service')).unit.active, { timeout: 10_000, interval: 500 })
      .toBe('failed');
    const detail = await readUnitDetail(access, 'flaky.service');
    expect(detail).toMatchObject({ result: 'exit-code', exitStatus: 'exited with 3', mainPid: 0, activeSince: null });
    expect(detail.journal.map((line) => line.text)).toContain('cannot reach the database');
    const told = await lab.exec(node, ['sh', '-c', 'date -d "$(systemctl show -P InactiveEnterTimestamp flaky)" +%s']);
    expect(Math.floor((detail.unit.since ?? 0) / 1000)).toBe(Number(told.stdout));
    access.refuseBus('no bus');
    const shown = await readUnitDetail(access, 'flaky.service');
    access.refuseBus(null);
    expect(Math.abs((shown.unit.since ?? 0) - (detail.unit.since ?? 0))).toBeLessThan(1500);
  });

  it('is said to be unknown in words', async () => {
    expect((await readUnitDetail(access, 'no-such.service')).unit).toMatchObject({
      load: 'not-found',
      active: 'inactive',
    });
    await expect(readUnitDetail(access, 'worker@.service')).rejects.toMatchObject({
      problem: { code: 'invalid-input' },
    });
  });

  it('has a journal that is followed live, with hostile lines made harmless', async () => {
    const items: JournalItem[] = [];
    const following = await followJournal(access, 'web.service', {
      onItem: (item) => items.push(item),
      onEnd: (error) => items.push({ lines: [], dropped: error.message.length }),
    });
    const texts = () => items.flatMap((item) => item.lines.map((line) => line.text));
    await expect.poll(texts, { timeout: 10_000 }).toContain('listening');
    const say = '{ printf "\\033[2Jclear\\n\\377\\376 bytes\\n"; sleep 1; } | systemd-cat -t hostile';
    const pid = (await lab.exec(node, ['systemctl', 'show', '-P', 'MainPID', 'web'])).stdout.trim();
    // From inside the unit's own control group, so that the journal files it under the unit.
    await lab.exec(node, [
      'sh',
      '-c',
      `echo $$ >/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/${pid}/cgroup)/cgroup.procs; ${say}`,
    ]);
    await expect.poll(texts, { timeout: 5000 }).toContain('␛[2Jclear');
    expect(texts()).toContain('\ufffd\ufffd bytes');
    expect(items.every((item) => item.dropped === 0)).toBe(true);
    const { cursor } = following;
    following.close();
    await lab.exec(node, ['systemctl', 'restart', 'web.service']);
    items.length = 0;
    const resumed = await followJournal(access, 'web.service', {
      onItem: (item) => items.push(item),
      onEnd: () => {},
      afterCursor: cursor,
    });
    await expect.poll(texts, { timeout: 10_000 }).toContain('listening');
    expect(texts()).not.toContain('␛[2Jclear');
    resumed.close();
    await expect
      .poll(async () => (await lab.exec(node, ['pgrep', '-c', 'journalctl'])).stdout.trim(), { timeout: 5000 })
      .toBe('0');
  });
});
