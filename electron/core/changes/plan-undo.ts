import type { ChangePlan, FileState, HostChange, PlannedStep } from '#shared/contract/change.ts';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import { settleElevation } from '../actions/elevation.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { Limiter } from '../lib/limiter.ts';
import { newChangeId, planHash } from './plan-hash.ts';
import { readFiles } from './read-files.ts';
import { inverse } from './inverse.ts';
import { splitWaves } from './waves.ts';

const atOnce = 20;

/**
 * A new plan that leads back from what a change did, on the hosts where it came to be. A host whose files are no longer as
 * the change left them is left out: somebody has built on it since.
 */
export async function planUndo(
  around: ActionSurroundings,
  readScript: string,
  plan: ChangePlan,
  hosts: readonly HostChange[],
  password: string | null,
): Promise<ChangePlan> {
  const done = new Set(hosts.filter(({ state }) => state === 'done').map(({ host }) => host));
  if (done.size === 0) throw fail('refused', 'the change came to be on no host: there is nothing to undo');
  const limiter = new Limiter(atOnce);
  const leftOut: ChangePlan['leftOut'] = [];
  const steps: PlannedStep[] = [];
  for (const step of plan.steps) {
    const among = step.hosts.filter((host) => done.has(host));
    const reasons = await Promise.all(
      among.map((host) => limiter.run(() => movedOn(around, readScript, step, host, password))),
    );
    const still = among.filter((_, at) => reasons[at] === null);
    for (const [at, host] of among.entries()) {
      const reason = reasons[at];
      if (reason) leftOut.push({ host, reason });
    }
    if (still.length > 0) steps.push({ ...inverse(step), hosts: still });
  }
  const labelOf = (host: string, label: string) => around.records.get('host', host, 'identity')?.labels[label] ?? '';
  const targets = plan.waves.flat().filter((host) => steps.some((step) => step.hosts.includes(host)));
  const back: Omit<ChangePlan, 'hash'> = {
    ...withoutHash(plan),
    id: newChangeId(around.now()),
    title: `Undo: ${plan.title}`.slice(0, 200),
    by: around.actor.name,
    at: around.now(),
    steps,
    unchanged: [],
    leftOut,
    waves: splitWaves(targets, plan.policy, labelOf),
  };
  return { ...back, hash: planHash(back) };
}

function withoutHash({ hash: _hash, ...rest }: ChangePlan): Omit<ChangePlan, 'hash'> {
  return rest;
}

/** Null when every file is as the change left it. */
async function movedOn(
  around: ActionSurroundings,
  readScript: string,
  step: PlannedStep,
  host: string,
  password: string | null,
): Promise<Problem | null> {
  try {
    const access = around.hosts.access(host);
    const elevation = await settleElevation(access, around.records.get('host', host, 'facts')?.elevation ?? 'unknown');
    const paths = step.files.map(({ path }) => path);
    const found = paths.length === 0 ? [] : await readFiles(access, readScript, paths, { elevation, password });
    for (const [at, { path, after }] of step.files.entries()) {
      const now = found[at];
      const state: FileState | null =
        now?.kind === 'file' ? now.state : now?.kind === 'absent' ? { kind: 'absent' } : null;
      if (state === null || !sameState(state, after)) {
        throw fail('stale', `${path} ${whatMoved(state, after)}`, {
          hint: 'See what the undo would restore against what stands there now.',
        });
      }
    }
    return null;
  } catch (error) {
    return { ...toProblem(error), host };
  }
}

function sameState(a: FileState, b: FileState): boolean {
  if (a.kind === 'absent' || b.kind === 'absent') return a.kind === b.kind;
  return a.hash === b.hash && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
}

/** How what stands there now is not what the change left; its text is shown as a difference, by whoever asks for it. */
function whatMoved(now: FileState | null, left: FileState): string {
  if (now === null) return 'is no regular file any more';
  if (now.kind === 'absent') return 'was removed since';
  if (left.kind === 'absent') return 'was written since, which the change had removed';
  if (now.hash !== left.hash) return 'was edited since';
  const words = ({ mode, uid, gid }: Extract<FileState, { kind: 'file' }>) => `mode ${mode}, owner ${uid}:${gid}`;
  return `has ${words(now)} now, and the change left ${words(left)}`;
}
