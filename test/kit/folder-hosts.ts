import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail } from '#shared/contract/problem.ts';
import type { HostFacts } from '#shared/contract/host.ts';
import { plainLink } from './plain-link.ts';
import { unguarded } from './unguarded.ts';
import type { ActionSurroundings } from '#core/actions/unit-actions.ts';
import { Changes, type ChangesOptions } from '#core/changes/changes.ts';
import { agentActs } from '#core/updates/agent-acts.ts';
import { Reboots } from '#core/reboots/reboots.ts';
import type { JournalStore } from '#core/changes/journal-store.ts';
import { openLocalJournalStore } from '#core/changes/local-journal-store.ts';
import { Records } from '#core/fleet/records.ts';
import type { HostAccess } from '#core/hosts/host-access.ts';
import type { Scope } from '#core/lib/scope.ts';
import { ActivityLog } from '#core/storage/activity-log.ts';
import { commandAccess } from './command-access.ts';
import { quietLog } from './etcd.ts';

/** Where a folder host keeps what is changed on it. */
export const settings = '/etc/qd-settings';

/**
 * Hosts without systemd, each a folder of this machine: real shells run the real programs there, with the paths of hosts
 * led into the folder. For what a console makes of hosts; what hosts do themselves is seen in the lab.
 */
export interface FolderHosts {
  readonly names: readonly string[];
  /** A path of a host on this machine. */
  at(host: string, path: string): string;
  read(host: string, path: string): Promise<string | null>;
  write(host: string, path: string, text: string): Promise<void>;
  remove(host: string, path: string): Promise<void>;
  /** While set, no command reaches it. */
  cut(host: string, gone: boolean): void;
  /** A console with a journal of its own connection; ends with its scope. */
  console(person: string, scope: Scope, more?: Partial<ChangesOptions>): Promise<FolderConsole>;
}

/** One console over folder hosts. */
export interface FolderConsole {
  readonly changes: Changes;
  readonly records: Records;
  readonly store: JournalStore;
  readonly around: ActionSurroundings;
}

/** Made in a folder that goes with the scope. */
export async function startFolderHosts(scope: Scope, names: readonly string[]): Promise<FolderHosts> {
  const root = await mkdtemp(join(tmpdir(), 'quarterdeck-folders-'));
  scope.add(() => rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  const at = (host: string, path: string) => join(root, host, path);
  for (const host of names) {
    await mkdir(at(host, settings), { recursive: true });
    await mkdir(at(host, '/bin'));
    await writeFile(at(host, '/bin/systemctl'), '#!/bin/sh\necho running\n', { mode: 0o755 });
  }
  const cutOff = new Set<string>();
  const accessOf = (host: string): HostAccess => {
    const lead = (text: string) =>
      text
        .replaceAll('/var/lib/quarterdeck', at(host, '/quarterdeck'))
        .replaceAll(settings, at(host, settings))
        .replaceAll('/run/systemd/system', at(host, '/no-systemd'));
    const env = { ...process.env, PATH: `${at(host, '/bin')}:${process.env['PATH']}` };
    const noBus = () => Promise.reject(fail('unsupported', 'a folder has no bus', { host }));
    const access = commandAccess(host, (command) => ['/bin/sh', '-c', lead(command)], noBus, env);
    return {
      ...access,
      exec: (command, options = {}) => {
        if (cutOff.has(host)) return Promise.reject(fail('unreachable', `${host} cannot be reached`, { host }));
        const { stdin } = options;
        return access.exec(command, typeof stdin === 'string' ? { ...options, stdin: lead(stdin) } : options);
      },
    };
  };
  const accesses = new Map(names.map((host) => [host, accessOf(host)]));
  const access = (host: string): HostAccess => {
    const found = accesses.get(host);
    if (!found) throw fail('not-found', `there is no host ${host}`);
    return found;
  };
  return {
    names,
    at,
    read: (host, path) => readFile(at(host, path), 'utf8').catch(() => null),
    write: (host, path, text) => writeFile(at(host, path), text),
    remove: (host, path) => rm(at(host, path), { force: true }),
    cut: (host, gone) => void (gone ? cutOff.add(host) : cutOff.delete(host)),
    async console(person, own, more = {}) {
      const records = new Records();
      for (const name of names) {
        records.publish('host', name, 'link', plainLink);
        records.publish('host', name, 'facts', facts(name));
        records.publish('host', name, 'identity', identity(name));
      }
      const around: ActionSurroundings = {
        cluster: 'folders',
        mode: () => 'operate',
        records,
        hosts: { access, watchUnits: () => () => {} },
        activity: await ActivityLog.open(join(root, `activity-${person}.jsonl`)),
        guard: unguarded,
        actor: { name: person },
        now: Date.now,
        signal: new AbortController().signal,
      };
      const store = await openLocalJournalStore(join(root, 'journal.db'), own);
      const doors = { reboots: new Reboots(around, own, async () => {}), acts: agentActs(around) };
      const none = { ...doors, isProtected: () => false, checks: () => [], look: () => {}, applied: () => {} };
      const changes = new Changes({ around, scope: own, log: quietLog, ...none, ...more });
      changes.use(store);
      return { changes, records, store, around };
    },
  };
}

const identity = (name: string) => ({ name, address: '', port: 22, user: 'root', jump: [], labels: {} });

function facts(hostname: string): HostFacts {
  return {
    readAt: 0,
    os: { id: 'debian', variant: '', version: '13', pretty: 'Debian' },
    family: 'debian',
    channel: null,
    hostname,
    kernel: '',
    architecture: '',
    virtualization: '',
    machineId: '',
    bootId: '',
    bootedAt: 0,
    systemd: '',
    systemState: 'running',
    timezone: '',
    timeSync: 'unknown',
    rebootNeeded: [],
    boots: [],
    disks: [],
    addresses: [],
    cpus: 1,
    elevation: 'root',
  };
}
