import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { ChangeVerb, Gate, HostChange } from '#shared/contract/change.ts';
import type { HostLink } from '#shared/contract/host.ts';
import { defaultReboots } from '#shared/contract/reboot.ts';
import type { HostWork } from '#shared/contract/work.ts';
import { allowedVerbs } from '#shared/lib/change/verbs.ts';
import { startPinger } from '#kit/pinger.ts';
import { labReboots, rollOutDraft, rollOutMs, useRollOutLab } from '#kit/rollout-lab.ts';
import { tellAgent } from '#kit/told-agents.ts';

const bench = useRollOutLab(['flatcar', 'flatcar', 'flatcar', 'flatcar']);
const { hosts, root, versions, boots, grown, held, begin, proposed, act, over, hostOf, states, phase, evidence } =
  bench;
const [node1, node2, node3, node4] = ['node1', 'node2', 'node3', 'node4'] as const;
const gates: Gate[] = [{ kind: 'system-running' }];
/** Nothing can tell by it whether a host is well. */
const silent: Gate = { kind: 'command', command: 'sleep 30', timeoutS: 1 };
const update = (to: string): HostWork => ({ kind: 'update', agent: 'update-engine', from: null, to });
const publish = (version: string) => bench.lab.publish('flatcar', 'stable', version, 1);

/** What a person may ask of a change now. */
function verbs(id: string): ChangeVerb[] {
  const record = bench.view.record('change', id);
  return allowedVerbs(record?.progress ?? { state: 'planned' }, record?.hosts ?? [], record?.owner !== null);
}
const accept = (id: string, host: string) =>
  bench.view.link.call('change.act', { id, verb: 'accept', host, password: null });
const refused = async (id: string, verb: ChangeVerb) =>
  expect(verb === 'accept' ? accept(id, node1) : act(id, verb)).rejects.toMatchObject({ problem: { code: 'refused' } });
const ended = (id: string, host: string, state: HostChange['state']) =>
  bench.view.until(
    'change',
    id,
    'hosts',
    (all) => all.some((one) => one.host === host && one.state === state && one.endedAt !== null),
    240_000,
  );

test(
  'what only the new system logs fails the gate: the evidence names it, and the host is taken back',
  async () => {
    await publish('4230.2.1');
    const [before, [was = '']] = [await boots(), await versions()];
    const kinds = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta'];
    const script = [
      `. /etc/os-release; [ "$VERSION_ID" != ${was} ] || exit 0`,
      ...kinds.map((kind) => `for round in $(seq 40); do echo "<3>the ${kind} driver refuses its disk"; done`),
    ];
    const unit =
      '[Service]\nType=oneshot\nSyslogIdentifier=qd-disk\nExecStart=/bin/sh /etc/qd-disk.sh\n[Install]\nWantedBy=multi-user.target\n';
    const write = async (path: string, text: string) =>
      bench.lab.exec(node2, ['sh', '-c', 'printf %s "$1" >"$2"', 'sh', text, path]);
    await write('/etc/qd-disk.sh', script.join('\n'));
    await write('/etc/systemd/system/qd-disk.service', unit);
    await root(node2, 'systemctl daemon-reload; systemctl enable qd-disk.service');
    const fails: Gate = { kind: 'new-in-boot', most: 7 };
    const id = await begin(rollOutDraft([node1, node2], update('4230.2.1'), [...gates, fails]));
    const { text } = await over(id, 'paused');
    expect(text).toMatch(
      /^node2: what is new in this boot: \d+ kinds of messages are new in this boot, 7 may be: 40x qd-disk: /,
    );
    await ended(id, node2, 'restored');
    expect(states(id)).toEqual(['node1 done', 'node2 restored']);
    const told = (await evidence(id, node2)).find((line) => line.startsWith('gate fail: what is new in this boot: '));
    for (const kind of kinds) expect(told).toContain(`40x qd-disk: the ${kind} driver refuses its disk`);
    expect((await evidence(id, node1)).some((line) => line.startsWith('gate pass: what is new in this boot'))).toBe(
      true,
    );
    expect(await versions()).toEqual(['4230.2.1', was, was, was]);
    expect(await grown(before)).toEqual([1, 2, 0, 0]);
    await act(id, 'stop');
    await over(id, 'stopped');
  },
  rollOutMs,
);

test(
  'a member of etcd is down, then somebody is logged in: both are waited for, and said, and the host goes once',
  async () => {
    await publish('4230.2.2');
    const before = await boots();
    const words = ['-F', bench.lab.env.sshConfig, '-tt', node3, 'echo ready; exec cat'];
    const session = spawn('ssh', words, { stdio: ['pipe', 'pipe', 'ignore'] });
    const screen: string[] = [];
    session.stdout.on('data', (chunk: Buffer) => screen.push(chunk.toString()));
    const closed = once(session, 'close');
    try {
      await expect.poll(() => screen.join(''), { timeout: 60_000 }).toContain('ready');
      await root(node2, 'systemctl stop etcd.service');
      await bench.view.until('cluster', '', 'etcd', ({ state }) => state === 'degraded', 60_000);
      const patient = { peopleWaitS: defaultReboots.peopleWaitS };
      const id = await begin(rollOutDraft([node3], update('4230.2.2'), gates, patient));
      await phase(id, node3, ({ waitsFor }) => waitsFor === 'quorum');
      expect(hostOf(id, node3)?.text).toMatch(/without it 1 of 3 would be left, and quorum is 2/);
      expect(screen.join('')).not.toContain('about to reboot');
      await root(node2, 'systemctl start etcd.service');

      await phase(id, node3, ({ waitsFor }) => waitsFor === 'person');
      expect(hostOf(id, node3)?.text).toMatch(/^core on pts\/\d+ is logged in; they /);
      await expect
        .poll(() => screen.join(''), { timeout: 60_000 })
        .toContain('This host is about to reboot for Roll out. Save your work and log out.');
      // The way is free but for them.
      expect(await held()).toBe('{"total_slots":1,"holders":[]}');
      expect(await grown(before)).toEqual([0, 0, 0, 0]);
      session.kill();
      await closed;
      await over(id, 'committed');
      expect(await grown(before)).toEqual([0, 0, 1, 0]);
      expect((await versions())[2]).toBe('4230.2.2');
    } finally {
      session.kill();
      await root(node2, 'systemctl start etcd.service');
    }
  },
  rollOutMs,
);

test(
  'no more hosts begin to go down in a time than the policy says, though nothing else is in the way',
  async () => {
    const perS = 45;
    const before = await boots();
    const draft = rollOutDraft([node4, node1], update('4230.2.2'), gates, {
      lock: 'none',
      atOnce: 2,
      rate: { hosts: 1, perS },
    });
    const id = (await proposed({ ...draft, policy: { ...draft.policy, waves: [] } })).id;
    const said = new Set<string>();
    const stop = bench.view.replica.onSection('change', id, 'hosts', () => {
      for (const { work, text } of bench.view.record('change', id)?.hosts ?? [])
        if (work?.waitsFor === 'rate') said.add(text);
    });
    const ping = startPinger(bench.lab, hosts);
    await act(id, 'start');
    await over(id, 'committed');
    stop();
    expect(await ping()).toEqual({ most: 1, went: [node1, node4] });
    expect(said).toContain(`1 host began to go down in the last ${perS} s; no more than 1 may.`);
    expect(await grown(before)).toEqual([1, 0, 0, 1]);
    const went = await Promise.all(
      [node4, node1].map(async (host) => {
        const all = (await bench.view.link.call('change.host', { id, host })).evidence;
        return all.filter(({ step }) => step === 'reboot').map(({ at }) => at);
      }),
    );
    expect(went.map((times) => times.length)).toEqual([1, 1]);
    const [one = 0, other = 0] = went.flat();
    expect(Math.abs(other - one)).toBeGreaterThanOrEqual(perS * 1000);
  },
  rollOutMs,
);

test(
  'nothing can tell whether a host is well: it is kept where a person vouches for it, and given back where one goes on without',
  async () => {
    await publish('4230.2.3');
    const [before, [, , , was]] = [await boots(), await versions()];
    const kept = await begin(rollOutDraft([node3], update('4230.2.3'), [...gates, silent]));
    await refused(kept, 'accept');
    const { text } = await over(kept, 'paused');
    expect(text).toBe('node3: command sleep 30: no answer within 1 s');
    expect(states(kept)).toEqual(['node3 inconclusive']);
    expect(verbs(kept)).toEqual(
      expect.arrayContaining(['resume', 'stop', 'roll-back', 'retry-failed', 'accept', 'skip']),
    );
    await accept(kept, node3);
    await ended(kept, node3, 'done');
    expect(hostOf(kept, node3)?.text).toMatch(/^accepted by /);
    await act(kept, 'resume');
    await over(kept, 'committed');
    for (const verb of ['accept', 'roll-back', 'resume'] as const) {
      expect(verbs(kept)).not.toContain(verb);
      await refused(kept, verb);
    }
    expect((await versions())[2]).toBe('4230.2.3');

    const left = await begin(rollOutDraft([node4], update('4230.2.3'), [...gates, silent]));
    await over(left, 'paused');
    expect((await versions())[3]).toBe('4230.2.3');
    await act(left, 'resume');
    await ended(left, node4, 'restored');
    await over(left, 'committed');
    expect(hostOf(left, node4)?.work).toMatchObject({ rolledBack: true, holdsLock: false });
    expect((await evidence(left, node4)).join('\n')).toMatch(/failed: .+ went on without it: /);
    expect((await versions())[3]).toBe(was);
    expect(await grown(before)).toEqual([0, 0, 1, 2]);
    expect(await held()).toBe('{"total_slots":1,"holders":[]}');
  },
  rollOutMs,
);

test(
  'a host that is cut off while a gate is asked is asked again when it can be reached',
  async () => {
    const before = await boots();
    const slow: Gate = { kind: 'command', command: 'touch /run/qd-asked; sleep 10', timeoutS: 30 };
    const id = await begin(rollOutDraft([node1], { kind: 'reboot' }, [slow]));
    const isAsked = () => root(node1, 'ls /run/qd-asked 2>/dev/null || true');
    await expect.poll(isAsked, { timeout: 120_000, interval: 500 }).toBe('/run/qd-asked');
    const cutAt = Date.now();
    await bench.lab.partition(node1);
    const isCut = ({ state, since }: HostLink) => since >= cutAt && state !== 'up' && state !== 'degraded';
    await bench.view.until('host', node1, 'link', isCut, 30_000);
    await bench.lab.heal(node1);
    await over(id, 'committed');
    expect(states(id)).toEqual(['node1 done']);
    const told = (await evidence(id, node1)).filter((line) => line.startsWith('gate '));
    expect(told).toEqual([expect.stringMatching(/^gate inconclusive: .*lost/), expect.stringMatching(/^gate pass: /)]);
    expect(await grown(before)).toEqual([1, 0, 0, 0]);
  },
  rollOutMs,
);

test(
  'rolled back by a person while it soaks: what is done goes back, what waits is left alone, and the new one is held',
  async () => {
    await tellAgent(bench.view, { kind: 'lift-hold', version: '4230.2.1' }, node2);
    await bench.view.until('host', node2, 'update', ({ holds }) => holds?.length === 0, 60_000);
    const before = await boots();
    const slow = rollOutDraft([node1, node2], update('4230.2.3'), gates);
    const id = await begin({ ...slow, policy: { ...slow.policy, soakS: 3600 } });
    await ended(id, node1, 'done');
    expect(verbs(id)).toContain('roll-back');
    expect((await versions())[0]).toBe('4230.2.3');
    await act(id, 'roll-back');
    await over(id, 'rolled-back');
    expect(states(id)).toEqual(['node1 undone', 'node2 waiting']);
    expect((await versions())[0]).toBe('4230.2.2');
    expect(await grown(before)).toEqual([2, 0, 0, 0]);
    await bench.view.until(
      'host',
      node1,
      'update',
      ({ holds }) => holds?.some(({ version }) => version === '4230.2.3') ?? false,
    );
    const again = await bench.plan(rollOutDraft([node1], update('4230.2.3'), gates, labReboots));
    expect(again.leftOut.map(({ reason }) => reason.message)).toEqual(['4230.2.3 is held back on this host']);
    for (const verb of ['start', 'resume', 'accept', 'roll-back', 'retry-failed'] as const) await refused(id, verb);
    expect(await held()).toBe('{"total_slots":1,"holders":[]}');
  },
  rollOutMs,
);

test(
  'what fails only while it soaks: the host boots its old system again, once, and the next wave does not begin',
  async () => {
    await publish('4230.2.4');
    const [before, was] = [await boots(), await versions()];
    const bad: Gate = { kind: 'command', command: '! test -e /run/qd-bad', timeoutS: 5 };
    const soaking = rollOutDraft([node2, node3], update('4230.2.4'), [...gates, bad]);
    const id = await begin({ ...soaking, policy: { ...soaking.policy, soakS: 12 } });
    await bench.view.until('change', id, 'progress', ({ soaksUntil }) => soaksUntil !== null, 240_000);
    expect(states(id)).toEqual(['node2 done', 'node3 waiting']);
    await root(node2, 'touch /run/qd-bad');
    const { text } = await over(id, 'paused');
    expect(text).toMatch(/^node2: command ! test -e \/run\/qd-bad, looked at again: exit 1; it boots \S+ again/);
    expect(states(id)).toEqual(['node2 restored', 'node3 waiting']);
    expect(hostOf(id, node2)?.work).toMatchObject({ rolledBack: true, holdsLock: false });
    expect(await versions()).toEqual(was);
    expect(await grown(before)).toEqual([0, 2, 0, 0]);
    expect(await held()).toBe('{"total_slots":1,"holders":[]}');
    await act(id, 'stop');
    await over(id, 'stopped');
  },
  rollOutMs,
);
