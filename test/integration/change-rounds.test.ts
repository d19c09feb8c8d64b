import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChangePlan, ChangeVerb } from '#shared/contract/change.ts';
import { openScopes } from '#core/lib/scope.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { oneFile, type OneFileOptions } from '#kit/one-file.ts';
import { randomBelow, seededRandom } from '#kit/random.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

// What must hold each time whatever the timing: again and again, with random timing. `npm run prove -- rounds` is the long
// run: 200 times a bad value, 100 times two consoles.
const rounds = Number(process.env['QUARTERDECK_ROUNDS'] ?? 15);
const duels = Math.ceil(rounds / 2);
const seed = Number(process.env['QUARTERDECK_SEED'] ?? 1);
const longestMs = 60_000 + rounds * 15_000;

const reason = labUnavailable();
const hosts = ['node1', 'node2', 'node3', 'node4'];
const path = '/etc/qd-app.conf';
let lab: Lab;
const cores: TestCore[] = [];
let ada: TestView;
let bob: TestView;

async function openConsole(): Promise<TestView> {
  const core = await startTestCore({ clusters: { lab: labCluster(lab) } });
  cores.push(core);
  const view = core.view('lab');
  view.link.look({ hosts, focus: null, hidden: false });
  for (const name of hosts) await view.until('host', name, 'link', ({ state }) => state === 'up', 30_000);
  return view;
}

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: hosts.map(() => 'debian') });
  // Runs for as many ms as the file says before it fails; for ever where the file is good.
  const runs = 'read word ms </etc/qd-app.conf; [ "$word" = bad ] || exec sleep infinity; sleep 0.$ms; exit 1';
  for (const name of hosts) {
    await root(name, `printf 'good\\n' >${path}; printf '%s\\n' '#!/bin/sh' '${runs}' >/root/app; chmod 755 /root/app`);
    await root(name, "printf '[Service]\\nExecStart=/root/app\\n' >/etc/systemd/system/qd-app.service");
    await root(name, 'systemctl daemon-reload; systemctl start qd-app');
  }
  ada = await openConsole();
  bob = await openConsole();
});
afterAll(async () => {
  for (const core of cores) await core.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

/** From outside: root's own shell on the host, not Quarterdeck. */
const root = async (host: string, script: string) => (await lab.exec(host, ['sh', '-c', script])).stdout.trim();

async function proposed(view: TestView, names: string[], content: string, more: OneFileOptions): Promise<ChangePlan> {
  const draft = oneFile(names, path, content, { title: 'A round', ...more });
  const plan = await view.link.call('change.plan', { draft, password: null });
  await view.link.call('change.propose', { plan });
  for (const one of [ada, bob]) await one.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  return plan;
}

const act = (view: TestView, id: string, verb: ChangeVerb) =>
  view.link.call('change.act', { id, verb, host: null, password: null });

test(
  'a bad value never gets beyond the canary, whenever it fails and whatever is asked of the change meanwhile',
  async () => {
    const random = seededRandom(seed);
    const others = hosts.slice(1);
    const look = () =>
      Promise.all(
        others.map((host) => root(host, `stat -c '%i %y %z %a' ${path}; cat ${path}; ls /var/lib/quarterdeck`)),
      );
    const before = await look();
    const canary = await root('node1', `stat -c '%y %a %u %g' ${path}; cat ${path}`);
    let asked = 0;
    for (let round = 0; round < rounds; round++) {
      const ms = String(randomBelow(random, 900)).padStart(3, '0');
      const plan = await proposed(ada, hosts, `bad ${ms}\n`, {
        actions: [{ verb: 'restart', unit: 'qd-app.service' }],
        gates: [{ kind: 'unit-active', unit: 'qd-app.service', settleS: 1 }],
        policy: { waves: [{ size: 1, unit: 'hosts' }], deadmanS: 30 },
      });
      await act(ada, plan.id, 'start');
      // Either console presses what can be pressed, at any moment; what is too late is refused. Nobody resumes what
      // paused by itself: that would be to accept the failure.
      const presses = (async () => {
        for (const verb of ['pause', 'resume'] as const) {
          await new Promise((resolve) => setTimeout(resolve, randomBelow(random, 700)));
          const inTime = await act(random() < 0.5 ? ada : bob, plan.id, verb).then(
            () => true,
            () => false,
          );
          if (!inTime) return;
          asked++;
          const paused = () => ada.record('change', plan.id)?.progress?.text.startsWith('paused by') === true;
          if (verb === 'pause')
            await ada.until('change', plan.id, 'progress', ({ state }) => state === 'paused', 60_000);
          if (verb === 'pause' && !paused()) return;
        }
      })();
      await presses;
      const failed = ({ host, state }: { host: string; state: string }) => host === 'node1' && state === 'restored';
      await ada.until('change', plan.id, 'hosts', (all) => all.some(failed), 60_000);
      await ada.until('change', plan.id, 'progress', ({ state }) => state === 'paused', 60_000);
      expect([round, ada.record('change', plan.id)?.hosts?.map(({ state }) => state)]).toEqual([
        round,
        ['restored', 'waiting', 'waiting', 'waiting'],
      ]);
      await act(ada, plan.id, 'stop');
      await bob.until('change', plan.id, 'progress', ({ state }) => state === 'stopped', 30_000);
      expect([round, await root('node1', `stat -c '%y %a %u %g' ${path}; cat ${path}`)]).toEqual([round, canary]);
      expect([round, await root('node1', 'systemctl is-active qd-app')]).toEqual([round, 'active']);
      // Not one of the others was so much as looked at by a change: no other inode, no other time, no journal.
      expect([round, await look()]).toEqual([round, before]);
    }
    console.log(`${rounds} rounds, ${asked} of ${2 * rounds} pauses and resumes were in time`);
  },
  longestMs,
);

test(
  'of two consoles that start changes of one host at the same moment, exactly one wins, each time',
  async () => {
    const random = seededRandom(seed);
    for (let round = 0; round < duels; round++) {
      const before = await root('node1', `cat ${path}`);
      const plans = [
        await proposed(ada, ['node1'], `a ${round}\n`, {}),
        await proposed(bob, ['node1'], `b ${round}\n`, {}),
      ];
      await Promise.all(
        plans.map(async ({ id }, at) => {
          await new Promise((resolve) => setTimeout(resolve, randomBelow(random, 20)));
          await act(at === 0 ? ada : bob, id, 'start');
        }),
      );
      const ended = await Promise.all(
        plans.map(({ id }) =>
          ada.until('change', id, 'progress', ({ state }) => state !== 'running' && state !== 'planned', 30_000),
        ),
      );
      const winner = ended.findIndex(({ state }) => state === 'committed');
      expect([round, ended.map(({ state }) => state).toSorted()]).toEqual([round, ['committed', 'paused']]);
      expect([round, before, await root('node1', `cat ${path}`)]).toEqual([round, before, `${'ab'[winner]} ${round}`]);
      for (const [at, { id }] of plans.entries()) if (at !== winner) await act(ada, id, 'stop');
    }
    console.log(`${duels} duels`);
  },
  longestMs,
);
