import type { ChangeProgress, ChangeState, ChangeVerb, HostChange } from '#shared/contract/change.ts';

/** Hosts on which the change did not come to be; they count against the failure budget. */
const failedStates: ReadonlySet<HostChange['state']> = new Set([
  'stale',
  'invalid',
  'restored',
  'not-restored',
  'unreachable',
  'inconclusive',
]);
const leftWithIt: ReadonlySet<HostChange['state']> = new Set(['done', 'inconclusive', 'not-restored', 'unreachable']);
const begunStates: ReadonlySet<HostChange['state']> = new Set(['applying', 'verifying', 'confirming', 'undoing']);

type HostStanding = Pick<HostChange, 'state'> & Partial<Pick<HostChange, 'startedAt'>>;

export function hasFailed({ state }: Pick<HostChange, 'state'>): boolean {
  return failedStates.has(state);
}

/** It counts against the failure budget: it failed, and no person has gone on in spite of that. */
export function countsAsFailed(host: Pick<HostChange, 'state' | 'accepted'>): boolean {
  return hasFailed(host) && host.accepted === null;
}

/** The change is there, or may be; of one that was skipped after it had been begun that is not known. */
export function mayHaveIt({ state, startedAt }: HostStanding): boolean {
  return leftWithIt.has(state) || begunStates.has(state) || (state === 'skipped' && (startedAt ?? null) !== null);
}

/** Something of the change is under way on the host now. */
export function hasBegun({ state }: Pick<HostChange, 'state'>): boolean {
  return begunStates.has(state);
}

const inState: Record<ChangeVerb, readonly ChangeState[]> = {
  start: ['planned'],
  pause: ['running'],
  resume: ['paused'],
  stop: ['planned', 'running', 'paused'],
  'roll-back': ['running', 'paused', 'stopped', 'not-rolled-back'],
  'retry-failed': ['paused', 'committed'],
  accept: ['running', 'paused'],
  skip: ['running', 'paused'],
  'hand-over': ['running', 'paused', 'rolling-back'],
  'take-over': ['planned', 'running', 'paused', 'rolling-back'],
};

/** What may be asked of a change as it stands; `driven` tells whether some console drives it. */
export function allowedVerbs(
  progress: Pick<ChangeProgress, 'state'>,
  hosts: readonly HostStanding[],
  driven: boolean,
): ChangeVerb[] {
  const verbs = (Object.keys(inState) as ChangeVerb[]).filter((verb) => inState[verb].includes(progress.state));
  return verbs.filter((verb) => {
    switch (verb) {
      case 'retry-failed':
        return hosts.some(hasFailed);
      case 'roll-back':
        return hosts.some(mayHaveIt);
      case 'accept':
        return hosts.some(({ state }) => state === 'inconclusive');
      case 'skip':
        return hosts.some((host) => host.state === 'waiting' || hasFailed(host));
      case 'hand-over':
        return driven;
      case 'take-over':
        return !driven && progress.state !== 'planned';
      default:
        return true;
    }
  });
}
