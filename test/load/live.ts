/**
 * Live samples of many hosts at 2 s: ours, a control master with one exec per sample, and cockpit-bridge, in one run.
 * Usage: npm run load -- live [--hosts 200] [--seconds 120]. Needs root, sshd; cockpit-bridge when it is there.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, mkdtempSync, rmSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'ssh2';
import { connectAll } from './fleet-of-links.ts';
import { bar, swarmCpuS, measureHere, processesCpuS, type Cost } from './measure.ts';
import { loadOptions } from './options.ts';
import { startSwarm, type Swarm } from './swarm.ts';

const { hosts: count, seconds } = loadOptions({ hosts: 200, seconds: 120 });
/** A Python process per host: fewer hosts, and figures are per host anyway. */
const cockpitCount = Math.min(count, 40);
const sampleCommand =
  'cat /proc/stat /proc/meminfo /proc/loadavg /proc/uptime /proc/net/dev /proc/diskstats /proc/pressure/cpu /proc/pressure/memory /proc/pressure/io';

interface PerHostMinute {
  readonly clientMs: number;
  readonly hostMs: number;
  readonly samples: number;
  readonly bytes: number | null;
}

const swarm = startSwarm(count);
try {
  console.log(`\nLive samples at 2 s, ${count} hosts, ${seconds} s each; per host-minute:`);
  console.log(`${''.padEnd(34)}client ms  host ms  samples    bytes`);
  const ours = await liveOurs(swarm);
  show('quarterdeck', ours);
  const masters = await liveMasters(swarm);
  show('control master + exec per sample', masters);
  const cockpit = await liveCockpit(swarm);
  if (cockpit) show(`cockpit-bridge metrics (${cockpitCount} hosts)`, cockpit);
  console.log('');
  bar('client CPU, master + exec ÷ ours', masters.clientMs / ours.clientMs, 20, 'at least');
  bar('host CPU, master + exec ÷ ours', masters.hostMs / ours.hostMs, 15, 'at least');
  if (cockpit) {
    bar("client CPU, ours ÷ cockpit-bridge's", ours.clientMs / cockpit.clientMs, 1, 'at most');
    bar("host CPU, ours ÷ cockpit-bridge's", ours.hostMs / cockpit.hostMs, 1, 'at most');
  }
} finally {
  swarm.end();
}

function show(name: string, figures: PerHostMinute): void {
  const bytes = figures.bytes === null ? '—' : figures.bytes.toFixed(0);
  console.log(
    `${name.padEnd(34)}${figures.clientMs.toFixed(1).padStart(9)}${figures.hostMs.toFixed(1).padStart(9)}${figures.samples.toFixed(1).padStart(9)}${bytes.padStart(9)}`,
  );
}

function perHostMinute(cost: Cost, hosts: number, samples: number, bytes: number | null): PerHostMinute {
  const perMinute = 60 / cost.wallS / hosts;
  return {
    clientMs: cost.clientS * 1000 * perMinute,
    hostMs: cost.hostS * 1000 * perMinute,
    samples: samples * perMinute,
    bytes: bytes === null ? null : bytes * perMinute,
  };
}

async function liveOurs(swarm: Swarm): Promise<PerHostMinute> {
  const fleet = connectAll(swarm.specs, swarm.knownHosts);
  await fleet.allUp(60_000);
  fleet.hosts.look({ visible: swarm.specs.map(({ name }) => name), focus: null, hidden: false });
  // What is done once after connecting, and the first tries to find the systemd that these hosts lack, are over by then.
  await sleep(60_000);
  const before = fleet.samples();
  const bytesBefore = loopbackBytes();
  const cost = await measureHere(() => sleep(seconds * 1000).then(() => {}));
  const result = perHostMinute(cost, count, fleet.samples() - before, loopbackBytes() - bytesBefore);
  await fleet.hosts.end();
  return result;
}

async function liveMasters(swarm: Swarm): Promise<PerHostMinute> {
  const dir = mkdtempSync(join(tmpdir(), 'qd-masters-'));
  const options = [
    '-o',
    `ControlPath=${dir}/%p`,
    '-o',
    'StrictHostKeyChecking=yes',
    '-o',
    `UserKnownHostsFile=${swarm.knownHosts}`,
    '-i',
    swarm.key,
    '-o',
    'IdentitiesOnly=yes',
    '-o',
    'LogLevel=ERROR',
  ];
  const masters: ChildProcess[] = [];
  try {
    for (const port of swarm.ports) {
      masters.push(
        spawn('ssh', ['-F', 'none', '-M', '-N', ...options, '-p', String(port), `root@${swarm.address}`], {
          stdio: 'ignore',
        }),
      );
      if (masters.length % 20 === 0) await sleep(1_500);
    }
    await sleep(3_000);
    const script = join(dir, 'loop.sh');
    // Each pass asks every host once, all at the same time, as a 2 s poller would; CPU of the execs is in the script's own times.
    writeFileSync(
      script,
      `end=$((SECONDS + ${seconds}))\nn=0\nwhile [ $SECONDS -lt $end ]; do\n  from=$(date +%s%N)\n  for p in ${swarm.ports.join(' ')}; do ssh -F none -S ${dir}/$p -p $p root@${swarm.address} '${sampleCommand}' >/dev/null 2>&1 & done\n  wait\n  n=$((n + 1))\n  left=$((2000 - ($(date +%s%N) - from) / 1000000))\n  [ $left -le 0 ] || sleep $(printf '%d.%03d' $((left / 1000)) $((left % 1000)))\ndone\necho $n\ntimes\n`,
    );
    const hosts = swarmCpuS();
    const mastersBefore = processesCpuS('ssh');
    const from = performance.now();
    const child = spawn('bash', [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk));
    await new Promise((resolve) => child.on('close', resolve));
    const wallS = (performance.now() - from) / 1000;
    const passes = Number(/^\d+/.exec(output)?.[0] ?? 0);
    const times = [...output.matchAll(/(\d+)m([\d.]+)s/g)].map(
      ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
    );
    const clientS = times.reduce((sum, time) => sum + time, 0) + Math.max(0, processesCpuS('ssh') - mastersBefore);
    return perHostMinute({ wallS, clientS, hostS: swarmCpuS() - hosts }, count, passes * count, null);
  } finally {
    for (const master of masters) master.kill();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function liveCockpit(swarm: Swarm): Promise<PerHostMinute | null> {
  try {
    accessSync('/usr/bin/cockpit-bridge');
  } catch {
    console.log('cockpit-bridge: skipped, it is not installed here');
    return null;
  }
  const clients: Client[] = [];
  let samples = 0;
  const key = readFileSync(swarm.key);
  for (const port of swarm.ports.slice(0, cockpitCount)) {
    const client = new Client();
    clients.push(client);
    await new Promise<void>((resolve, reject) => {
      client.on('error', reject).on('ready', () => {
        client.exec('cockpit-bridge', (error, channel) => {
          if (error) return reject(error);
          channel.on('data', (chunk: Buffer) => (samples += chunk.toString('latin1').split('\nm\n').length - 1));
          channel.stderr.resume();
          const say = (payload: object) => {
            const text = `\n${JSON.stringify(payload)}`;
            channel.write(`${text.length}\n${text}`);
          };
          say({ command: 'init', version: 1, host: 'localhost' });
          const metrics = [
            'cpu.basic.user',
            'cpu.basic.system',
            'memory.used',
            'memory.swap-used',
            'network.all.rx',
            'network.all.tx',
            'disk.all.read',
            'disk.all.written',
          ].map((name) => ({ name, derive: 'rate' }));
          say({ command: 'open', channel: 'm', payload: 'metrics1', source: 'internal', interval: 2000, metrics });
          resolve();
        });
      });
      client.connect({ host: swarm.address, port, username: swarm.user, privateKey: key });
    });
    client.setNoDelay(true);
  }
  await sleep(15_000);
  const before = samples;
  const cost = await measureHere(() => sleep(seconds * 1000).then(() => {}));
  const result = perHostMinute(cost, cockpitCount, samples - before, null);
  for (const client of clients) client.end();
  return result;
}

/** Bytes that went over loopback so far; ours is the only traffic while it is measured. */
function loopbackBytes(): number {
  const line =
    readFileSync('/proc/net/dev', 'utf8')
      .split('\n')
      .find((text) => text.trim().startsWith('lo:')) ?? '';
  return Number(line.split(':')[1]?.trim().split(/\s+/)[0] ?? 0);
}
