import type { FileState, PlannedFile } from '#shared/contract/change.ts';
import type { Log } from '../lib/log.ts';
import { joinArchived } from './archive.ts';
import type { StoredChange } from './stored-change.ts';
import type { StoredEntry, StoreNews } from './journal-store.ts';

/** A file as the last change that came to be on a host left it. */
export interface AppliedFile {
  readonly path: string;
  readonly after: FileState;
  readonly change: { readonly id: string; readonly title: string; readonly by: string; readonly at: number };
}

/** What stays of a change here: no texts. */
interface Applied {
  readonly id: string;
  readonly title: string;
  readonly by: string;
  readonly steps: readonly { readonly hosts: ReadonlySet<string>; readonly files: readonly PlannedFile[] }[];
  /** When it came to be, on each host where it did. */
  readonly done: ReadonlyMap<string, number>;
}

/** Paths that are followed on one host: those written last. */
const mostPaths = 200;

/** What the changes that the journal holds, whole or archived, left on each host; follows the journal as it grows. */
export class AppliedFiles {
  readonly #log: Log;
  readonly #told: (hosts: ReadonlySet<string>) => void;
  readonly #whole = new Map<string, Applied>();
  readonly #archived = new Map<string, Applied>();
  /** Parts of archived changes that are still being written: their heads come last. */
  readonly #parts = new Map<string, StoredEntry>();

  /** `told` names hosts on which something else is expected from now on. */
  constructor(log: Log, told: (hosts: ReadonlySet<string>) => void) {
    this.#log = log;
    this.#told = told;
  }

  /** A change as the journal has it now; null when it is no longer there whole. */
  take(id: string, stored: StoredChange | null): void {
    this.#put(this.#whole, id, stored && appliedBy(stored));
  }

  /** What a watch of the archive tells. */
  takeArchive({ reset, changed, gone }: StoreNews): void {
    const heads = changed.filter(({ key }) => isHead(key));
    for (const entry of changed) if (!isHead(entry.key)) this.#parts.set(entry.key, entry);
    const known = new Set(heads.map(({ key }) => idOf(key)));
    if (reset) for (const id of this.#archived.keys()) if (!known.has(id)) this.#put(this.#archived, id, null);
    for (const key of gone) {
      this.#parts.delete(key);
      if (isHead(key)) this.#put(this.#archived, idOf(key), null);
    }
    for (const entry of heads) {
      this.#put(this.#archived, idOf(entry.key), this.#read(entry));
      for (const key of this.#parts.keys()) if (key.startsWith(`${entry.key}/`)) this.#parts.delete(key);
    }
  }

  /** Another journal is used from now on. */
  clear(): void {
    for (const id of this.#whole.keys()) this.#put(this.#whole, id, null);
    for (const id of this.#archived.keys()) this.#put(this.#archived, id, null);
    this.#parts.clear();
  }

  /** Each file once, the one written last first. */
  of(host: string): AppliedFile[] {
    const byPath = new Map<string, AppliedFile>();
    for (const { id, title, by, steps, done } of [...this.#archived.values(), ...this.#whole.values()]) {
      const at = done.get(host);
      if (at === undefined) continue;
      for (const { hosts, files } of steps) {
        if (!hosts.has(host)) continue;
        for (const { path, after } of files) {
          const known = byPath.get(path);
          if (!known || known.change.at <= at) byPath.set(path, { path, after, change: { id, title, by, at } });
        }
      }
    }
    return [...byPath.values()].toSorted((a, b) => b.change.at - a.change.at).slice(0, mostPaths);
  }

  #put(among: Map<string, Applied>, id: string, applied: Applied | null): void {
    const before = among.get(id);
    if (applied && applied.done.size > 0) among.set(id, applied);
    else among.delete(id);
    const hosts = new Set([...(before?.done.keys() ?? []), ...(applied?.done.keys() ?? [])]);
    const moved = [...hosts].filter((host) => before?.done.get(host) !== applied?.done.get(host));
    if (moved.length > 0) this.#told(new Set(moved));
  }

  #read(entry: StoredEntry): Applied | null {
    try {
      const { plan, endedAt, hosts } = joinArchived(this.#parts, entry);
      const at = endedAt ?? plan.at;
      return appliedOf(
        plan,
        hosts.map(({ host, state }) => ({ host, state, at })),
      );
    } catch (error) {
      this.#log.warn(`${entry.key} in the journal cannot be read: ${String(error)}`);
      return null;
    }
  }
}

function appliedBy({ plan, progress, hosts }: StoredChange): Applied {
  const ended = progress.endedAt ?? plan.at;
  return appliedOf(
    plan,
    [...hosts.values()].map(({ host, state, endedAt }) => ({ host, state, at: endedAt ?? ended })),
  );
}

function appliedOf(
  { id, title, by, steps }: Pick<StoredChange['plan'], 'id' | 'title' | 'by' | 'steps'>,
  hosts: readonly { readonly host: string; readonly state: string; readonly at: number }[],
): Applied {
  return {
    id,
    title,
    by,
    steps: steps.map((step) => ({ hosts: new Set(step.hosts), files: step.files })),
    done: new Map(hosts.flatMap(({ host, state, at }) => (state === 'done' ? [[host, at] as const] : []))),
  };
}

/** Whether a key below `archive/` is a change's own, not one of its parts. */
function isHead(key: string): boolean {
  return key.split('/').length === 2;
}

function idOf(key: string): string {
  return key.split('/')[1] ?? '';
}
