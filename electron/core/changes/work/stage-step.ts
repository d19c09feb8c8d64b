import type { HostChange } from '#shared/contract/change.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import type { HostWork } from '#shared/contract/work.ts';

/** What comes next on the way to a staged update. */
export type StageStep =
  | { readonly next: 'ask' }
  | { readonly next: 'wait'; readonly phase: 'checking' | 'downloading' }
  | { readonly next: 'staged'; readonly version: string | null }
  | { readonly next: 'end'; readonly state: HostChange['state']; readonly text: string };

/** When the agent was told to, and whether it was seen at work since. */
export interface Asked {
  readonly at: number;
  readonly wasBusy: boolean;
}

/** An agent that was told to check may take this long until it says that it does. */
const patienceMs = 20_000;

/** What to do with a host whose agent stages whole systems and says this now. Nothing of it is done to the host. */
export function stageStep(
  work: Extract<HostWork, { kind: 'update' }>,
  update: HostUpdate,
  asked: Asked | null,
  now: number,
): StageStep {
  const end = (state: HostChange['state'], text: string): StageStep => ({ next: 'end', state, text });
  const { from, to, agent } = work;
  if (update.agent !== agent) return end('stale', `its update agent is ${update.agent}, no longer ${agent}`);
  if (to !== null && update.running === to) return end('unchanged', `it runs ${to} already`);
  if (from !== null && update.running !== from) return end('stale', `it runs ${update.running} now, no longer ${from}`);
  switch (update.phase) {
    case 'staged': {
      const version = stagedVersion(update);
      if (to !== null && version !== null && version !== to)
        return end('stale', `${version} is staged there, and the plan is for ${to}`);
      return { next: 'staged', version: version ?? to };
    }
    case 'disabled': {
      const held = update.holds?.[0];
      return end('invalid', held ? `${held.version} is held back on this host` : update.phaseText);
    }
    case 'failed':
      return end('invalid', update.phaseText);
    case 'checking':
      return { next: 'wait', phase: 'checking' };
    case 'downloading':
    case 'finalizing':
      if (to !== null && update.offered !== null && update.offered !== to)
        return end('stale', `${update.offered} is offered now, and the plan is for ${to}`);
      return { next: 'wait', phase: 'downloading' };
    case 'available':
    case 'idle':
    case 'unknown':
      break;
    default:
      update.phase satisfies never;
  }
  if (!asked) return { next: 'ask' };
  // What it does next it may not say at once.
  if (update.phase !== 'idle' || (!asked.wasBusy && now - asked.at < patienceMs))
    return { next: 'wait', phase: 'checking' };
  const what = to ?? 'an update';
  return end('invalid', `it asked, and ${what} was not staged: nothing is offered to it, or its download failed`);
}

/** The version that the next boot takes, where something tells it. */
export function stagedVersion(update: HostUpdate): string | null {
  return update.offered ?? update.slots.find(({ staged }) => staged)?.version ?? null;
}
