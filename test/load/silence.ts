/**
 * Hosts in view while this machine is at full load: how many are called silent though they answer, and how soon a host
 * that is frozen is noticed. Usage: npm run load -- silence [--hosts 100] [--seconds 600]. Needs root, sshd, ss.
 */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { connectAll } from './fleet-of-links.ts';
import { bar, percentile } from './measure.ts';
import { loadOptions } from './options.ts';
import { startSwarm } from './swarm.ts';

const { hosts: count, seconds } = loadOptions({ hosts: 100, seconds: 600 });
const frozenHosts = 20;

const swarm = startSwarm(count);
const fleet = connectAll(swarm.specs, swarm.knownHosts);
const burners: Worker[] = [];
try {
  await fleet.allUp(60_000);
  fleet.hosts.look({ visible: swarm.specs.map(({ name }) => name), focus: null, hidden: false });
  await sleep(5_000);
  for (let i = 0; i < cpus().length; i++) burners.push(new Worker('for (;;);', { eval: true }));
  const alarms = new Map<string, string>();
  let frozen = '';
  const noticed = { at: 0 };
  fleet.onLink((host, link) => {
    if (link.state === 'up') return;
    if (host === frozen) noticed.at ||= performance.now();
    else alarms.set(`${host} ${alarms.size}`, `${link.state}: ${link.reason}`);
  });
  await sleep(seconds * 1000);
  const falseAlarms = alarms.size;
  for (const [host, words] of [...alarms].slice(0, 5)) console.log(`${host} was called ${words}`);

  const tookMs: number[] = [];
  for (const { name, port } of swarm.specs.slice(0, frozenHosts)) {
    noticed.at = 0;
    frozen = name;
    const processes = sessionsOn(port);
    // At a different moment of the beat each time.
    await sleep(Math.random() * 500);
    const from = performance.now();
    for (const pid of processes) process.kill(pid, 'SIGSTOP');
    while (noticed.at === 0 && performance.now() - from < 10_000) await sleep(5);
    for (const pid of processes) process.kill(pid, 'SIGCONT');
    tookMs.push(noticed.at === 0 ? Infinity : noticed.at - from);
    while (fleet.links.get(name)?.state !== 'up') await sleep(20);
  }
  const figures = [0.5, 0.9, 1].map((part) => `p${part * 100} ${percentile(tookMs, part).toFixed(0)} ms`).join(', ');
  console.log(
    `\n${count} hosts in view, ${cpus().length} busy loops on ${cpus().length} cores; frozen, noticed after ${figures} (${frozenHosts} times)`,
  );
  bar(`hosts called silent that were not, in ${seconds} s`, falseAlarms, 0, 'at most');
  bar('frozen host noticed, worst, ms', Math.max(...tookMs), 1000, 'at most');
} finally {
  for (const burner of burners) void burner.terminate();
  await fleet.hosts.end();
  swarm.end();
}

/** The processes that hold the server's side of the connections to a port. */
function sessionsOn(port: number): number[] {
  const text = execFileSync('ss', ['-tnpH', 'state', 'established', `sport = :${port}`], { encoding: 'utf8' });
  return [...new Set([...text.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid)))];
}
