import { toProblem } from '#shared/contract/problem.ts';
import type { RebootObstacle } from '#shared/contract/reboot.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { HostAccess } from '../hosts/host-access.ts';
import { peopleInWords, peopleOn } from './people.ts';

/** A warning that led to nothing is forgotten after this long beyond the wait. */
const keptMs = 3_600_000;

/** For how long people who are logged in have been waited for, by host, since they were first warned. */
export class PeopleWait {
  readonly #access: (host: string) => HostAccess;
  readonly #now: () => number;
  readonly #warned = new Map<string, number>();

  constructor(access: (host: string) => HostAccess, now: () => number) {
    this.#access = access;
    this.#now = now;
  }

  warned(host: string): void {
    if (!this.#warned.has(host)) this.#warned.set(host, this.#now());
  }

  over(host: string): void {
    this.#warned.delete(host);
  }

  /** `until` is null as long as nobody was warned. Null when nobody is there, or they were waited for long enough. */
  async obstacle(host: string, waitS: number): Promise<RebootObstacle | null> {
    if (waitS === 0) return null;
    const now = this.#now();
    const until = this.#until(host, waitS * 1000);
    if (until !== null && until <= now) return null;
    try {
      const people = await peopleOn(this.#access(host));
      if (people.length === 0) return null;
      const wait =
        until === null
          ? `would be warned and waited for ${inWords(waitS)}`
          : `were warned and are waited for ${Math.ceil((until - now) / 60_000)} min more`;
      const text = `${peopleInWords(people)} ${people.length === 1 ? 'is' : 'are'} logged in; they ${wait}.`;
      return { by: 'person', text: cleanLine(text, 1000), until };
    } catch (error) {
      const text = `It could not be read who is logged in: ${cleanLine(toProblem(error).message, 300)}.`;
      return { by: 'person', text, until };
    }
  }

  #until(host: string, waitMs: number): number | null {
    const at = this.#warned.get(host);
    if (at === undefined) return null;
    if (this.#now() - at <= waitMs + keptMs) return at + waitMs;
    this.#warned.delete(host);
    return null;
  }
}

function inWords(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
