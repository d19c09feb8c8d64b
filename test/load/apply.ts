/**
 * A one-line change of a file on many hosts over open connections - with backup, a validator, fsync, verification, the
 * timer that would take it back, and confirmation - against ansible and clush, in one run.
 * Usage: npm run load -- apply [--hosts 200] [--others 1]  (--others 0: ours alone). Needs root, sshd, clustershell and ansible-core.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnSync } from 'node:child_process';
import type { FileState } from '#shared/contract/change.ts';
import { programData } from '#core/changes/host-program.ts';
import { loadChangeScripts } from '#core/probes/host-scripts.ts';
import { type HostReach, onHost } from '#core/changes/host-transaction.ts';
import { connectAll, type FleetOfLinks } from './fleet-of-links.ts';
import { bar, type Cost, head, measureCommand, measureHere, row } from './measure.ts';
import { loadOptions } from './options.ts';
import { startSwarm, type Swarm } from './swarm.ts';
import { makeUnrelatedFolders } from './unrelated-folders.ts';

const { hosts: count, others } = loadOptions({ hosts: 200, others: 1 });
const onlyOurs = others === 0;
const rounds = 3;
/** Longer than all of it takes: no timer of an earlier round wakes in a later one. */
const deadmanS = 3600;
const text = (workers: number) => `# Fleet settings\nworkers = ${workers}\nlisten = 0.0.0.0:8080\n`;
const hash = (of: string) => createHash('sha256').update(of).digest('hex');
const state = (of: string): FileState => ({ kind: 'file', hash: hash(of), mode: '644', uid: 0, gid: 0 });
const check = "grep -q '^workers = [0-9]*$'";

const scripts = loadChangeScripts();
const swarm = startSwarm(count);
const dir = makeUnrelatedFolders('qd-apply-');
const folderOf = (name: string) => join(dir, name);
const fileOf = (name: string) => join(folderOf(name), 'app.conf');
const names = swarm.specs.map(({ name }) => name);
const portNames = swarm.ports.map((port) => `h${port}`);

try {
  head(`One line of one file on ${count} sshd's`);
  const fleet = connectAll(swarm.specs, swarm.knownHosts);
  await fleet.allUp(300_000);
  fleet.hosts.look({ visible: [], focus: null, hidden: true });
  await sleep(3000);
  const open = await ours(fleet, false);
  row('quarterdeck, confirmed as open', open, `median of ${rounds}`);
  const anew = await ours(fleet, true);
  row('quarterdeck, confirmed anew', anew, `median of ${rounds}`);
  const again = await nothingToDo(fleet);
  row('quarterdeck, a second time', again);
  await fleet.hosts.end();

  if (!onlyOurs) await compare(open, anew);
} finally {
  swarm.end();
  rmSync(dir, { recursive: true, force: true });
}

async function compare(open: Cost, anew: Cost): Promise<void> {
  const cold = await clush([]);
  row('clush --copy', cold, 'no backup, no check');
  const warm = await clushOverMasters();
  row('clush --copy, control masters up', warm, 'no backup, no check');
  const playbook = await ansible();
  row('ansible copy, validate, handler', playbook, 'forks 50, pipelining');

  console.log('');
  for (const [how, cost] of [
    ['confirmed as open', open],
    ['confirmed anew', anew],
  ] as const) {
    bar(`wall, ansible ÷ ours ${how}`, playbook.wallS / cost.wallS, 40, 'at least');
    bar(`wall, clush ÷ ours ${how}`, cold.wallS / cost.wallS, 10, 'at least');
    bar(`wall, clush with masters ÷ ours ${how}`, warm.wallS / cost.wallS, 2.5, 'at least');
    bar(`client CPU, clush with masters ÷ ours ${how}`, warm.clientS / cost.clientS, 60, 'at least');
  }
}

function reset(): void {
  for (const name of [...names, ...portNames]) {
    rmSync(folderOf(name), { recursive: true, force: true });
    mkdirSync(folderOf(name), { recursive: true });
    writeFileSync(fileOf(name), text(4), { mode: 0o644 });
  }
}

async function ours(fleet: FleetOfLinks, anew: boolean): Promise<Cost> {
  const costs: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    reset();
    await sleep(500);
    costs.push(await measureHere(() => applyAll(fleet, round, anew, 'confirmed')));
    for (const name of names)
      if (readFileSync(fileOf(name), 'utf8') !== text(8)) throw new Error(`${name} was not changed`);
  }
  return costs.toSorted((a, b) => a.wallS - b.wallS)[Math.floor(rounds / 2)] as Cost;
}

async function nothingToDo(fleet: FleetOfLinks): Promise<Cost> {
  const before = names.map((name) => statSync(fileOf(name)).mtimeMs);
  const cost = await measureHere(() => applyAll(fleet, 9, false, 'unchanged'));
  const after = names.map((name) => statSync(fileOf(name)).mtimeMs);
  if (before.join() !== after.join()) throw new Error('a second run touched a file');
  return cost;
}

async function applyAll(fleet: FleetOfLinks, round: number, anew: boolean, outcome: string): Promise<void> {
  const contents = { [hash(text(4))]: text(4), [hash(text(8))]: text(8) };
  const id = `20261123-0000${anew ? 1 : 0}${round}`;
  await Promise.all(
    names.map(async (name) => {
      const path = fileOf(name);
      const base = join(folderOf(name), 'state');
      const validator = { name: 'grep', when: 'staged' as const, path, command: `${check} "$1"` };
      const handler = { name: 'handler', when: 'in-place' as const, path, command: 'touch "$1.reloaded"' };
      const step = {
        files: [{ path, before: state(text(4)), after: state(text(8)) }],
        actions: [],
        undo: [],
        validators: [validator, handler],
        gates: [],
      };
      const reach: HostReach = { access: fleet.hosts.access(name), scripts, base, elevation: 'root', password: null };
      const data = programData({ id, base, note: 'bench', step, contents });
      let standing = await onHost(reach, id, 1, { verb: 'apply', data, deadmanS, folders: [folderOf(name)] });
      if (standing.state === 'applied') standing = await onHost(reach, id, 1, { verb: 'confirm' }, { anew });
      const last = standing.steps.at(-1);
      if (last?.step !== outcome) throw new Error(`${name}: ${last?.step} ${last?.text}`);
    }),
  );
}

/** Every host writes its own copy of one path, as clush can name only one. */
async function clush(options: readonly string[]): Promise<Cost> {
  reset();
  writeFileSync(join(dir, 'new.conf'), text(8));
  const config = join(dir, 'ssh_config');
  if (options.length === 0) writeFileSync(config, `${sshConfig(swarm)}  ControlPath none\n`);
  const words = options.length > 0 ? options : ['-F', config];
  const copy = ['--copy', join(dir, 'new.conf'), '--dest', join(dir, 'clush.conf')];
  return measureCommand(['clush', '-f', '64', '-o', words.join(' '), '-w', portNames.join(','), ...copy], ['ssh']);
}

async function clushOverMasters(): Promise<Cost> {
  const config = join(dir, 'ssh_config_masters');
  writeFileSync(config, `${sshConfig(swarm)}  ControlMaster auto\n  ControlPath ${dir}/%C\n  ControlPersist 300\n`);
  await clush(['-F', config]);
  const cost = await clush(['-F', config]);
  spawnSync('pkill', ['-f', `${dir}/`]);
  return cost;
}

async function ansible(): Promise<Cost> {
  reset();
  const inventory = join(dir, 'inventory');
  const line = (name: string, i: number) =>
    `${name} ansible_host=${swarm.address} ansible_port=${swarm.ports[i]} ansible_user=root`;
  writeFileSync(inventory, portNames.map(line).join('\n'));
  const book = [
    {
      hosts: 'all',
      gather_facts: false,
      tasks: [
        {
          copy: {
            src: join(dir, 'new.conf'),
            dest: `${dir}/{{ inventory_hostname }}/app.conf`,
            backup: true,
            validate: `${check} %s`,
          },
          notify: 'reload',
        },
      ],
      handlers: [{ name: 'reload', command: `touch ${dir}/{{ inventory_hostname }}/app.conf.reloaded` }],
    },
  ];
  writeFileSync(join(dir, 'book.yml'), JSON.stringify(book));
  const cost = await measureCommand(
    [
      'ansible-playbook',
      '-i',
      inventory,
      '-f',
      '50',
      '--ssh-common-args',
      `-F ${join(dir, 'ssh_config')}`,
      join(dir, 'book.yml'),
    ],
    ['ssh'],
    { ANSIBLE_HOST_KEY_CHECKING: 'False', ANSIBLE_LOCALHOST_WARNING: 'False', ANSIBLE_PIPELINING: 'True' },
  );
  for (const name of portNames)
    if (readFileSync(fileOf(name), 'utf8') !== text(8))
      throw new Error(`ansible did not change ${name}: ${cost.output.slice(-600)}`);
  return cost;
}

function sshConfig({ ports, address, key, knownHosts }: Swarm): string {
  const hosts = ports.map((port) => `Host h${port}\n  HostName ${address}\n  Port ${port}\n`).join('');
  return `${hosts}Host *\n  User root\n  IdentityFile ${key}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${knownHosts}\n  StrictHostKeyChecking yes\n  LogLevel ERROR\n`;
}
