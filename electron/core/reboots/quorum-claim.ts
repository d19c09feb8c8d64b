import type { Records } from '#core/fleet/records.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import { isHealthy, quorumObstacle, votesOn } from './quorum-guard.ts';
import type { GoingDown, RebootNotes } from './reboot-notes.ts';

/** A host that did not come back in this long is down by accident, which its member's health tells. */
const longestBootMs = 1_800_000;
/** A unit that was told to stop is down within this long, or stays up. */
const settleMs = 15_000;

/**
 * Keeps etcd's quorum over all consoles: health of the members as it is seen, and a note of the one member's host that was
 * told to go down, as it takes a while until that is seen.
 */
export class QuorumGuard {
  readonly #records: Records;
  readonly #notes: RebootNotes;
  readonly #now: () => number;

  constructor(records: Records, notes: RebootNotes, now: () => number) {
    this.#records = records;
    this.#notes = notes;
    this.#now = now;
  }

  /** Why the host must not go now; null when it may. */
  async obstacle(host: string): Promise<string | null> {
    const etcd = this.#records.get('cluster', '', 'etcd');
    const seen = quorumObstacle({ etcd, now: this.#now(), goingDown: null }, host);
    if (seen !== null || !votesOn(etcd, host)) return seen;
    try {
      const found = await this.#notes.going();
      return found && this.#besides(found.going, host);
    } catch (error) {
      return `It could not be read whether another host with a member of etcd goes down now: ${toProblem(error).message}.`;
    }
  }

  /** Makes the host the one that goes down. Throws `refused` when it must not; hosts without a vote need no claim. */
  async claim(host: string, bootId: string, by: string): Promise<void> {
    const etcd = this.#records.get('cluster', '', 'etcd');
    const refuse = (why: string) =>
      fail('refused', `${host} must keep its etcd: ${why}`, { host, hint: 'Mend the other members of etcd first.' });
    const seen = quorumObstacle({ etcd, now: this.#now(), goingDown: null }, host);
    if (seen !== null) throw refuse(seen);
    if (!votesOn(etcd, host)) return;
    const found = await this.#notes.going();
    const besides = found && this.#besides(found.going, host);
    if (besides !== null) throw refuse(besides);
    if (!(await this.#notes.claim({ host, bootId, by, at: this.#now() }, found?.entry ?? null)))
      throw refuse('another console makes a host with a member of etcd go down at this moment.');
    // As things are after the claim: what happened until then is in it.
    const now = quorumObstacle(
      { etcd: this.#records.get('cluster', '', 'etcd'), now: this.#now(), goingDown: null },
      host,
    );
    if (now === null) return;
    await this.unclaim(host);
    throw refuse(now);
  }

  /** The host did not go after all. A claim that cannot be taken back is over with the next boot, or in time. */
  async unclaim(host: string): Promise<void> {
    await this.#notes.unclaim(host).catch(() => {});
  }

  #besides(going: GoingDown, host: string): string | null {
    if (going.host === host || this.#isOver(going)) return null;
    const etcd = this.#records.get('cluster', '', 'etcd');
    return quorumObstacle({ etcd, now: this.#now(), goingDown: going.host }, host);
  }

  /** Back in another boot with its members well again, by what was read since. */
  #isOver({ host, bootId, at }: GoingDown): boolean {
    if (this.#now() - at > longestBootMs) return true;
    const etcd = this.#records.get('cluster', '', 'etcd');
    const facts = this.#records.get('host', host, 'facts');
    if (!etcd || !facts || facts.bootId === bootId) return false;
    // Where etcd alone went away there is no other boot to wait for.
    const since = bootId === '' ? at + settleMs : facts.readAt;
    return etcd.members
      .filter((member) => member.host === host)
      .every((member) => (member.readAt ?? 0) > since && isHealthy(etcd, member));
  }
}
