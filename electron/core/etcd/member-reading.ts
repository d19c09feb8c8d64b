import { connectivityState } from '@grpc/grpc-js';
import type { IStatusResponse } from 'etcd3';
import type { Scope } from '#core/lib/scope.ts';
import { fail, type Problem, ProblemError } from '#shared/contract/problem.ts';
import { callMember } from './calls.ts';
import type { EtcdEndpoint, EtcdLink } from './endpoint.ts';
import { etcdProblem, inWords, statusOf } from './etcd-problem.ts';
import { wholeNumber } from './key-values.ts';
import type { EtcdSession } from './session.ts';

/** One answer of Status, ids in hex as etcdctl shows them; a leader of '' is none. */
export interface MemberFigures {
  readonly memberId: string;
  readonly clusterId: string;
  readonly revision: number;
  readonly version: string;
  readonly dbBytes: number;
  readonly dbUsedBytes: number;
  readonly leader: string;
  readonly raftTerm: number;
  readonly raftIndex: number;
  readonly raftAppliedIndex: number;
  readonly learner: boolean;
  readonly errors: readonly string[];
}

/** What is known of one endpoint: how the last question went, and the last figures that it gave. */
export interface MemberReading {
  readonly state: 'unknown' | 'up' | 'unreachable' | 'unauthorized';
  readonly reason: string;
  readonly readAt: number | null;
  readonly latencyMs: number | null;
  readonly figures: MemberFigures | null;
}

const statusMs = 1500;

/** A 64-bit id in hex; '' for 0, which means none. */
export function hexId(decimal: string): string {
  const id = BigInt.asUintN(64, BigInt(decimal));
  return id === 0n ? '' : id.toString(16);
}

/**
 * Asks one endpoint for its Status whenever told, and by itself when its connection comes or goes.
 * Status needs no quorum and is never repeated elsewhere, so its failure says something of this member alone.
 */
export class MemberReader {
  readonly endpoint: EtcdEndpoint;
  reading: MemberReading = { state: 'unknown', reason: 'not asked yet', readAt: null, latencyMs: null, figures: null };
  readonly #session: EtcdSession;
  readonly #scope: Scope;
  readonly #changed: () => void;
  #asking = false;
  #misses = 0;
  #watched: EtcdLink | null = null;

  constructor(endpoint: EtcdEndpoint, session: EtcdSession, scope: Scope, changed: () => void) {
    this.endpoint = endpoint;
    this.#session = session;
    this.#scope = scope;
    this.#changed = changed;
  }

  /** Never rejects; does nothing while a question is out. */
  async ask(): Promise<void> {
    if (this.#asking || this.#scope.ended) return;
    this.#asking = true;
    const started = performance.now();
    try {
      const reply = await callMember(this.endpoint, this.#session, Date.now() + statusMs, false, (link, deadline) => {
        this.#watchChannel(link);
        return link.etcd.maintenance.status({ deadline });
      });
      this.#answered(toFigures(reply), performance.now() - started);
    } catch (error) {
      // When our own loop stood still (or the machine slept), the deadline passed unseen: that says nothing of etcd.
      const stoodStill = performance.now() - started > statusMs + 500;
      if (!stoodStill) this.#missed(error);
    } finally {
      this.#asking = false;
    }
    if (!this.#scope.ended) this.#changed();
  }

  #answered(figures: MemberFigures, latencyMs: number): void {
    this.#misses = 0;
    this.endpoint.trouble = figures.leader === '' ? 1 : 0;
    this.reading = { state: 'up', reason: '', readAt: Date.now(), latencyMs: Math.round(latencyMs * 10) / 10, figures };
  }

  #missed(error: unknown): void {
    const { code, message } = etcdProblem(error, this.endpoint.url).problem;
    const status = statusOf(error);
    const reason = status ? inWords(status) : message;
    const unauthorized = code === 'permission' || code === 'authentication';
    this.reading = { ...this.reading, state: unauthorized ? 'unauthorized' : 'unreachable', reason, latencyMs: null };
    if (unauthorized) return;
    this.endpoint.trouble = 2;
    // Twice silent on an open connection: it may be dead without a word, and a new one would find the member back sooner.
    if (code === 'timeout' && ++this.#misses % 2 === 0) this.endpoint.reset();
  }

  #watchChannel(link: EtcdLink): void {
    if (this.#watched === link) return;
    this.#watched = link;
    const { READY, SHUTDOWN } = connectivityState;
    const follow = (before: connectivityState) => {
      if (before === SHUTDOWN || this.#scope.ended || this.#watched !== link) return;
      link.channel.watchConnectivityState(before, Infinity, () => {
        const now = link.channel.getConnectivityState(false);
        if (now !== SHUTDOWN && (before === READY || now === READY)) setImmediate(() => void this.ask());
        follow(now);
      });
    };
    follow(link.channel.getConnectivityState(false));
  }
}

function toFigures(reply: IStatusResponse): MemberFigures {
  if (!reply.header) throw fail('protocol', 'etcd sent a status without a header');
  return {
    memberId: hexId(reply.header.member_id),
    clusterId: hexId(reply.header.cluster_id),
    revision: wholeNumber(reply.header.revision, 'revision'),
    version: reply.version.slice(0, 60),
    dbBytes: wholeNumber(reply.dbSize, 'size'),
    dbUsedBytes: wholeNumber(reply.dbSizeInUse, 'size'),
    leader: hexId(reply.leader),
    raftTerm: wholeNumber(reply.raftTerm, 'term'),
    raftIndex: wholeNumber(reply.raftIndex, 'index'),
    raftAppliedIndex: wholeNumber(reply.raftAppliedIndex, 'index'),
    learner: reply.isLearner,
    errors: reply.errors.slice(0, 20).map((error) => error.trim().slice(0, 300)),
  };
}

/** Logs in once, as keys would; the problem when etcd, or nobody, lets us. Null too when no member could be asked. */
export async function loginProblem(endpoint: EtcdEndpoint, session: EtcdSession): Promise<Problem | null> {
  if (session.user === null || session.token !== '') return null;
  try {
    const { etcd } = await endpoint.link();
    await session.ensure(etcd.auth, endpoint.url, Date.now() + statusMs);
    return null;
  } catch (error) {
    return error instanceof ProblemError && error.problem.code === 'authentication' ? error.problem : null;
  }
}
