/**
 * One command on many hosts over open connections, against clush and ansible, in one run.
 * Usage: npm run load -- sweep [--hosts N]  (50 and 200 when left out). Needs root, sshd, clustershell and ansible-core.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toProblem } from '#shared/contract/problem.ts';
import { connectAll } from './fleet-of-links.ts';
import { bar, head, measureCommand, measureHere, row, type Cost } from './measure.ts';
import { loadOptions } from './options.ts';
import { startSwarm, type Swarm } from './swarm.ts';

const command = 'uname -r';
const rounds = 5;

const { hosts } = loadOptions({ hosts: 0 });
for (const count of hosts > 0 ? [hosts] : [50, 200]) {
  const swarm = startSwarm(count);
  try {
    await compare(swarm, count);
  } finally {
    swarm.end();
  }
}

async function compare(swarm: Swarm, count: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'qd-sweep-'));
  try {
    head(`Sweep: "${command}" on ${count} sshd's`);
    const ours = await sweepOurs(swarm);
    row('quarterdeck, connections open', ours, `median of ${rounds}`);
    const config = join(dir, 'ssh_config');
    const names = swarm.ports.map((port) => `h${port}`);
    writeFileSync(config, `${sshConfig(swarm)}  ControlPath none\n`);
    const clush = ['clush', '-f', '64', '-o', `-F ${config}`, '-w', names.join(','), command];
    const cold = await measureCommand(clush);
    complete(cold, count);
    row('clush', cold);
    const masters = join(dir, 'ssh_config_masters');
    // In the file, not on the command line: clush expands % in its options.
    writeFileSync(masters, `${sshConfig(swarm)}  ControlMaster auto\n  ControlPath ${dir}/%C\n  ControlPersist 120\n`);
    const overMasters = ['clush', '-f', '64', '-o', `-F ${masters}`, '-w', names.join(','), command];
    complete(await measureCommand(overMasters), count);
    const warm = await measureCommand(overMasters, ['ssh']);
    complete(warm, count);
    row('clush, control masters up', warm);
    spawnSync('pkill', ['-f', `${dir}/`]);
    const inventory = join(dir, 'inventory');
    writeFileSync(
      inventory,
      names
        .map((name, i) => `${name} ansible_host=${swarm.address} ansible_port=${swarm.ports[i]} ansible_user=root`)
        .join('\n'),
    );
    const ansible = await measureCommand(
      ['ansible', '-i', inventory, 'all', '-f', '64', '-m', 'raw', '-a', command, '--ssh-common-args', `-F ${config}`],
      ['ssh'],
      { ANSIBLE_HOST_KEY_CHECKING: 'False', ANSIBLE_LOCALHOST_WARNING: 'False' },
    );
    complete(ansible, count);
    row('ansible -m raw', ansible);
    console.log('');
    bar('wall, clush ÷ ours', cold.wallS / ours.wallS, 10, 'at least');
    bar('wall, clush with masters ÷ ours', warm.wallS / ours.wallS, 2.5, 'at least');
    bar('client CPU, clush with masters ÷ ours', warm.clientS / ours.clientS, 20, 'at least');
    bar('wall ÷ floor (host CPU / cores)', ours.wallS / (ours.hostS / 2), 1.4, 'at most');
    console.log(
      `        wall, ansible ÷ ours: ${(ansible.wallS / ours.wallS).toFixed(1)}; client CPU: ${(ansible.clientS / ours.clientS).toFixed(1)}`,
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function sweepOurs(swarm: Swarm): Promise<Cost> {
  const fleet = connectAll(swarm.specs, swarm.knownHosts);
  await fleet.allUp(60_000);
  // Nobody looks, so that samples do not disturb what is measured here; the others have none.
  fleet.hosts.look({ visible: [], focus: null, hidden: true });
  await sleep(3_000);
  const costs: Cost[] = [];
  for (let round = 0; round < rounds + 1; round++) {
    const misses: string[] = [];
    const cost = await measureHere(async () => {
      await Promise.all(
        swarm.specs.map(async ({ name }) => {
          try {
            const { exitCode, stdout } = await fleet.hosts.access(name).exec(command);
            if (exitCode !== 0 || stdout.length < 4) misses.push(`${name}: exit ${exitCode}, ${stdout.length} bytes`);
          } catch (error) {
            misses.push(`${name}: ${toProblem(error).message}`);
          }
        }),
      );
    });
    if (misses.length > 0)
      throw new Error(`${misses.length} of ${swarm.specs.length} hosts did not answer: ${misses[0]}`);
    if (round > 0) costs.push(cost);
    await sleep(200);
  }
  await fleet.hosts.end();
  return costs.sort((a, b) => a.wallS - b.wallS)[Math.floor(rounds / 2)] as Cost;
}

/** A tool that did not reach every host must not look fast. */
function complete({ output }: { output: string }, count: number): void {
  const answers = output.split('\n').filter((line) => /^(h\d+: )?\d+\.\d+/.test(line)).length;
  if (answers !== count) throw new Error(`${answers} of ${count} hosts answered: ${output.slice(0, 300)}`);
}

function sshConfig(swarm: Swarm): string {
  const hosts = swarm.ports.map((port) => `Host h${port}\n  HostName ${swarm.address}\n  Port ${port}\n`).join('');
  return `${hosts}Host *\n  User root\n  IdentityFile ${swarm.key}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${swarm.knownHosts}\n  StrictHostKeyChecking yes\n  LogLevel ERROR\n`;
}
