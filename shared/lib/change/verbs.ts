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
const begunStates: ReadonlySet<HostChange['state']> = new Set(['applying', 'verifying', 'confirming', 'undoing']);

export function hasFailed({ state }: Pick<HostChange, 'state'>): boolean {
  return failedStates.has(state);
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
  'retry-failed': ['paused'],
  skip: ['running', 'paused'],
  'hand-over': ['running', 'paused', 'rolling-back'],
  'take-over': ['planned', 'running', 'paused', 'rolling-back', 'not-rolled-back'],
};

/** What may be asked of a change as it stands; `driven` tells whether some console drives it. */
export function allowedVerbs(
  progress: Pick<ChangeProgress, 'state'>,
  hosts: readonly Pick<HostChange, 'state'>[],
  driven: boolean,
): ChangeVerb[] {
  const verbs = (Object.keys(inState) as ChangeVerb[]).filter((verb) => inState[verb].includes(progress.state));
  return verbs.filter((verb) => {
    switch (verb) {
      case 'retry-failed':
        return hosts.some(hasFailed);
      case 'roll-back':
        return hosts.some(({ state }) => state === 'done' || state === 'inconclusive' || state === 'not-restored');
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
