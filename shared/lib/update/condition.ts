import type { HostChange } from '../../contract/change.ts';
import type { EtcdCluster } from '../../contract/etcd.ts';
import type { RebootLocks } from '../../contract/reboot-lock.ts';
import type { RecordOf } from '../../contract/records.ts';
import type { UpdatePolicy } from '../../contract/update-policy.ts';
import type { ServerHost } from '../../contract/update-server.ts';

/** What must hold for a host to be updated, in the order in which it is looked at. */
export const conditionNames = [
  'reachable',
  'agent',
  'server',
  'channel',
  'offered',
  'held',
  'policy',
  'window',
  'lock',
  'kubernetes',
  'quorum',
  'person',
  'gate',
  'disk',
] as const;
export type ConditionName = (typeof conditionNames)[number];

export const conditionStates = ['ok', 'stops', 'unknown', 'does-not-apply'] as const;
export type ConditionState = (typeof conditionStates)[number];

/** Where a person goes on from a condition. */
export type NextStep = { readonly label: string } & (
  | {
      readonly leads: 'host';
      readonly tab: 'units' | 'updates' | 'config' | 'facts' | 'connection';
      readonly unit?: string;
    }
  | { readonly leads: 'locks' }
  /** A group of the update server. */
  | { readonly leads: 'update-server'; readonly app: string; readonly group: string }
  /** The policy of an update group. */
  | { readonly leads: 'policy'; readonly group: string }
  | { readonly leads: 'change'; readonly id: string }
  /** A file of the host, where it can be compared and edited. */
  | { readonly leads: 'file'; readonly path: string }
);

export interface Condition {
  readonly name: ConditionName;
  readonly state: ConditionState;
  /** The evidence in one sentence. */
  readonly text: string;
  /** Where that was read. */
  readonly source: string;
  readonly readAt: number | null;
  readonly next: NextStep | null;
}

/** A host in a roll-out that is not over. */
export interface HostInRollOut {
  readonly id: string;
  readonly title: string;
  readonly state: 'planned' | 'running' | 'paused';
  /** Why the roll-out stands still, or what it waits for. */
  readonly text: string;
  readonly wave: number;
  readonly soaksUntil: number | null;
  readonly host: Omit<HostChange, 'evidence'>;
}

/** What is known of a host when it is asked why it is not updated. What is left out was not looked at. */
export interface UpdateSubject {
  readonly name: string;
  readonly host: RecordOf<'host'>;
  readonly now: number;
  readonly rebootLocks?: RebootLocks | undefined;
  readonly etcd?: EtcdCluster | undefined;
  /** Null where it is in no group. */
  readonly policy?: UpdatePolicy | null | undefined;
  readonly rollOut?: HostInRollOut | null | undefined;
  /** What the update server of the cluster has of it, where its settings name that one. */
  readonly atServer?: ServerHost | null | undefined;
  /** A newer version that others of its channel are offered, whether its own agent has heard of it or not. */
  readonly elsewhere?: string | null | undefined;
}

/** To the policy of the group that it is in. */
export function toPolicy({ group }: UpdatePolicy): NextStep {
  return { label: 'Look at its policy', leads: 'policy', group };
}

/** A condition without its name. */
export type Verdict = Omit<Condition, 'name'>;

/** How a condition stands. What a host says without words is told as that. */
export function verdict(state: ConditionState, text: string, more: Partial<Omit<Verdict, 'state' | 'text'>> = {}) {
  return {
    state,
    text: text.trim() || 'Its agent gives no reason.',
    source: '',
    readAt: null,
    next: null,
    ...more,
  } satisfies Verdict;
}

/** What can be said of an update agent that nobody has read: neither that it is so, nor that it does not apply. */
export const unread: Verdict = verdict('unknown', 'The update agent of the host has not been read yet.');

/** Something newer is there, or its policy wants another version. */
export function hasSomethingToDo({ host: { update }, policy, elsewhere }: UpdateSubject): boolean {
  if (!update) return false;
  if (policy && policy.target.kind !== 'version' && elsewhere) return true;
  if (update.offered !== null || update.rebootNeeded || (update.pending?.total ?? 0) > 0) return true;
  return policy?.target.kind === 'version' && policy.target.version !== update.running;
}

/** A reboot is at hand: the host wants it, or a roll-out is on its way to it. */
export function rebootIsAtHand({ host: { update }, rollOut }: UpdateSubject): boolean {
  return update?.rebootNeeded === true || (rollOut !== null && rollOut !== undefined && !isOver(rollOut.host));
}

function isOver({ endedAt }: Pick<HostChange, 'endedAt'>): boolean {
  return endedAt !== null;
}

/** A list of names as it is read. */
export function listed(names: readonly string[]): string {
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** How long ago, in one unit. */
export function agoWords(at: number, now: number): string {
  const minutes = Math.max(0, Math.floor((now - at) / 60_000));
  if (minutes < 1) return 'less than a minute ago';
  if (minutes < 120) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}
