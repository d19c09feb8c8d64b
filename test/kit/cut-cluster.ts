import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scope } from '#core/lib/scope.ts';
import { labCluster } from './cluster-text.ts';
import { temporaryFolder } from './journal-stores.ts';
import type { Lab } from './lab.ts';
import { startForward } from './tcp-forward.ts';

/** The lab as one console sees it whose own network can be cut, while hosts, etcd and other consoles go on. */
export interface CutCluster {
  /** The cluster file for that console. */
  readonly text: string;
  /** While true nothing passes either way, without a word; then what was under way arrives late. */
  cut(cut: boolean): void;
}

/** Puts a forward of its own before every sshd and every etcd member. */
export async function cutCluster(scope: Scope, lab: Lab): Promise<CutCluster> {
  const { env } = lab;
  const ssh = await Promise.all(env.hosts.map(({ address, port }) => startForward(scope, `tcp://${address}:${port}`)));
  const etcd = await Promise.all(env.etcd.endpoints.map((url) => startForward(scope, url)));
  const hosts = env.hosts.map((host, at) => ({ ...host, ...placeOf(ssh[at]?.url ?? '') }));
  const knownHosts = join(await temporaryFolder(scope), 'known_hosts');
  const keys = hosts.map(({ address, port, hostKey }) => `[${address}]:${port} ${hostKey}\n`);
  await writeFile(knownHosts, keys.join(''));
  const seen = { ...env, hosts, knownHosts, etcd: { ...env.etcd, endpoints: etcd.map(({ url }) => url) } };
  return {
    text: labCluster({ ...lab, env: seen }),
    cut: (cut) => {
      for (const forward of [...ssh, ...etcd]) forward.silent(cut);
    },
  };
}

function placeOf(url: string): { address: string; port: number } {
  const { hostname, port } = new URL(url);
  return { address: hostname, port: Number(port) };
}
