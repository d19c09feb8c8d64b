import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Change, Kind, PatchChange, RecordOf, SectionName, Sections } from '#shared/contract/records.ts';

/** Records of one kind by id; a new Map whenever one of them changed. */
export type Records<K extends Kind> = ReadonlyMap<string, RecordOf<K>>;

/** What the window holds of the core: replaced by snapshots, advanced by patches, written by the link alone. */
export interface ReplicaState {
  /** Number of the last snapshot or patch applied; -1 before the first. */
  readonly seq: number;
  /** The cluster the records belong to; null when none is open. */
  readonly cluster: string | null;
  /** False until the first snapshot, and while another cluster is being opened. */
  readonly ready: boolean;
  readonly records: { readonly [K in Kind]: Records<K> };
}

const noRecords: ReplicaState['records'] = {
  app: new Map(),
  cluster: new Map(),
  host: new Map(),
  ask: new Map(),
  change: new Map(),
  document: new Map(),
  action: new Map(),
  'update-action': new Map(),
};

/** The replica and its keyed subscriptions: a listener hears of its own section only. */
export interface Replica {
  readonly store: StoreApi<ReplicaState>;
  /** Replaces everything in one step. */
  replace(seq: number, cluster: string | null, changes: readonly Change[]): void;
  /** Applies patches, oldest first, in one step. */
  apply(seq: number, changes: readonly PatchChange[]): void;
  /** Says that what is held no longer answers the question asked (another cluster is on its way). */
  unready(): void;
  section<K extends Kind, S extends SectionName<K>>(kind: K, id: string, section: S): Sections[K][S] | undefined;
  /** Calls `listener` when that section changed; returns the way to stop. */
  onSection(kind: Kind, id: string, section: string, listener: () => void): () => void;
}

/** Makes an empty replica. */
export function createReplica(): Replica {
  const store = createStore<ReplicaState>(() => ({ seq: -1, cluster: null, ready: false, records: noRecords }));
  const listeners = new Map<string, Set<() => void>>();

  const tell = (keys: Iterable<string>) => {
    for (const key of keys) for (const listener of listeners.get(key) ?? []) listener();
  };

  return {
    store,
    replace(seq, cluster, changes) {
      store.setState({ seq, cluster, ready: true, records: fold(noRecords, changes) });
      tell([...listeners.keys()]);
    },
    apply(seq, changes) {
      store.setState((state) => ({ seq, records: fold(state.records, changes) }));
      tell(new Set(changes.map(([kind, id, section]) => keyOf(kind, id, section))));
    },
    unready() {
      store.setState({ ready: false });
    },
    section(kind, id, section) {
      const record = store.getState().records[kind].get(id);
      return record?.[section as keyof typeof record] as never;
    },
    onSection(kind, id, section, listener) {
      const key = keyOf(kind, id, section);
      let set = listeners.get(key);
      if (!set) listeners.set(key, (set = new Set()));
      set.add(listener);
      return () => {
        set.delete(listener);
        if (set.size === 0 && listeners.get(key) === set) listeners.delete(key);
      };
    },
  };
}

// A host name holds no spaces, so two sections never share a key.
function keyOf(kind: string, id: string, section: string): string {
  return `${kind} ${id} ${section}`;
}

function fold(from: ReplicaState['records'], changes: readonly PatchChange[]): ReplicaState['records'] {
  const records: Partial<Record<Kind, Map<string, Record<string, unknown>>>> = {};
  for (const [kind, id, section, value, items] of changes) {
    const held: ReadonlyMap<string, Record<string, unknown>> = from[kind];
    const map = (records[kind] ??= new Map(held));
    if (value !== null) {
      const record = map.get(id);
      map.set(id, { ...record, [section]: items ? withItems(record?.[section], value) : value });
      continue;
    }
    const { [section]: _gone, ...rest } = map.get(id) ?? {};
    if (Object.keys(rest).length === 0) map.delete(id);
    else map.set(id, rest);
  }
  return { ...from, ...records };
}

/** A list by host with the items of some hosts replaced. */
function withItems(list: unknown, items: unknown): unknown {
  const fresh = new Map((items as readonly { readonly host: string }[]).map((item) => [item.host, item]));
  return (list as readonly { readonly host: string }[]).map((item) => fresh.get(item.host) ?? item);
}
