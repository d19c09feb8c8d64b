import { createHash } from 'node:crypto';
import { etcdError } from './etcd-error.ts';

/** A member as its cluster knows it; ids are 64-bit numbers in decimal. */
export interface EnsembleMember {
  readonly id: string;
  readonly name: string;
  url: string;
  running: boolean;
}

/** Who is running, who leads, and whether enough are left to decide anything: what Raft would settle among real members. */
export class Ensemble {
  readonly clusterId: string;
  readonly members: readonly EnsembleMember[];
  /** Null while fewer than a majority run. */
  leader: EnsembleMember | null;
  term = 2;
  index: number;
  readonly #lost: () => void;

  /** `lost` is told when the leader goes and none can follow. */
  constructor(names: readonly string[], lost: () => void) {
    this.clusterId = idOf(`cluster ${names.join()}`);
    this.members = names.map((name) => ({ id: idOf(name), name, url: '', running: true }));
    this.leader = this.members[0] ?? null;
    this.index = names.length + 1;
    this.#lost = lost;
  }

  /** Counts one entry of the log; throws when nobody leads. */
  decide(): void {
    if (!this.leader) throw etcdError('no-leader');
    this.index++;
  }

  stopped(member: EnsembleMember): void {
    member.running = false;
    if (this.leader && this.#majority() && this.leader !== member) return;
    this.leader = null;
    this.#elect();
    if (!this.leader) this.#lost();
  }

  resumed(member: EnsembleMember): void {
    member.running = true;
    if (!this.leader) this.#elect();
  }

  moveLeader(from: EnsembleMember, toId: string): void {
    if (from !== this.leader) throw etcdError('not-leader');
    const next = this.members.find(({ id, running }) => id === toId && running);
    if (!next) throw etcdError('bad-leader');
    this.leader = next;
    this.term++;
  }

  #elect(): void {
    if (!this.#majority()) return;
    this.leader = this.members.find(({ running }) => running) ?? null;
    this.term++;
    this.index++;
  }

  #majority(): boolean {
    return this.members.filter(({ running }) => running).length * 2 > this.members.length;
  }
}

function idOf(name: string): string {
  return createHash('sha1').update(name).digest().readBigUInt64BE().toString();
}
