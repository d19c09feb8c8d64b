import type { Records } from '#core/fleet/records.ts';
import type { Scope } from '#core/lib/scope.ts';
import type { HostMaintenance } from '#shared/contract/host.ts';

export type SetMark = (hosts: readonly string[], mark: HostMaintenance | null) => Promise<void>;

/** Hosts that went down from here are down on purpose until they are seen in another boot; then their mark is lifted. */
export class DownMarks {
  readonly #records: Records;
  readonly #set: SetMark;
  /** The boot that ended, and the mark that is to be lifted. */
  readonly #down = new Map<string, { readonly bootId: string; readonly mark: HostMaintenance | null }>();

  constructor(records: Records, scope: Scope, set: SetMark) {
    this.#records = records;
    this.#set = set;
    scope.add(
      records.onChange(([kind, host, section, value]) => {
        if (kind !== 'host' || section !== 'facts' || value === null) return;
        const bootId = records.get('host', host, 'facts')?.bootId;
        const down = this.#down.get(host);
        if (down && bootId !== undefined && bootId !== down.bootId) void this.lift(host);
      }),
    );
  }

  /** One that a person set already is theirs, and stays. */
  async set(host: string, bootId: string, mark: HostMaintenance): Promise<void> {
    const own = this.#down.get(host)?.mark ?? null;
    const isMarked = this.#records.get('host', host, 'maintenance') !== undefined;
    this.#down.set(host, { bootId, mark: isMarked ? own : mark });
    if (!isMarked) await this.#set([host], mark);
  }

  async lift(host: string): Promise<void> {
    const down = this.#down.get(host);
    this.#down.delete(host);
    const mark = this.#records.get('host', host, 'maintenance');
    if (!down?.mark || mark?.since !== down.mark.since || mark.by !== down.mark.by) return;
    // A mark that cannot be lifted now ends by itself.
    await this.#set([host], null).catch(() => {});
  }
}
