import type { Records } from '#core/fleet/records.ts';
import type { LinkState } from '#shared/contract/host.ts';
import type { LockHolder } from '#shared/contract/reboot-lock.ts';
import { isConnected } from '#shared/lib/is-connected.ts';
import { plainId, zincatiId } from './zincati-id.ts';

/** Finds the host behind a holder's id, and says whether anybody is left there to give the slot back. */
export class HolderHosts {
  readonly #records: Records;
  readonly #zincati = new Map<string, string | null>();

  constructor(records: Records) {
    this.#records = records;
  }

  /** The holders in their order; built for all of them at once, as it looks through every host. */
  resolve(ids: readonly string[]): Pick<LockHolder, 'host' | 'gone' | 'evidence'>[] {
    const hosts = this.#records.ids('host');
    const byId = new Map<string, string>();
    const unread: string[] = [];
    for (const host of hosts) {
      const machineId = this.#records.get('host', host, 'facts')?.machineId.toLowerCase() ?? '';
      if (machineId === '') unread.push(host);
      else for (const id of [machineId, this.#zincatiId(machineId)]) if (id !== null) byId.set(id, host);
    }
    return ids.map((id) => {
      const host = byId.get(plainId(id)) ?? null;
      return host === null ? { host, ...this.#nobody(unread) } : { host, ...this.#presence(host) };
    });
  }

  #zincatiId(machineId: string): string | null {
    let id = this.#zincati.get(machineId);
    if (id === undefined) this.#zincati.set(machineId, (id = zincatiId(machineId)));
    return id;
  }

  #presence(host: string): Pick<LockHolder, 'gone' | 'evidence'> {
    const link = this.#records.get('host', host, 'link');
    if (isConnected(link)) return { gone: false, evidence: '' };
    const maintenance = this.#records.get('host', host, 'maintenance');
    const purpose = maintenance ? ` It is down on purpose: ${maintenance.reason}` : '';
    const away = link?.reason ? `${host} is not reached: ${link.reason}.` : `${host} is not reached.`;
    return { gone: true, evidence: `${away} A host that reboots is away for a while too.${purpose}` };
  }

  /** A host that is about to be read may be the one; one that cannot be reached may be it too, and is gone then. */
  #nobody(unread: readonly string[]): Pick<LockHolder, 'gone' | 'evidence'> {
    if (unread.length === 0) return { gone: true, evidence: 'No host of this cluster has this id.' };
    const names = unread.slice(0, 5).join(', ') + (unread.length > 5 ? ` and ${unread.length - 5} more` : '');
    const coming = unread.some((host) => soon.has(this.#records.get('host', host, 'link')?.state ?? 'idle'));
    return { gone: !coming, evidence: `No host that was read has this id; not read yet: ${names}.` };
  }
}

/** Links whose host is read, or will be in a moment. */
const soon: ReadonlySet<LinkState> = new Set<LinkState>(['idle', 'connecting', 'up', 'degraded']);
