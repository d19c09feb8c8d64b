import type { HostChange } from '#shared/contract/change.ts';
import type { RebootObstacle, RebootPolicy } from '#shared/contract/reboot.ts';
import { hasBegun } from '#shared/lib/change/verbs.ts';
import { rateObstacle } from '../../reboots/rate.ts';

/** The word in a host's evidence for each time that it was about to go down. */
export const goesDownStep = 'reboot';

/** Whose turn it is to go down: no more hosts of a change at once, and in a time, than its policy says, whoever drives it. */
export class Turns {
  readonly #hosts: () => Iterable<HostChange>;
  readonly #policy: Pick<RebootPolicy, 'atOnce' | 'rate'>;
  /** Given away from here, though not written down yet. */
  readonly #given = new Map<string, number>();

  constructor(hosts: () => Iterable<HostChange>, policy: Pick<RebootPolicy, 'atOnce' | 'rate'>) {
    this.#hosts = hosts;
    this.#policy = policy;
  }

  /** Gives the turn to a host, or says what it waits for. The way back to an old system is not slowed down by the rate. */
  take(host: string, now: number, back: boolean): RebootObstacle | null {
    const all = [...this.#hosts()];
    const others = all.filter((one) => one.host !== host && (isDown(one) || this.#given.has(one.host)));
    const { atOnce, rate } = this.#policy;
    if (others.length >= atOnce) {
      const names = others.slice(0, 3).map((one) => one.host);
      const are = others.length === 1 ? 'is' : 'are';
      return { by: 'rate', text: `${names.join(', ')} ${are} down; ${atOnce} at a time may be.`, until: null };
    }
    // In the order of the plan, as far as hosts are ready: one that waits for a window or a person holds up nobody.
    const first = all
      .slice(
        0,
        Math.max(
          0,
          all.findIndex((one) => one.host === host),
        ),
      )
      .filter((one) => this.#isReady(one));
    if (!back && others.length + first.length >= atOnce) {
      const names = first.slice(0, 3).map((one) => one.host);
      return { by: 'rate', text: `${names.join(', ')} ${first.length === 1 ? 'comes' : 'come'} first.`, until: null };
    }
    const tooMany = rate && !back ? rateObstacle(rate, this.began(), now) : null;
    if (tooMany) return tooMany;
    this.#given.set(host, now);
    return null;
  }

  #isReady({ host, state, work }: HostChange): boolean {
    if (state !== 'applying' || !work || this.#given.has(host)) return false;
    const ready = work.phase === 'staged' || work.phase === 'waiting';
    return ready && (work.waitsFor === null || work.waitsFor === 'lock' || work.waitsFor === 'rate');
  }

  /** It is back, or did not go after all. */
  giveBack(host: string): void {
    this.#given.delete(host);
  }

  /** When hosts of this change began to go down, also under another console. */
  began(): number[] {
    const written = [...this.#hosts()].flatMap(({ evidence }) =>
      evidence.filter(({ step }) => step === goesDownStep).map(({ at }) => at),
    );
    return [...written, ...[...this.#given.values()].filter((at) => !written.some((one) => one >= at))];
  }
}

/** It went down, or is about to, and is not known to be well again. One that is lost counts: it is still away. */
function isDown(host: HostChange): boolean {
  const { work, state } = host;
  if (!work || work.bootBefore === null || work.phase === 'waiting') return false;
  return hasBegun(host) || (state === 'unreachable' && host.accepted === null && work.bootAfter === null);
}
