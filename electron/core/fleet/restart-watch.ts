import { toProblem } from '#shared/contract/problem.ts';
import type { HostRestarts } from '#shared/contract/restart.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import { isConnected } from '#shared/lib/is-connected.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { Limiter } from '../lib/limiter.ts';
import type { Scope } from '../lib/scope.ts';
import { readOldFiles } from '../probes/old-files/read-old-files.ts';

const tickMs = 500;
/** It costs a host a look at all its processes. */
const everyMs = 3_600_000;
const againAfterFailureMs = 900_000;
/** Hosts that come up together are not asked together, and what is worth more is read first. */
const comesUpMs = [8000, 12_000] as const;
/** What was installed is in place, what was restarted has ended. */
const settlesMs = 3000;
const atOnce = 3;

/**
 * Keeps the `restarts` section of every host that is up: which units still run files that were replaced. Read every hour,
 * and where something tells that it will have changed: another boot, packages that wait no longer, a unit acted on.
 */
export class RestartWatch {
  readonly #around: ActionSurroundings;
  /** When each host is read next, by performance.now(); no host that is away is here. */
  readonly #due = new Map<string, number>();
  readonly #told = new Map<string, string>();
  readonly #limiter = new Limiter(atOnce);

  constructor(around: ActionSurroundings, scope: Scope) {
    this.#around = around;
    scope.add(
      around.records.onChange((change) => {
        const [kind, id, section, value] = change;
        if (kind === 'action' && section === 'progress' && value?.done) {
          for (const { host } of value.outcomes) this.#soon(host);
        } else if (kind === 'host' && section === 'identity' && value === null) {
          this.#due.delete(id);
          this.#told.delete(id);
        } else if (kind === 'host' && (section === 'link' || section === 'facts' || section === 'update'))
          this.#hostTold(id);
      }),
    );
    scope.every(tickMs, () => this.#tick());
  }

  /** Reads a host now. Rejects with ProblemError when it cannot be read. */
  async read(host: string): Promise<HostRestarts> {
    const { records, hosts, now } = this.#around;
    const facts = records.get('host', host, 'facts') ?? { elevation: 'unknown' as const };
    const read = await readOldFiles(hosts.access(host), facts, now);
    if (records.get('host', host, 'identity')) records.publish('host', host, 'restarts', read);
    this.#put(host, everyMs);
    return read;
  }

  #hostTold(host: string): void {
    const { records } = this.#around;
    if (!this.#isUp(host)) {
      this.#due.delete(host);
      return;
    }
    const bootId = records.get('host', host, 'facts')?.bootId ?? '';
    const now = `${bootId} ${installedWords(records.get('host', host, 'update'))}`;
    const before = this.#told.get(host);
    this.#told.set(host, now);
    if (!this.#due.has(host)) {
      const [least, more] = comesUpMs;
      this.#put(host, least + Math.random() * more);
    } else if (before !== undefined && before !== now) this.#soon(host);
  }

  #tick(): void {
    const now = performance.now();
    for (const [host, at] of this.#due) {
      if (at > now) continue;
      this.#due.set(host, Number.POSITIVE_INFINITY);
      void this.#limiter.run(() => this.#readQuietly(host));
    }
  }

  async #readQuietly(host: string): Promise<void> {
    if (this.#around.signal.aborted || !this.#isUp(host)) return;
    try {
      await this.read(host);
    } catch (error) {
      const { records } = this.#around;
      const before = records.get('host', host, 'restarts');
      const problem = { ...toProblem(error), host };
      // What a lost connection could not read is the link's to tell.
      if (before && problem.code !== 'lost' && problem.code !== 'unreachable')
        records.publish('host', host, 'restarts', { ...before, problem });
      this.#put(host, againAfterFailureMs);
    }
  }

  #soon(host: string): void {
    if (this.#due.has(host)) this.#put(host, Math.min(settlesMs, this.#leftMs(host)));
  }

  #leftMs(host: string): number {
    return (this.#due.get(host) ?? 0) - performance.now();
  }

  #put(host: string, inMs: number): void {
    if (this.#isUp(host)) this.#due.set(host, performance.now() + inMs * (0.9 + Math.random() * 0.2));
  }

  /** Reached and read: what rights it takes is among its facts. */
  #isUp(host: string): boolean {
    const { records } = this.#around;
    return isConnected(records.get('host', host, 'link')) && records.get('host', host, 'facts') !== undefined;
  }
}

/** What is otherwise once packages were installed. */
function installedWords(update: HostUpdate | undefined): string {
  if (!update) return '';
  const { phase, running, pending, rebootNeeded } = update;
  return `${phase === 'finalizing'} ${running} ${rebootNeeded} ${pending?.total} ${pending?.names.join(' ')}`;
}
