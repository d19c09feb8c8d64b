import { randomBytes } from 'node:crypto';
import { etcdError } from './etcd-error.ts';
import type { Stored } from './history.ts';
import type { LeaseBook } from './store.ts';

interface Lease {
  readonly id: string;
  readonly grantedSeconds: number;
  expiresAt: number;
  readonly keys: Map<string, Buffer>;
}

/** 1.5 election time-outs of one second, rounded up: what a real etcd with default settings grants at least. */
const leastSeconds = 2;
const mostSeconds = 9_000_000_000;

/** Leases and the keys that hang on them; times are milliseconds of the clock it is given. */
export class Leases implements LeaseBook {
  readonly #now: () => number;
  readonly #byId = new Map<string, Lease>();
  /** Which lease a key hangs on. */
  readonly #ofKey = new Map<string, Lease>();

  constructor(now: () => number) {
    this.#now = now;
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  ids(): string[] {
    return [...this.#byId.keys()];
  }

  grant(askedId: string, askedSeconds: number): { id: string; seconds: number } {
    const id = askedId === '0' ? newId() : askedId;
    if (askedSeconds > mostSeconds) throw etcdError('ttl-too-large');
    if (this.#byId.has(id)) throw etcdError('lease-exists');
    const grantedSeconds = Math.max(leastSeconds, askedSeconds);
    this.#byId.set(id, { id, grantedSeconds, expiresAt: this.#now() + grantedSeconds * 1000, keys: new Map() });
    return { id, seconds: grantedSeconds };
  }

  /** The seconds it lives on, 0 when it is gone. */
  keepAlive(id: string): number {
    const lease = this.#byId.get(id);
    if (!lease) return 0;
    lease.expiresAt = this.#now() + lease.grantedSeconds * 1000;
    return lease.grantedSeconds;
  }

  /** Null when it is gone. */
  left(id: string): { seconds: number; granted: number; keys: Buffer[] } | null {
    const lease = this.#byId.get(id);
    if (!lease) return null;
    const seconds = Math.floor((lease.expiresAt - this.#now()) / 1000);
    return { seconds, granted: lease.grantedSeconds, keys: sorted(lease) };
  }

  /** Ends a lease; the caller deletes the keys that are returned, in one revision. */
  revoke(id: string): Buffer[] {
    const lease = this.#byId.get(id);
    if (!lease) throw etcdError('lease-not-found');
    this.#byId.delete(id);
    return sorted(lease);
  }

  expired(): string[] {
    const now = this.#now();
    return [...this.#byId.values()].filter(({ expiresAt }) => expiresAt <= now).map(({ id }) => id);
  }

  moved(key: Buffer, kv: Stored | null): void {
    const name = key.toString('latin1');
    this.#ofKey.get(name)?.keys.delete(name);
    this.#ofKey.delete(name);
    const lease = kv && this.#byId.get(kv.lease);
    if (!lease) return;
    lease.keys.set(name, key);
    this.#ofKey.set(name, lease);
  }
}

function sorted(lease: Lease): Buffer[] {
  return [...lease.keys.values()].sort((a, b) => a.compare(b));
}

function newId(): string {
  return (randomBytes(8).readBigUInt64BE() & 0x7fffffffffffffffn || 1n).toString();
}
