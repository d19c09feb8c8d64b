import type { ChangeDraft, ChangePart, Gate, PlannedStep } from '#shared/contract/change.ts';
import { fail, type Problem } from '#shared/contract/problem.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import type { HostWork } from '#shared/contract/work.ts';
import { stagedVersion } from './stage-step.ts';

/** What is asked after a boot where nothing else is said. */
export const defaultGates: readonly Gate[] = [{ kind: 'system-running' }, { kind: 'health' }];

/** Throws `invalid-input` for work beside files or actions, and for hosts that have work and something else. */
export function checkWork({ parts }: ChangeDraft): void {
  const busy = new Map<string, 'work' | 'other'>();
  for (const part of parts) {
    const kind = part.work ? 'work' : 'other';
    if (part.work && (part.files.length > 0 || part.actions.length > 0 || part.validators.length > 0))
      throw fail('invalid-input', 'a part with work has neither files nor actions', {
        hint: 'Make two changes of it: one of files, one of the update or reboot.',
      });
    for (const host of new Set(part.hosts)) {
      const known = busy.get(host);
      if (known !== undefined && (known === 'work' || kind === 'work'))
        throw fail('invalid-input', 'it has work and another part in the same change', {
          host,
          hint: 'Make two changes of it.',
        });
      busy.set(host, kind);
    }
  }
}

/** The step of one host with its versions frozen; null when it is as wished. Throws ProblemError when it has no such way. */
export async function planWork(
  part: ChangePart & { readonly work: HostWork },
  read: () => Promise<HostUpdate>,
): Promise<Omit<PlannedStep, 'hosts'> | null> {
  const work = part.work.kind === 'reboot' ? part.work : frozen(part.work, await read());
  if (work === null) return null;
  const gates = part.gates.length > 0 ? part.gates : [...defaultGates];
  return { files: [], actions: [], undo: [], validators: [], gates, work };
}

/** What the host has to offer now, as the work that it is; null when it is there already. */
export function frozen(work: Exclude<HostWork, { kind: 'reboot' }>, update: HostUpdate): HostWork | null {
  const { agent, kind } = work;
  if (update.problem) throw asFailure(update.problem);
  if (update.agent === 'none')
    throw fail('unsupported', 'it has no update agent that is understood', { hint: update.phaseText });
  if (update.agent !== agent) throw fail('unsupported', `its update agent is ${update.agent}, not ${agent}`);
  const byPackages = agent === 'apt' || agent === 'dnf';
  // What installs packages by itself is not what installs them here.
  if (!byPackages && (update.agentState === 'masked' || update.agentState === 'missing'))
    throw fail('refused', `its update agent is ${update.agentState}: nothing would be downloaded`);
  if (kind === 'roll-back') {
    const before = update.slots.find(({ booted, staged, version }) => !booted && !staged && version !== null);
    if (!before?.version) throw fail('refused', 'it has no system before this one to go back to');
    if (work.to !== null && work.to !== before.version) {
      if (update.running === work.to) return null;
      throw fail('stale', `the system before this one is ${before.version}, not ${work.to}`);
    }
    return { kind, agent, from: update.running, to: before.version };
  }
  if (byPackages) {
    const only = 'only' in work ? work.only : undefined;
    const { pending } = update;
    const waits = only === 'security' ? pending?.security : pending && pending.total - pending.held;
    if (typeof waits === 'number' && waits <= 0 && !update.rebootNeeded) return null;
    return { kind, agent, from: null, to: null, ...(only ? { only } : {}) };
  }
  if (work.to !== null && update.running === work.to) return null;
  const offered = update.phase === 'staged' ? stagedVersion(update) : update.offered;
  if (work.to !== null && offered !== null && offered !== work.to)
    throw fail('stale', `${offered} is offered to it, not ${work.to}`, { hint: 'Look at its channel.' });
  return { kind, agent, from: update.running === '' ? null : update.running, to: work.to ?? offered };
}

/** The way back from what was done to a host; throws `unsupported` where there is none. */
export function inverseWork(work: HostWork, to: string | null): HostWork {
  if (work.kind === 'reboot') throw fail('unsupported', 'a reboot has no way back');
  return { kind: 'roll-back', agent: work.agent, from: work.to ?? to, to: work.from };
}

function asFailure({ code, message, host, hint }: Problem) {
  return fail(code, message, { ...(host === undefined ? {} : { host }), ...(hint === undefined ? {} : { hint }) });
}
