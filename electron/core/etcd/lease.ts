import { status as codes } from '@grpc/grpc-js';
import type { ILeaseKeepAliveResponse } from 'etcd3';
import type { Scope } from '#core/lib/scope.ts';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import type { EtcdCalls, EtcdRequest } from './calls.ts';
import { statusOf } from './etcd-problem.ts';
import { wholeNumber } from './key-values.ts';

/** A lease kept alive until it is revoked, lost, or its scope ends; then its keys go. */
export interface EtcdLease {
  /** Decimal, as `put` and `txn` take it. */
  readonly id: string;
  /** What etcd granted, which may be more than was asked. */
  readonly ttlSeconds: number;
  /** Milliseconds (performance.now) until which it surely lives, counted from before the last renewal was sent. */
  readonly aliveUntil: number;
  revoke(): Promise<void>;
}

/** Grants a lease and renews it every third of its time; `onLost` is told once, before etcd would hand its keys to others. */
export async function grantLease(
  calls: EtcdCalls,
  scope: Scope,
  ttlSeconds: number,
  onLost: (problem: Problem) => void,
): Promise<EtcdLease> {
  let sentAt = performance.now();
  const granted = await calls.call({ timeoutMs: 5000, repeatable: true }, async ({ etcd }, deadline) => {
    sentAt = performance.now();
    return await etcd.leaseClient.leaseGrant({ TTL: ttlSeconds, ID: 0 }, { deadline });
  });
  const id = granted.ID;
  const ttl = wholeNumber(granted.TTL, 'TTL');
  const ttlMs = ttl * 1000;
  const life = scope.child(`etcd lease ${id}`);
  let aliveUntil = sentAt + ttlMs;
  let renewing = false;

  const lose = (problem: Problem) => {
    if (life.ended) return;
    void life.end();
    onLost(problem);
  };
  const renew = async () => {
    if (renewing || life.ended) return;
    renewing = true;
    try {
      let at = performance.now();
      const timeoutMs = Math.max(500, aliveUntil - at);
      const left = await calls.call({ timeoutMs, repeatable: true }, async (link, deadline) => {
        at = performance.now();
        return await renewOnce(id)(link, deadline);
      });
      if (left <= 0) lose(fail('lost', `etcd lease ${id} expired or was revoked`).problem);
      else aliveUntil = at + left * 1000;
    } catch (error) {
      if (performance.now() >= aliveUntil) lose(toProblem(error));
    } finally {
      renewing = false;
    }
  };
  life.every(ttlMs / 3, () => void renew());
  life.every(250, () => {
    if (performance.now() >= aliveUntil) lose(fail('lost', `etcd lease ${id} could not be renewed in time`).problem);
  });

  return {
    id,
    ttlSeconds: ttl,
    get aliveUntil() {
      return aliveUntil;
    },
    async revoke() {
      await life.end();
      await calls.call({ timeoutMs: 5000, repeatable: true }, async ({ etcd }, deadline) => {
        try {
          await etcd.leaseClient.leaseRevoke({ ID: id }, { deadline });
        } catch (error) {
          if (statusOf(error)?.code !== codes.NOT_FOUND) throw error;
        }
      });
    },
  };
}

/** One renewal on a stream of its own, so that each may go to another member; resolves with the seconds left, 0 when gone. */
function renewOnce(id: string): EtcdRequest<number> {
  return async ({ etcd }, deadline) => {
    const stream = await etcd.leaseClient.leaseKeepAlive({ deadline });
    try {
      return await new Promise<number>((resolve, reject) => {
        stream.on('data', (reply: ILeaseKeepAliveResponse) => resolve(wholeNumber(reply.TTL, 'TTL')));
        stream.on('error', reject);
        stream.on('end', () => reject(new Error(`${codes.UNAVAILABLE} UNAVAILABLE: the lease stream ended`)));
        stream.write({ ID: id });
      });
    } finally {
      stream.on('error', () => {});
      stream.cancel();
    }
  };
}
