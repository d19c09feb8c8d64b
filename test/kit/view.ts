import type { Kind, RecordOf, SectionName, Sections } from '#shared/contract/records.ts';
import type { Port } from '#shared/wire/port.ts';
import { createLink, type Link } from '../../renderer/link/link.ts';
import { createClock } from '../../renderer/state/clock.ts';
import { createReplica, type Replica } from '../../renderer/state/replica.ts';

/** The window's own client and replica, without a window. */
export interface TestView {
  readonly link: Link;
  readonly replica: Replica;
  record<K extends Kind>(kind: K, id: string): RecordOf<K> | undefined;
  /** Resolves with the section once it is there and `fits`; rejects after `timeoutMs` saying what it was instead. */
  until<K extends Kind, S extends SectionName<K>>(
    kind: K,
    id: string,
    section: S,
    fits: (value: Sections[K][S]) => boolean,
    timeoutMs?: number,
  ): Promise<Sections[K][S]>;
  end(): void;
}

/** Opens a view over the given kind of line. */
export function openView(openPort: () => Port, cluster: string | null): TestView {
  const replica = createReplica();
  const clock = createClock(Date.now);
  const link = createLink(
    {
      openPort,
      replica,
      clock,
      schedule: (flush) => {
        const timer = setTimeout(flush, 16);
        return () => clearTimeout(timer);
      },
      random: Math.random,
      wait: (run, ms) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
    cluster,
  );
  return {
    link,
    replica,
    record: (kind, id) => replica.store.getState().records[kind].get(id),
    until(kind, id, section, fits, timeoutMs = 15_000) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const value = replica.section(kind, id, section);
          if (value === undefined || !fits(value)) return;
          finish();
          resolve(value);
        };
        const timer = setTimeout(() => {
          finish();
          const value = JSON.stringify(replica.section(kind, id, section));
          reject(new Error(`${kind} ${id} ${section} did not become as expected in ${timeoutMs} ms; it is ${value}`));
        }, timeoutMs);
        const stop = replica.onSection(kind, id, section, look);
        const finish = () => {
          clearTimeout(timer);
          stop();
        };
        look();
      });
    },
    end: () => link.end(),
  };
}
