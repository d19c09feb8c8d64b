import type { AuthPrompt, HostKeyQuestion } from '#shared/contract/cluster.ts';
import type { HostDisks, HostFacts, HostLink, HostLoad, HostReadings } from '#shared/contract/host.ts';
import type { UnitsItem } from '#shared/contract/streams.ts';
import type { CountedUnits, HostsOfUnit, HostUnits } from '#shared/contract/unit.ts';
import type { UnitOverHosts } from './find-units.ts';
import type { HostAccess } from './host-access.ts';

/** How to reach one machine; a jump is reached the same way and shared by all hosts that name it. */
export interface Reach {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Private key files, tried in order after the agent's keys; missing ones are skipped. */
  readonly identityFiles: readonly string[];
  /** Path of the agent's socket, or null for none. */
  readonly agent: string | null;
  /** Of the agent's keys, only those of `identityFiles` are offered (IdentitiesOnly); absent means false. */
  readonly identitiesOnly?: boolean;
  /** The name that known_hosts is asked for, when it is not the address (HostKeyAlias). */
  readonly hostKeyAlias: string | null;
}

/** A host to keep a link to. Equal specs leave a running link alone; a changed one makes it anew. */
export interface HostSpec extends Reach {
  readonly name: string;
  readonly jumps: readonly Reach[];
}

export interface HostsOptions {
  /** known_hosts files to read; the first is the one that accepted keys are appended to (hashed when it holds hashed names). */
  readonly knownHostsFiles: readonly string[];
  /** Handshakes in flight at once. */
  readonly handshakes: number;
}

/** What hosts tell as it happens; sections are whole and new each time. */
export interface HostsEvents {
  section(
    ...change:
      | [host: string, section: 'link', value: HostLink]
      | [host: string, section: 'facts', value: HostFacts]
      | [host: string, section: 'load', value: HostLoad]
      | [host: string, section: 'disks', value: HostDisks]
      | [host: string, section: 'readings', value: HostReadings]
      | [host: string, section: 'units', value: HostUnits]
  ): void;
  /** A key that is unknown or changed; the host waits (unknown) or is blocked (changed). */
  keyQuestion(question: HostKeyQuestion): void;
  keySettled(host: string): void;
  /** Something is asked of a person; `secretName` is where the vault would keep the answer, null when it must not. */
  prompt(prompt: AuthPrompt, secretName: string | null): void;
  promptGone(id: string): void;
  /** A bug in the worker, for the log: it goes on, or was started anew. Left out, the process warns of it. */
  fault?(what: string): void;
}

/** What the view looks at: `focus` and `visible` hosts are sampled every 2 s, others every 10 s, all every 30 s when hidden. */
export interface Looking {
  readonly visible: readonly string[];
  readonly focus: string | null;
  readonly hidden: boolean;
}

/** All links of one cluster. They live in one worker thread; this is the main thread's door to them. */
export interface Hosts {
  configure(specs: readonly HostSpec[]): void;
  look(looking: Looking): void;
  /** Tries now: idle, lost, backing off, refused, or disabled hosts. */
  connect(hosts: readonly string[]): void;
  /** Closes the link and leaves it closed until `connect`; also of a host that is configured only later. */
  disable(hosts: readonly string[]): void;
  /** Appends the keys to known_hosts and goes on; a fingerprint that is not the one asked about is refused. */
  acceptKeys(keys: readonly { host: string; fingerprint: string }[]): Promise<number>;
  refuseKeys(hosts: readonly string[]): void;
  /** Null: declined. */
  answerPrompt(id: string, answers: readonly string[] | null): void;
  access(host: string): HostAccess;
  /** The whole unit list as a reset item, then what changes; returns a function that stops. */
  watchUnits(host: string, listener: (item: UnitsItem) => void): () => void;
  /** The units of all connected hosts whose name holds a text, at most so many. */
  findUnits(text: string, most: number): Promise<readonly UnitOverHosts[]>;
  /** All unit names of all hosts, counted by state; `type` is a suffix as `service`, or `all`. */
  countUnits(type: string): Promise<CountedUnits>;
  hostsOfUnit(unit: string): Promise<HostsOfUnit>;
  end(): Promise<void>;
}

/** Starts the worker. */
export type StartHosts = (options: HostsOptions, events: HostsEvents) => Hosts;
