import type { Problem } from '#shared/contract/problem.ts';
import type { ClusterFile, FileHost } from '#shared/formats/cluster-file/cluster-file.ts';
import type { SshConfig } from '#shared/formats/ssh-config/config-tree.ts';
import { type Jump, parseUserHostPort } from '#shared/formats/ssh-config/jump.ts';
import { type ResolvedHost, resolveSshHost } from '#shared/formats/ssh-config/resolve.ts';
import type { HostSpec, Reach } from '../hosts/hosts.ts';
import { pathFrom, type Person, usualAgent, usualKeys } from './person.ts';

const maxHops = 8;

/** Why a host cannot be reached as it is written. */
class CannotReach extends Error {}

/** A host with the way to it, or why there is none. */
export type ResolvedSpec = { readonly spec: HostSpec; readonly knownHosts: ResolvedHost } | { readonly why: string };

/**
 * Works out how each host of a cluster file is reached. The host's own fields win, then the file's `ssh:`, then what
 * ssh_config says of its name (an address here stands for HostName); jumps that name a host of the file are reached as that host is.
 */
export class ReachResolver {
  /** What ssh_config could not say, each once. */
  readonly problems = new Map<string, Problem>();
  readonly #file: ClusterFile;
  readonly #folder: string;
  readonly #config: SshConfig;
  readonly #person: Person;
  readonly #byName: ReadonlyMap<string, FileHost>;
  readonly #asked = new Map<string, ResolvedHost>();

  constructor(file: ClusterFile, folder: string, config: SshConfig, person: Person) {
    this.#file = file;
    this.#folder = folder;
    this.#config = config;
    this.#person = person;
    this.#byName = new Map(file.hosts.map((host) => [host.name, host]));
  }

  resolve(host: FileHost): ResolvedSpec {
    try {
      const { reach, jumps, said } = this.#host(host, []);
      return { spec: { name: host.name, ...reach, jumps }, knownHosts: said };
    } catch (error) {
      if (error instanceof CannotReach) return { why: error.message };
      throw error;
    }
  }

  #host(host: FileHost, path: readonly string[]): { reach: Reach; jumps: Reach[]; said: ResolvedHost } {
    const { ssh } = this.#file;
    const user = host.user ?? ssh.user;
    const port = host.port ?? ssh.port;
    const said = this.#ask(host.name, user, port, host.address);
    const keys = host.keys ?? ssh.keys;
    const reach = this.#reach(said, keys === null ? said.identityFiles : this.#paths(keys));
    const written = host.jump === null ? this.#usualHops(host) : hops(host.jump);
    return { reach, jumps: this.#jumps(written ?? said.jumps ?? [], [...path, host.name]), said };
  }

  /** The hops of `ssh:`; for a host that is one of them, those before it. Null where they say nothing. */
  #usualHops(host: FileHost): Jump[] | null {
    if (this.#file.ssh.jump === null) return null;
    const usual = hops(this.#file.ssh.jump);
    const own = usual.findIndex((hop) => hop.host === host.name || hop.host === host.address);
    if (own < 0) return usual;
    return own === 0 ? null : usual.slice(0, own);
  }

  /** The whole way through `wanted`: what leads to its first hop, then its hops. `path` is who already waits for it. */
  #jumps(wanted: readonly Jump[], path: readonly string[]): Reach[] {
    const way: Reach[] = [];
    for (const [index, hop] of wanted.entries()) {
      if (path.includes(hop.host))
        throw new CannotReach(`it would jump in a circle: ${[...path, hop.host].join(' → ')}`);
      const known = hop.user === null && hop.port === null ? this.#byName.get(hop.host) : undefined;
      const next = [...path, hop.host];
      if (next.length > maxHops + 1) throw new CannotReach(`it would jump more than ${maxHops} times`);
      if (known) {
        const { reach, jumps } = this.#host(known, path);
        way.push(...(index === 0 ? jumps : []), reach);
      } else {
        const said = this.#ask(hop.host, hop.user, hop.port, null);
        const keys = this.#file.ssh.keys;
        const reach = this.#reach(said, said.identityFiles ?? (keys === null ? null : this.#paths(keys)));
        way.push(...(index === 0 ? this.#jumps(said.jumps ?? [], next) : []), reach);
      }
    }
    if (way.length > maxHops) throw new CannotReach(`it would jump more than ${maxHops} times`);
    return way;
  }

  #ask(alias: string, user: string | null, port: number | null, hostName: string | null): ResolvedHost {
    const key = JSON.stringify([alias, user, port, hostName]);
    const asked = this.#asked.get(key);
    if (asked) return asked;
    const said = resolveSshHost(this.#config, alias, this.#person, {
      ...(user === null ? {} : { user }),
      ...(port === null ? {} : { port }),
      ...(hostName === null ? {} : { hostName }),
    });
    this.#asked.set(key, said);
    for (const problem of said.problems) this.#note(problem);
    for (const { place, why } of said.skipped) this.#note({ code: 'unsupported', message: why, place });
    return said;
  }

  #note(problem: Problem): void {
    this.problems.set(`${problem.place?.file}:${problem.place?.line}:${problem.message}`, problem);
  }

  #reach(said: ResolvedHost, keys: readonly string[] | null): Reach {
    const { agent } = this.#file.ssh;
    const fromConfig = said.agent === undefined ? usualAgent(this.#person) : said.agent;
    const fromFile = agent === false ? null : agent === null ? fromConfig : pathFrom(this.#folder, agent, this.#person);
    return {
      address: said.hostName,
      port: said.port,
      user: said.user,
      identityFiles: keys ?? usualKeys(this.#person),
      agent: fromFile,
      identitiesOnly: said.identitiesOnly,
      hostKeyAlias: said.hostKeyAlias,
    };
  }

  #paths(paths: readonly string[]): string[] {
    return paths.map((path) => pathFrom(this.#folder, path, this.#person));
  }
}

function hops(written: readonly string[]): Jump[] {
  return written.map((text) => parseUserHostPort(text)).filter((hop) => hop !== null);
}
