import type { Gate } from '../../contract/change.ts';
import type { RebootPolicy } from '../../contract/reboot.ts';
import type { HostWork } from '../../contract/work.ts';
import { cleanLine } from '../clean-text.ts';
import { agentNames, installsPackages } from '../update/agent-names.ts';
import { period, windowsInShort } from '../update/policy-in-words.ts';

/** What a host is taken through, in one sentence: `From 4593.2.0 to 4593.2.1 by update_engine, then a reboot`. */
export function workInWords(work: HostWork): string {
  if (work.kind === 'reboot') return 'A reboot';
  const { kind, agent, from, to } = work;
  const by = `by ${agentNames[agent]}`;
  if (kind === 'roll-back')
    return `Back ${from === null ? '' : `from ${from} `}to ${to ?? 'the system before'} ${by} and a reboot; ${from ?? 'what it runs now'} is held back from then on`;
  if (installsPackages(agent))
    return `The packages that wait are installed ${by}, then a reboot where one of them asks for it`;
  return `${from === null ? 'To' : `From ${from} to`} ${to ?? 'what is offered then'} ${by}, then a reboot`;
}

/** When and how hosts go down, what is waited for, and what becomes of one that is not well: a heading and a sentence each. */
export function rebootsInWords(
  reboot: RebootPolicy,
  works: readonly HostWork[],
): { readonly name: string; readonly text: string }[] {
  const { windows, lock, lockGroup, atOnce, rate, peopleWaitS, updateTimeoutS, bootTimeoutS } = reboot;
  const down = [
    atOnce === 1 ? 'one at a time' : `at most ${atOnce} at once`,
    rate && `no more than ${rate.hosts} per ${period(rate.perS)}`,
    windows ? `only ${windowsInShort(windows)}` : 'at any time',
  ];
  const group = lockGroup === '' ? '' : ` of the group ${lockGroup}`;
  const staged = works.some(({ kind }) => kind === 'update');
  return [
    { name: 'Go down', text: down.filter((part) => typeof part === 'string').join(', ') },
    {
      name: 'Reboot lock',
      text:
        lock === 'cluster'
          ? `each holds a slot${group} while it is down, as the cluster’s own agents do`
          : 'none is taken: agents of the cluster may reboot others meanwhile',
    },
    {
      name: 'People',
      text:
        peopleWaitS === 0
          ? 'who are logged in are not waited for'
          : `who are logged in are warned, and waited for up to ${length(peopleWaitS)}`,
    },
    {
      name: 'Given up',
      text: `${staged ? `when it is not staged after ${length(updateTimeoutS)}, or ` : 'when it is '}not back ${length(bootTimeoutS)} after going down`,
    },
  ];
}

/** How such a change is undone. */
export function wayBackInWords(reboot: RebootPolicy, works: readonly HostWork[]): string {
  const parts = [
    works.some(hasOldSystem) &&
      (reboot.rollBackOnFailure
        ? 'a host that fails its checks boots its old system again, once, and keeps it'
        : 'a host that fails its checks stays as it is until a person rolls it back'),
    works.some((work) => work.kind === 'update' && !hasOldSystem(work)) &&
      'packages that were installed have no way back',
    works.some(({ kind }) => kind === 'reboot') && 'a reboot has no way back',
  ];
  return parts.filter((part) => part !== false).join('; ');
}

/** A span, where `h` alone would not be one. */
function length(seconds: number): string {
  const words = period(seconds);
  return /^\d/.test(words) ? words : `1 ${words}`;
}

function hasOldSystem(work: HostWork): boolean {
  return work.kind !== 'reboot' && !installsPackages(work.agent);
}

/** What a gate asks, as part of a sentence. */
export function gateInWords(gate: Gate): string {
  switch (gate.kind) {
    case 'unit-active':
      return `${gate.unit} is active${gate.settleS > 0 ? ` and still is after ${gate.settleS} s` : ''}`;
    case 'system-running':
      return 'the system is no worse than before';
    case 'health':
      return 'its health is no worse than before';
    case 'command':
      return `exit 0 of ${cleanLine(gate.command, 80)}`;
    case 'port':
      return `port ${gate.port} answers`;
    case 'new-in-boot':
      return `at most ${gate.most} kinds of warnings that the boot before did not have`;
    default:
      return gate satisfies never;
  }
}
