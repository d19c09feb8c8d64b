import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { Limiter } from '../lib/limiter.ts';
import type { Scope } from '../lib/scope.ts';
import { readKubernetesMarks } from '../providers/kubernetes-marks/read-marks.ts';
import { isConnected } from '#shared/lib/is-connected.ts';

const tickMs = 500;
const everyMs = 120_000;
/** Where nothing of Kubernetes was found, it seldom comes. */
const noneEveryMs = 3_600_000;
const againAfterFailureMs = 300_000;
/** Hosts that come up together are not asked together. */
const comesUpMs = 6000;
const atOnce = 4;

/** Keeps the `kubernetes` section of every host that is up and a node of Kubernetes. */
export class KubernetesWatch {
  readonly #around: ActionSurroundings;
  /** When each host is read next, by performance.now(); no host that is away is here. */
  readonly #due = new Map<string, number>();
  readonly #reading = new Limiter(atOnce);

  constructor(around: ActionSurroundings, scope: Scope) {
    this.#around = around;
    scope.add(
      around.records.onChange(([kind, host, section]) => {
        if (kind !== 'host' || (section !== 'link' && section !== 'facts' && section !== 'identity')) return;
        if (!this.#isUp(host)) this.#due.delete(host);
        else if (!this.#due.has(host)) this.#due.set(host, performance.now() + Math.random() * comesUpMs);
      }),
    );
    scope.every(tickMs, () => this.#tick());
  }

  #tick(): void {
    const now = performance.now();
    for (const [host, at] of this.#due) {
      if (at > now) continue;
      this.#due.set(host, Number.POSITIVE_INFINITY);
      void this.#reading.run(() => this.#read(host));
    }
  }

  async #read(host: string): Promise<void> {
    const { records, hosts, now, signal } = this.#around;
    const facts = records.get('host', host, 'facts');
    let gapMs = againAfterFailureMs;
    if (facts && !signal.aborted && this.#isUp(host))
      try {
        const marks = await readKubernetesMarks(hosts.access(host), facts, now);
        if (signal.aborted || !records.get('host', host, 'identity')) return;
        if (marks) records.publish('host', host, 'kubernetes', marks);
        else records.drop('host', host, 'kubernetes');
        gapMs = marks ? everyMs : noneEveryMs;
      } catch {
        // What was read last says of when it is; the connection tells by itself why there is nothing newer.
      }
    if (this.#due.has(host)) this.#due.set(host, performance.now() + gapMs * (0.9 + Math.random() * 0.2));
  }

  /** Reached and read: what rights it takes is among its facts. */
  #isUp(host: string): boolean {
    const { records } = this.#around;
    return isConnected(records.get('host', host, 'link')) && records.get('host', host, 'facts') !== undefined;
  }
}
