import type { ChangeDraft, ChangePart, Gate, PlannedStep } from '#shared/contract/change.ts';
import { fail, type Problem, type ProblemError } from '#shared/contract/problem.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import type { HostWork } from '#shared/contract/work.ts';
import { installsPackages, noSystemBefore } from '#shared/lib/update/agent-names.ts';
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
  const standsStill = whyStandsStill(update);
  if (standsStill) throw standsStill;
  if (kind === 'roll-back') {
    if (installsPackages(agent)) throw fail('unsupported', noSystemBefore(agent));
    const before = update.slots.find(({ booted, staged, version }) => !booted && !staged && version !== null);
    if (!before?.version) throw fail('refused', 'it has no system before this one to go back to');
    if (work.to !== null && work.to !== before.version) {
      if (update.running === work.to) return null;
      throw fail('stale', `the system before this one is ${before.version}, not ${work.to}`);
    }
    return { kind, agent, from: update.running, to: before.version };
  }
  if (installsPackages(agent)) {
    const only = 'only' in work ? work.only : undefined;
    // Those that are held back are not among the ones that wait.
    const waits = only === 'security' ? update.pending?.security : update.pending?.total;
    if (waits === 0 && !update.rebootNeeded) return null;
    return { kind, agent, from: null, to: null, ...(only ? { only } : {}) };
  }
  if (work.to !== null && update.running === work.to) return null;
  const held = update.holds?.[0];
  // While a release is held its agent takes none.
  if (held) throw fail('refused', `${held.version} is held back on this host`, { hint: 'Lift the hold first.' });
  const offered = update.phase === 'staged' ? stagedVersion(update) : update.offered;
  if (work.to !== null && offered !== null && offered !== work.to)
    throw fail('stale', `${offered} is offered to it, not ${work.to}`, { hint: 'Look at its channel.' });
  return { kind, agent, from: update.running === '' ? null : update.running, to: work.to ?? offered };
}

/** Why nothing would be downloaded; null too of what is brought by a command, whatever brings it by itself. */
function whyStandsStill({ agent, agentState }: HostUpdate): ProblemError | null {
  const isNeeded = agent === 'update-engine' || (agent === 'rpm-ostree' && agentState === 'masked');
  if (!isNeeded || (agentState !== 'masked' && agentState !== 'missing')) return null;
  return fail('refused', `its update agent is ${agentState}: nothing would be downloaded`);
}

/** The way back from what was done to a host; throws `unsupported` where there is none. */
export function inverseWork(work: HostWork, to: string | null): HostWork {
  if (work.kind === 'reboot') throw fail('unsupported', 'a reboot has no way back');
  if (installsPackages(work.agent))
    throw fail('unsupported', `${noSystemBefore(work.agent)}: packages that were installed have no way back`);
  return { kind: 'roll-back', agent: work.agent, from: work.to ?? to, to: work.from };
}

function asFailure({ code, message, host, hint }: Problem) {
  return fail(code, message, { ...(host === undefined ? {} : { host }), ...(hint === undefined ? {} : { hint }) });
}
