import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeEach, describe, expect } from 'vitest';
import { etcdJournalStore } from '#core/changes/etcd-journal-store.ts';
import type { JournalStore, StoreGuard, StoreNews } from '#core/changes/journal-store.ts';
import { openLocalJournalStore } from '#core/changes/local-journal-store.ts';
import { connectEtcd } from '#core/etcd/connect-etcd.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { type Problem, toProblem } from '#shared/contract/problem.ts';
import { needsEtcd, quietLog, startEtcd, type TestEtcd } from './etcd.ts';
import { startForward } from './tcp-forward.ts';

/** One journal that several consoles open, each with a connection or an instance of its own. */
export interface JournalBench {
  readonly scope: Scope;
  /** A console; gone without a word when its scope ends. */
  open(scope?: Scope): Promise<JournalStore>;
  /** One whose renewals stop getting through once `cut` was called. */
  openCuttable(): Promise<{ store: JournalStore; cut: () => Promise<void> }>;
  /** Takes a lease away from outside, not by a store. */
  revoke(lease: string): Promise<void>;
}

/** A folder that goes with the scope. */
export async function temporaryFolder(scope: Scope): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-journal-'));
  scope.add(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function localBench(scope: Scope): Promise<JournalBench> {
  const file = join(await temporaryFolder(scope), 'changes.db');
  const open = (own: Scope = scope) => openLocalJournalStore(file, own);
  const raw = new DatabaseSync(file, { timeout: 2000 });
  scope.add(() => raw.close());
  return {
    scope,
    open,
    async openCuttable() {
      const store = await open();
      return {
        store,
        // Nobody can write while this lasts: longer than the lease.
        async cut() {
          raw.exec('BEGIN IMMEDIATE');
          scope.after(2200, () => raw.exec('ROLLBACK'));
        },
      };
    },
    async revoke(lease) {
      raw.prepare('UPDATE leases SET expires = 0 WHERE id = ?').run(lease);
    },
  };
}

let roots = 0;

function etcdBench(scope: Scope, { spec, etcdctl }: TestEtcd): JournalBench {
  const root = `/quarterdeck test/${roots++}/`;
  const options = { password: async () => null, log: quietLog };
  return {
    scope,
    open: async (own = scope) => etcdJournalStore(connectEtcd(spec, { ...options, scope: own }), root),
    async openCuttable() {
      const forward = await startForward(scope, spec.endpoints[0] ?? '');
      const etcd = connectEtcd({ ...spec, endpoints: [forward.url] }, { ...options, scope });
      return { store: etcdJournalStore(etcd, root), cut: async () => forward.silent(true) };
    },
    async revoke(lease) {
      await etcdctl('lease', 'revoke', BigInt(lease).toString(16));
    },
  };
}

/** Describes what both stores must do alike; etcd is skipped, with its reason, where there is none. */
export function onBothStores(title: string, tests: (bench: () => JournalBench) => void): void {
  for (const kind of ['etcd', 'local'] as const) {
    describe(`${title}: ${kind}`, () => {
      const shared = new Scope('journal conformance');
      let etcd: TestEtcd | null = null;
      let bench: JournalBench | null = null;
      beforeEach(async () => {
        if (kind === 'etcd') needsEtcd();
        const scope = new Scope('journal test');
        if (kind === 'local') bench = await localBench(scope);
        else bench = etcdBench(scope, (etcd ??= await startEtcd(shared)));
      });
      afterEach(async () => {
        await bench?.scope.end();
        expect(openScopes().filter((name) => name.startsWith('journal test'))).toEqual([]);
      });
      afterAll(() => shared.end());
      tests(() => bench as JournalBench);
    });
  }
}

/** A copy of a prefix made from what a watch tells, and all that it told. */
export class JournalCopy {
  readonly entries = new Map<string, string>();
  readonly log: string[] = [];
  readonly troubles: (Problem | null)[] = [];
  resets = 0;
  revision = 0;
  readonly stop: () => void;

  constructor(store: JournalStore, prefix: string) {
    this.stop = store.watch(
      prefix,
      (news) => this.#take(news),
      (problem) => this.troubles.push(problem),
    );
  }

  #take({ reset, revision, changed, gone }: StoreNews): void {
    if (reset) {
      this.resets++;
      this.entries.clear();
    } else {
      expect(revision).toBeGreaterThan(this.revision);
      const puts = changed.map(({ key, value, created, modified }) => `${key}=${value} ${created} ${modified}`);
      this.log.push(logLine(revision, puts, gone));
    }
    this.revision = revision;
    for (const { key, value } of changed) this.entries.set(key, value);
    for (const key of gone) this.entries.delete(key);
  }
}

/** One revision in words, whatever the order of its keys. */
export function logLine(revision: number, puts: readonly string[], gone: readonly string[]): string {
  return [revision, ...[...puts, ...gone.map((key) => `-${key}`)].toSorted()].join(' | ');
}

/** Commits one key. */
export const put = async (store: JournalStore, key: string, value: string, guards: readonly StoreGuard[] = []) =>
  await store.commit(guards, [{ put: key, value }]);
/** The keys under a prefix, in the store's order. */
export const keysOf = async (store: JournalStore, prefix = '') =>
  (await store.list(prefix)).entries.map(({ key }) => key);
/** How a call was refused, or `made`. */
export const codeOf = async (call: Promise<unknown>): Promise<string> =>
  await call.then(
    () => 'made',
    (error: unknown) => toProblem(error).code,
  );
