import { describe, expect, it } from 'vitest';
import {
  type ChangeState,
  changeStates,
  type ChangeVerb,
  type HostChange,
  hostChangeStates,
} from '#shared/contract/change.ts';
import { allowedVerbs, hasBegun, hasFailed } from './verbs.ts';

type HostState = HostChange['state'];
const failed: HostState[] = ['stale', 'invalid', 'restored', 'not-restored', 'unreachable', 'inconclusive'];
const begun: HostState[] = ['applying', 'verifying', 'confirming', 'undoing'];
/** The change came to be there, or may have. */
const toTakeBack: HostState[] = ['done', 'inconclusive', 'not-restored', 'unreachable', ...begun];

/** What may be asked: of every change in that state, and what more when a host or nobody makes it mean something. */
const table: Record<
  ChangeState,
  { always: ChangeVerb[]; roll?: true; accept?: true; skip?: true; retry?: true; owned?: true; take?: true }
> = {
  planned: { always: ['start', 'stop'] },
  running: { always: ['pause', 'stop'], roll: true, accept: true, skip: true, owned: true, take: true },
  paused: { always: ['resume', 'stop'], roll: true, accept: true, skip: true, retry: true, owned: true, take: true },
  stopped: { always: [], roll: true },
  committed: { always: [], retry: true },
  'rolling-back': { always: [], owned: true, take: true },
  'rolled-back': { always: [] },
  'not-rolled-back': { always: [], roll: true },
};

function expected(state: ChangeState, hosts: readonly HostState[], driven: boolean): ChangeVerb[] {
  const { always, roll, accept, skip, retry, owned, take } = table[state];
  const some = (which: readonly HostState[]) => hosts.some((host) => which.includes(host));
  return [
    ...always,
    ...(roll && some(toTakeBack) ? ['roll-back' as const] : []),
    ...(retry && some(failed) ? ['retry-failed' as const] : []),
    ...(accept && hosts.includes('inconclusive') ? ['accept' as const] : []),
    ...(skip && some(['waiting', ...failed]) ? ['skip' as const] : []),
    ...(owned && driven ? (['hand-over'] as const) : []),
    ...(take && !driven ? ['take-over' as const] : []),
  ].toSorted();
}

/** No host, one host in each state, and each pair of states. */
const hostSets: HostState[][] = [
  [],
  ...hostChangeStates.map((one) => [one]),
  ...hostChangeStates.flatMap((one) => hostChangeStates.map((other) => [one, other])),
];

describe('what may be asked of a change', () => {
  it.each(changeStates)('that is %s', (state) => {
    for (const hosts of hostSets) {
      for (const driven of [true, false]) {
        const verbs = allowedVerbs(
          { state },
          hosts.map((one) => ({ state: one })),
          driven,
        );
        expect([hosts, driven, verbs.toSorted()]).toEqual([hosts, driven, expected(state, hosts, driven)]);
      }
    }
  });

  it.each<[string, ChangeState, HostState[], boolean, ChangeVerb[]]>([
    ['a fresh plan', 'planned', ['waiting', 'waiting'], false, ['start', 'stop']],
    [
      'one under way',
      'running',
      ['done', 'applying', 'waiting'],
      true,
      ['pause', 'stop', 'roll-back', 'skip', 'hand-over'],
    ],
    ['one whose console is gone', 'running', ['applying'], false, ['pause', 'stop', 'roll-back', 'take-over']],
    [
      'one that paused for a failed host',
      'paused',
      ['done', 'restored'],
      true,
      ['resume', 'stop', 'roll-back', 'retry-failed', 'skip', 'hand-over'],
    ],
    [
      'one that paused as a host cannot tell',
      'paused',
      ['done', 'inconclusive', 'waiting'],
      true,
      ['resume', 'stop', 'roll-back', 'retry-failed', 'accept', 'skip', 'hand-over'],
    ],
    [
      'one that is over, with a failure that was in the budget',
      'committed',
      ['done', 'restored'],
      false,
      ['retry-failed'],
    ],
    ['one that is over', 'committed', ['done', 'skipped'], false, []],
    ['one that was stopped before anything was done', 'stopped', ['waiting', 'skipped'], false, []],
    ['one that could not be taken back everywhere', 'not-rolled-back', ['not-restored'], true, ['roll-back']],
  ])('is for %s in the order of a page', (_what, state, hosts, driven, verbs) => {
    expect(
      allowedVerbs(
        { state },
        hosts.map((one) => ({ state: one })),
        driven,
      ),
    ).toEqual(verbs);
  });
});

describe('a host of a change', () => {
  it('has failed, has begun, or neither', () => {
    expect(hostChangeStates.filter((state) => hasFailed({ state })).toSorted()).toEqual(failed.toSorted());
    expect(hostChangeStates.filter((state) => hasBegun({ state })).toSorted()).toEqual(begun.toSorted());
  });
});
