import type { ActivityEntry } from '#shared/contract/activity.ts';
import type { FileState, HostChange, PlannedStep } from '#shared/contract/change.ts';
import type { HostWork } from '#shared/contract/work.ts';
import { stepCommand } from '#shared/lib/change/step-command.ts';
import type { ActivityDraft } from '../storage/activity-log.ts';

type Course = Pick<ActivityDraft, 'what' | 'command' | 'outcome' | 'durationMs' | 'detail'>;

const outcomes: Readonly<Partial<Record<HostChange['state'], ActivityEntry['outcome']>>> = {
  done: 'ok',
  unchanged: 'ok',
  undone: 'ok',
  stale: 'refused',
  invalid: 'refused',
  skipped: 'cancelled',
};

/** What the activity log keeps of one host's course: each file's hashes before and after, the commands, and the evidence. */
export function auditOf(
  title: string,
  change: string,
  { files, actions, work }: PlannedStep,
  host: HostChange,
): Course {
  return {
    what: `${host.state.replace('-', ' ')}: ${title}`,
    command: [...actions.map((action) => stepCommand(action)), ...(work ? [workWords(work)] : [])].join('; '),
    outcome: outcomes[host.state] ?? 'failed',
    durationMs: host.startedAt === null || host.endedAt === null ? null : host.endedAt - host.startedAt,
    detail: [
      `change ${change}, attempt ${host.attempt}${host.text === '' ? '' : `: ${host.text}`}`,
      ...files.map(({ path, before, after }) => `${path}: ${stateWords(before)} to ${stateWords(after)}`),
      ...host.evidence.map(({ step, text }) => (text === '' ? step : `${step}: ${text}`)),
    ].join('\n'),
  };
}

function workWords(work: HostWork): string {
  if (work.kind === 'reboot') return 'reboot';
  return `${work.agent}: ${work.kind} ${work.from ?? 'what it runs'} to ${work.to ?? 'what is offered'}`;
}

function stateWords(state: FileState): string {
  return state.kind === 'absent' ? 'no file' : `${state.hash} mode ${state.mode} owner ${state.uid}:${state.gid}`;
}
