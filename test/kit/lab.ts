import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { EtcdSpec } from '#core/clusters/cluster-store.ts';
import type { HostSpec, Reach } from '#core/hosts/hosts.ts';
import { type LabEnv, labEnvSchema, type LabHost, type LabSystem, type SwarmEnv, swarmEnvSchema } from './lab-env.ts';
import { holdPort, type Outcome, type RunOptions, runProgram } from './machine.ts';

const program = fileURLToPath(new URL('../lab/lab', import.meta.url));
const keep = process.env['QUARTERDECK_LAB_KEEP'] === '1';

export interface LabOptions {
  /** One host each, named node1, node2, …; flatcar, flatcar, fcos, debian when left out. */
  readonly systems?: readonly LabSystem[];
  /** Hosts without a port of their own, and the host to jump over: `{ node4: 'node1' }`. */
  readonly behind?: Readonly<Record<string, string>>;
  /** On the first three hosts: open over HTTP (the default), TLS both ways with a password, or none. */
  readonly etcd?: LabEnv['etcd']['mode'];
}

/** What a host's sshd accepts; each is described in test/lab/auth. */
export type LabAuth = 'open' | 'key' | 'password' | 'interactive' | 'both' | 'refuse';

/** Real systemd hosts. Every verb names a host, works from outside its network, and resolves when it is done. */
export interface Lab {
  readonly env: LabEnv;
  host(name: string): LabHost;
  /** How Quarterdeck reaches it as `core` with the lab's key, over its jump if it has one. */
  spec(name: string, more?: Partial<HostSpec>): HostSpec;
  etcdSpec(): EtcdSpec;
  /** The independent witness: runs as root inside the host, past its network and its sshd; any exit code resolves. */
  exec(name: string, argv: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Runs a program of this machine on the hosts' network, where they are at their own addresses. */
  net(argv: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Power cut: nobody hears a last word. */
  kill(name: string): Promise<void>;
  start(name: string): Promise<void>;
  /** Clean reboot; resolves when sshd is back. */
  reboot(name: string): Promise<void>;
  /**
   * Which boot it is in; empty while it is off. Read past the host: what `exec` runs in a host that goes down may be stopped
   * with it for good.
   */
  bootId(name: string): Promise<string>;
  /** Packets vanish; the host keeps running. */
  partition(name: string): Promise<void>;
  heal(name: string): Promise<void>;
  /** Freezes every process of the host; its kernel still accepts connections. */
  pause(name: string): Promise<void>;
  resume(name: string): Promise<void>;
  auth(name: string, mode: LabAuth): Promise<void>;
  /** Gives its sshd another host key; resolves with it. `known_hosts` keeps the old one. */
  swapHostKey(name: string): Promise<string>;
  /** What the update agents of all hosts of a system find from now on; the version `error` fails halfway. */
  publish(system: LabSystem, channel: string, version: string, seconds?: number): Promise<void>;
  /** The host that leads etcd, or null. */
  leader(): Promise<string | null>;
  /** etcdctl on a member, past its network. */
  etcdctl(name: string, ...words: string[]): Promise<Outcome>;
  /** Undoes all of the above on every host. */
  mend(): Promise<void>;
  /** Removes everything; with QUARTERDECK_LAB_KEEP=1 leaves the hosts running for the next run. */
  end(): Promise<void>;
}

/** Why no lab can run here, or null when it can. */
export function labUnavailable(): string | null {
  if (process.platform !== 'linux') return 'the lab needs Linux';
  const check = spawnSync(program, ['check'], { encoding: 'utf8', timeout: 20_000 });
  if (check.error) return `the lab cannot run here: ${check.error.message}`;
  return check.status === 0 ? null : check.stderr.replace(/^lab: /, '').trim() || 'the lab cannot run here';
}

/** Boots a lab in a slot of its own, so that several test runs on one machine do not meet. Rejects with what `lab` said. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const giveBackHosts = await untilHeld(hostPorts, systemsOf(options).length);
  const slot = await takeSlot();
  const giveBack = () => Promise.all([slot.release(), giveBackHosts()]);
  const settings = { ...slot.settings, LAB_OWNER: keep ? '' : String(process.pid) };
  const ask = (argv: readonly string[], more: RunOptions = {}) =>
    runProgram(program, argv, { timeoutMs: 240_000, ...more, env: { ...settings, ...more.env } });
  const must = async (...argv: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await ask(argv);
    if (exitCode !== 0) throw new Error(`lab ${argv.join(' ')}: ${stderr.trim() || `exit code ${exitCode}`}`);
    return stdout;
  };
  const readEnv = async () => labEnvSchema.parse(JSON.parse(await must('env')));

  try {
    const running = keep ? await ask(['env']) : null;
    if (running?.exitCode === 0 && sameShape(labEnvSchema.parse(JSON.parse(running.stdout)), options))
      await must('mend');
    else await must('up', ...upWords(options));
  } catch (error) {
    if (!keep) await ask(['down']);
    await giveBack();
    throw error;
  }
  let env = await readEnv();
  const host = (name: string): LabHost => {
    const found = env.hosts.find((one) => one.name === name);
    if (!found) throw new Error(`the lab has no host ${name}`);
    return found;
  };
  const reach = ({ address, port }: LabHost): Reach => ({
    address,
    port,
    user: env.user,
    identityFiles: [env.key],
    agent: null,
    hostKeyAlias: null,
  });
  const verb = (word: string) => async (name: string) => void (await must(word, name));

  return {
    get env() {
      return env;
    },
    host,
    spec: (name, more = {}) => {
      const { via } = host(name);
      return { name, ...reach(host(name)), jumps: via === null ? [] : [reach(host(via))], ...more };
    },
    etcdSpec: () => etcdSpecOf(env.etcd),
    exec: (name, argv, more) => ask(['exec', host(name).name, ...argv], more),
    net: (argv, more) => ask(['net', ...argv], more),
    kill: verb('kill'),
    start: verb('start'),
    reboot: verb('reboot'),
    bootId: async (name) => (await must('boot-id', name)).trim(),
    partition: verb('partition'),
    heal: verb('heal'),
    pause: verb('pause'),
    resume: verb('resume'),
    auth: async (name, mode) => void (await must('auth', name, mode)),
    swapHostKey: async (name) => {
      await must('swap-host-key', name);
      env = await readEnv();
      return host(name).hostKey;
    },
    publish: async (system, channel, version, seconds = 2) =>
      void (await must('publish', system, channel, version, '497118277', String(seconds))),
    leader: async () => {
      const { exitCode, stdout } = await ask(['leader']);
      return exitCode === 0 ? stdout.trim() : null;
    },
    etcdctl: (name, ...words) => ask(['etcdctl', name, ...words]),
    mend: async () => void (await must('mend')),
    end: async () => {
      if (!keep) await must('down');
      await giveBack();
    },
  };
}

/** Plain sshd on loopback ports, one host key each; root with the key, whose shell is on this machine. */
export interface Swarm extends SwarmEnv {
  end(): Promise<void>;
}

/** Starts `count` sshd, one swarm at a time on one machine, waiting for its turn; they end with this process. */
export async function startSwarm(count: number): Promise<Swarm> {
  const release = await untilHeld([28_000], 1);
  const settings = {
    env: { LAB_NAME: 'quarterdeck-test', LAB_PORT_BASE: '28000', LAB_OWNER: String(process.pid) },
    timeoutMs: 150_000,
  };
  const must = async (...argv: string[]) => {
    const { exitCode, stdout, stderr } = await runProgram(program, argv, settings);
    if (exitCode !== 0) throw new Error(`lab ${argv.join(' ')}: ${stderr.trim()}`);
    return stdout;
  };
  await must('swarm', String(count));
  const env = swarmEnvSchema.parse(JSON.parse(await must('swarm-env')));
  const end = async () => {
    await must('swarm-down');
    await release();
  };
  return { ...env, end };
}

/** What the kernel's inotify instances are enough for, on a machine as it comes. */
const hostsAtOnce = 12;
const hostPorts = Array.from({ length: hostsAtOnce }, (_, index) => 24_601 + index);

/**
 * Holds `count` of these ports, all or none, waiting up to a quarter of an hour for other processes to let go of them.
 * Resolves with the function that lets go.
 */
async function untilHeld(ports: readonly number[], count: number): Promise<() => Promise<unknown>> {
  const until = performance.now() + 900_000;
  for (;;) {
    const held: (() => Promise<void>)[] = [];
    const letGo = () => Promise.all(held.map((release) => release()));
    for (const [index, port] of ports.entries()) {
      // Enough, or not enough any more: what another one may just want is not held for nothing.
      if (held.length === count || held.length + ports.length - index < count) break;
      const release = await holdPort(port);
      if (release) held.push(release);
    }
    if (held.length === count) return letGo;
    await letGo();
    if (performance.now() > until) throw new Error(`other test runs leave no room for ${count} on this machine`);
    // Never in step with another one that waits.
    await sleep(200 + Math.random() * 400);
  }
}

const slots = 8;

/** A name and ports no other running test process uses; with LAB_NAME set, that name. */
async function takeSlot(): Promise<{ settings: Record<string, string>; release: () => Promise<void> }> {
  if (process.env['LAB_NAME']) return { settings: {}, release: () => Promise.resolve() };
  for (let slot = 1; slot <= slots; slot++) {
    const base = 25_000 + slot * 200;
    const release = await holdPort(base);
    if (release) return { settings: { LAB_NAME: `quarterdeck-test-${slot}`, LAB_PORT_BASE: String(base) }, release };
  }
  throw new Error(`all ${slots} lab slots of this machine are taken by other test runs`);
}

const systemsOf = (options: LabOptions): readonly LabSystem[] =>
  options.systems ?? ['flatcar', 'flatcar', 'fcos', 'debian'];

function upWords(options: LabOptions): string[] {
  const systems = systemsOf(options);
  const behind = Object.entries(options.behind ?? {}).map((pair) => pair.join(':'));
  const words = [String(systems.length), '--os', systems.join(','), '--etcd', options.etcd ?? 'plain'];
  return behind.length === 0 ? words : [...words, '--behind', behind.join(',')];
}

function sameShape(env: LabEnv, options: LabOptions): boolean {
  const systems = systemsOf(options);
  return (
    env.etcd.mode === (options.etcd ?? 'plain') &&
    env.hosts.length === systems.length &&
    env.hosts.every(({ name, os, via }, at) => os === systems[at] && via === (options.behind?.[name] ?? null))
  );
}

function etcdSpecOf(etcd: LabEnv['etcd']): EtcdSpec {
  const { endpoints, ca, cert, key, user } = etcd;
  if (etcd.mode !== 'secure') return { endpoints, tls: null, user: null };
  const tls = { caFile: ca ?? null, certFile: cert ?? null, keyFile: key ?? null, serverName: null };
  return { endpoints, tls, user: user ?? null };
}
