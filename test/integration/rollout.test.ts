import { expect, test } from 'vitest';
import type { Gate } from '#shared/contract/change.ts';
import type { HostWork, WorkProgress } from '#shared/contract/work.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { type ConsoleProcess, startConsoleProcess } from '#kit/console-process.ts';
import { startPinger } from '#kit/pinger.ts';
import { rollOutDraft as draft, rollOutMs, useRollOutLab } from '#kit/rollout-lab.ts';

const bench = useRollOutLab(['flatcar', 'flatcar', 'flatcar', 'flatcar']);
const { hosts, look, root, versions, boots, grown, holders, held } = bench;
const { plan: planOf, proposed, propose, act, over, hostOf, states, phase, evidence } = bench;
const gates: Gate[] = [{ kind: 'system-running' }];
const isWell: Gate = { kind: 'command', command: 'test ! -e /etc/qd-bad', timeoutS: 10 };
const update = (to: string | null): HostWork => ({ kind: 'update', agent: 'update-engine', from: null, to });

test(
  'a roll-out: canary, then the rest one at a time under the lock; each host boots once, into a good slot',
  async () => {
    await bench.lab.publish('flatcar', 'stable', '4230.2.1', 1);
    const before = await boots();
    const plan = await proposed(draft(hosts, update('4230.2.1'), [...gates, { kind: 'new-in-boot', most: 500 }]));
    expect(plan.waves).toEqual([['node1'], ['node2', 'node3', 'node4']]);
    expect(plan.steps).toMatchObject([{ work: { kind: 'update', from: '4152.2.1', to: '4230.2.1' } }]);
    const ping = startPinger(bench.lab, hosts);
    await act(plan.id, 'start');
    expect((await over(plan.id, 'committed')).text).toBe('4 of 4 hosts');
    const pinged = await ping();
    expect(pinged).toEqual({ most: 1, went: hosts });
    expect(await versions()).toEqual(hosts.map(() => '4230.2.1'));
    expect(await grown(before)).toEqual([1, 1, 1, 1]);
    for (const name of hosts) expect(await root(name, 'cgpt show "$(rootdev -s /usr)"')).toContain('successful=1');
    expect(await held()).toBe('{"total_slots":1,"holders":[]}');
    const told = await evidence(plan.id, 'node3');
    expect(told.some((line) => line.startsWith('gate pass: what is new in this boot:'))).toBe(true);
    expect(told.filter((line) => line.startsWith('reboot: '))).toHaveLength(1);
    const again = await planOf(draft(hosts, update('4230.2.1')));
    expect([again.unchanged, again.leftOut, again.waves]).toEqual([hosts, [], []]);
  },
  rollOutMs,
);

test(
  'the update goes bad on the second host: halted with evidence, back in its old slot for good, resume skips it',
  async () => {
    await bench.lab.publish('flatcar', 'stable', '4230.2.2', 1);
    await root('node2', 'touch /etc/qd-bad');
    const before = await boots();
    const [was = ''] = await versions();
    const bad = draft(hosts, update(null), [...gates, isWell]);
    const plan = await proposed({ ...bad, policy: { ...bad.policy, maxUnavailable: 1 } });
    expect(plan.steps[0]?.work).toMatchObject({ from: was, to: null });
    const ping = startPinger(bench.lab, hosts);
    await act(plan.id, 'start');
    const paused = await over(plan.id, 'paused');
    expect(paused.text).toContain(`command test ! -e /etc/qd-bad: exit 1; it boots ${was} again`);
    await bench.view.until(
      'change',
      plan.id,
      'hosts',
      (all) => all.every(({ state }) => !['applying', 'verifying'].includes(state)),
      90_000,
    );
    expect(states(plan.id)).toEqual(['node1 done', 'node2 restored', 'node3 waiting', 'node4 waiting']);
    expect(hostOf(plan.id, 'node2')?.work).toMatchObject({ rolledBack: true, holdsLock: false, from: was });
    const told = await evidence(plan.id, 'node2');
    expect(told).toContain('gate fail: command test ! -e /etc/qd-bad: exit 1');
    await act(plan.id, 'resume');
    expect((await over(plan.id, 'committed')).text).toBe('3 of 4 hosts, 1 failed');
    expect((await ping()).most).toBe(1);
    // Updated and taken back: twice, and no loop.
    expect(await grown(before)).toEqual([1, 2, 1, 1]);
    await bench.lab.reboot('node2');
    expect(await versions()).toEqual(['4230.2.2', was, '4230.2.2', '4230.2.2']);
    expect(await held()).toBe('{"total_slots":1,"holders":[]}');
  },
  rollOutMs,
);

test(
  'paused while it waits for the lock: the host is let go with what was staged, and then goes on to its end',
  async () => {
    await bench.lab.publish('flatcar', 'stable', '4230.2.3', 1);
    await holders('somebody');
    const [before, [, , , was]] = [await boots(), await versions()];
    const plan = await proposed(draft(['node4'], update('4230.2.3'), gates));
    await act(plan.id, 'start');
    await phase(plan.id, 'node4', ({ waitsFor }) => waitsFor === 'lock');
    expect(hostOf(plan.id, 'node4')?.text).toMatch(/^somebody .*holds the one slot/);
    await act(plan.id, 'pause');
    await over(plan.id, 'paused');
    expect(hostOf(plan.id, 'node4')).toMatchObject({
      state: 'waiting',
      work: { to: '4230.2.3', bootBefore: null },
    });
    await holders();
    await act(plan.id, 'resume');
    await over(plan.id, 'committed');
    expect((await versions())[3]).toBe('4230.2.3');
    const undo = await bench.view.link.call('change.plan-undo', { id: plan.id, password: null });
    expect(undo.steps).toMatchObject([{ work: { kind: 'roll-back', from: '4230.2.3', to: was } }]);
    expect(await grown(before)).toEqual([0, 0, 0, 1]);
  },
  rollOutMs,
);

test(
  'the console is killed in each phase: another goes on exactly there, and no host boots twice',
  async () => {
    const started: ConsoleProcess[] = [];
    const ready = async () => {
      const one = await startConsoleProcess('lab', { clusters: { lab: labCluster(bench.lab) } });
      started.push(one);
      await look(one.view);
      return one;
    };
    type Fits = (work: WorkProgress) => boolean;
    const killedIn = async (id: string, host: string, from: ConsoleProcess, to: ConsoleProcess, fits: Fits) => {
      await phase(id, host, fits);
      await from.kill();
      await to.view.until('change', id, 'owner', ({ owner }) => owner === null, 60_000);
      await act(id, 'take-over', to.view);
    };
    await bench.lab.publish('flatcar', 'stable', '4230.2.4', 5);
    const before = await boots();
    const [was1, , was3] = await versions();
    try {
      const [first, second] = [await ready(), await ready()];
      await holders('somebody');
      const slowly: Gate = { kind: 'command', command: 'sleep 8; test ! -e /etc/qd-bad', timeoutS: 30 };
      const plan = await proposed(draft(['node1'], update('4230.2.4'), [...gates, slowly]), first.view);
      await act(plan.id, 'start', first.view);
      await killedIn(plan.id, 'node1', first, second, ({ phase: now }) => now === 'downloading');
      const [third, fourth, fifth] = [await ready(), await ready(), await ready()];
      await killedIn(plan.id, 'node1', second, third, ({ waitsFor }) => waitsFor === 'lock');
      await phase(plan.id, 'node1', ({ waitsFor }) => waitsFor === 'lock');
      await holders();
      await killedIn(plan.id, 'node1', third, fourth, ({ phase: now }) => now === 'rebooting');
      await killedIn(plan.id, 'node1', fourth, fifth, ({ phase: now }) => now === 'verifying');
      await over(plan.id, 'committed');
      expect((await versions())[0]).toBe('4230.2.4');
      expect(await grown(before)).toEqual([1, 0, 0, 0]);

      await root('node3', 'touch /etc/qd-bad');
      const sixth = await ready();
      const bad = await proposed(draft(['node3'], update('4230.2.4'), [...gates, isWell]), fifth.view);
      await act(bad.id, 'start', fifth.view);
      await killedIn(bad.id, 'node3', fifth, sixth, (work) => work.phase === 'rolling-back');
      expect((await over(bad.id, 'paused')).text).toContain(`it boots ${was3} again`);
      expect((await versions())[2]).toBe(was3);
      expect(await grown(before)).toEqual([1, 0, 2, 0]);
      await act(bad.id, 'stop', sixth.view);
      await over(bad.id, 'stopped');

      const back = await bench.view.link.call('change.plan-undo', { id: plan.id, password: null });
      await propose(back);
      await act(back.id, 'start');
      await over(back.id, 'committed');
      expect((await versions())[0]).toBe(was1);
      expect(await grown(before)).toEqual([2, 0, 2, 0]);
      expect(await held()).toBe('{"total_slots":1,"holders":[]}');
    } finally {
      for (const one of started) await one.end();
    }
  },
  rollOutMs,
);

test(
  'a reboot is work of its own: once, under the lock, and looked at afterwards',
  async () => {
    const before = await boots();
    const plan = await proposed(draft(['node2', 'node4'], { kind: 'reboot' }, gates));
    const ping = startPinger(bench.lab, hosts);
    await act(plan.id, 'start');
    expect((await over(plan.id, 'committed')).text).toBe('2 of 2 hosts');
    expect(await ping()).toEqual({ most: 1, went: ['node2', 'node4'] });
    expect(await grown(before)).toEqual([0, 1, 0, 1]);
    expect(await held()).toBe('{"total_slots":1,"holders":[]}');
    await expect(bench.view.link.call('change.plan-undo', { id: plan.id, password: null })).resolves.toMatchObject({
      waves: [],
      leftOut: [{ reason: { code: 'unsupported' } }, { reason: { code: 'unsupported' } }],
    });
  },
  rollOutMs,
);
