import { fail, toProblem } from '#shared/contract/problem.ts';
import type { Scope } from '../lib/scope.ts';
import { checkCommit } from './check-commit.ts';
import type { JournalStore, StoreStep } from './journal-store.ts';
import { openJournalFile } from './local-journal-file.ts';
import { LocalLeases } from './local-journal-leases.ts';
import { JournalRows } from './local-journal-rows.ts';
import { LocalWatches } from './local-journal-watches.ts';

const pollMs = 250;
const sweepMs = 500;

/**
 * The journal on this console's own disk, in one SQLite file that several processes of one person may have open. Rejects
 * with `unsupported` for a file of a newer Quarterdeck, `protocol` for one that is no journal.
 */
export async function openLocalJournalStore(
  path: string,
  scope: Scope,
  now: () => number = Date.now,
): Promise<JournalStore> {
  const life = scope.child('local journal');
  try {
    const opening = openJournalFile(path, life);
    // Who ends the scope finds nothing being made in the folder afterwards.
    const opened = life.add(async () => void (await opening.catch(() => null)));
    const file = await opening;
    opened();
    const rows = file.read(() => new JournalRows(file.database));
    const leases = new LocalLeases(file, rows, life, now);
    const watches = new LocalWatches(file, rows);
    life.add(() => watches.clear());
    let version = file.dataVersion();

    const sweep = async () => {
      leases.loseDue();
      if (!leases.due()) return;
      await file.write(leases.loseDue, () => leases.sweep());
      watches.tellSoon();
    };
    const orTrouble = (error: unknown) => {
      if (toProblem(error).code !== 'busy') watches.trouble(toProblem(error));
    };
    const poll = () => {
      try {
        const newest = file.dataVersion();
        if (newest === version && !watches.behind) return;
        leases.loseTaken();
        watches.tell();
        version = newest;
      } catch (error) {
        orTrouble(error);
      }
    };
    life.every(pollMs, poll);
    life.every(sweepMs, () => void sweep().catch(orTrouble));

    return {
      kind: 'local',
      async get(key) {
        await sweep();
        return file.read(() => rows.get(key));
      },
      async list(prefix) {
        await sweep();
        return file.read(() => ({ revision: rows.revision(), entries: rows.list(prefix) }));
      },
      async commit(guards, steps) {
        checkCommit(steps);
        checkOverlap(steps);
        const done = await file.write(leases.loseDue, () => {
          leases.sweep();
          const made = guards.every((guard) => rows.holds(guard));
          return { made, revision: made ? rows.take(steps) : rows.revision() };
        });
        watches.tellSoon();
        return done;
      },
      watch: (prefix, news, trouble) => watches.add(prefix, news, trouble),
      lease: (ttlSeconds, onLost) => leases.grant(ttlSeconds, onLost, () => watches.tellSoon()),
    };
  } catch (error) {
    await life.end();
    throw error;
  }
}

/** etcd refuses to put and delete a key in one commit, so that no order of steps can matter. */
function checkOverlap(steps: readonly StoreStep[]): void {
  for (const step of steps) {
    if ('put' in step) continue;
    const hit = steps.find(
      (other) =>
        'put' in other && ('delete' in step ? other.put === step.delete : other.put.startsWith(step.deletePrefix)),
    );
    if (hit && 'put' in hit) throw fail('invalid-input', `${hit.put} is put and deleted in one commit`);
  }
}
