import type { ChangePlan, FileState, HostChange, PlannedFile, PlannedStep } from '#shared/contract/change.ts';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import type { HostWork } from '#shared/contract/work.ts';
import { settleElevation } from '../actions/elevation.ts';
import { onceConnected } from '../actions/once-connected.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { Limiter } from '../lib/limiter.ts';
import { newChangeId, planHash } from './plan-hash.ts';
import { readFiles } from './read-files.ts';
import { inverse } from './inverse.ts';
import { splitWaves } from './waves.ts';
import { inverseWork } from './work/plan-work.ts';

const atOnce = 20;

/** What the way back is planned with. */
export interface UndoTools {
  readonly around: ActionSurroundings;
  readonly readScript: string;
  readonly readUpdate: (host: string) => Promise<HostUpdate>;
}

/**
 * A new plan that leads back from what a change did, on the hosts where it came to be. A host whose files are no longer as
 * the change left them is left out: somebody has built on it since. One that has again what was there before is unchanged.
 */
export async function planUndo(
  tools: UndoTools,
  plan: ChangePlan,
  hosts: readonly HostChange[],
  password: string | null,
): Promise<ChangePlan> {
  const { around } = tools;
  const done = new Set(hosts.filter(({ state }) => state === 'done').map(({ host }) => host));
  if (done.size === 0) throw fail('refused', 'the change came to be on no host: there is nothing to undo');
  await onceConnected(around, [...done]);
  const limiter = new Limiter(atOnce);
  const leftOut: ChangePlan['leftOut'] = [];
  const unchanged: string[] = [];
  const steps: PlannedStep[] = [];
  for (const step of plan.steps) {
    const among = step.hosts.filter((host) => done.has(host));
    const found = await Promise.all(among.map((host) => limiter.run(() => howItStands(tools, step, host, password))));
    const still = among.filter((_, at) => found[at] === 'as-left');
    for (const [at, host] of among.entries()) {
      const stands = found[at];
      if (stands === 'as-before') unchanged.push(host);
      else if (stands && stands !== 'as-left') leftOut.push({ host, reason: stands });
    }
    for (const group of alikeIn(step, still, hosts)) steps.push(group);
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
    unchanged,
    leftOut,
    waves: splitWaves(targets, plan.policy, labelOf),
  };
  return { ...back, hash: planHash(back) };
}

function withoutHash({ hash: _hash, ...rest }: ChangePlan): Omit<ChangePlan, 'hash'> {
  return rest;
}

/** The way back for these hosts of a step; where each took what was offered then, by what that was. */
function alikeIn(step: PlannedStep, still: readonly string[], hosts: readonly HostChange[]): PlannedStep[] {
  if (still.length === 0) return [];
  if (!step.work) return [{ ...inverse(step), hosts: [...still] }];
  const groups = new Map<string | null, string[]>();
  for (const name of still) {
    const to = hosts.find(({ host }) => host === name)?.work?.to ?? null;
    groups.set(to, [...(groups.get(to) ?? []), name]);
  }
  const { work } = step;
  return [...groups].map(([to, alike]) => ({ ...inverse(step), work: inverseWork(work, to), hosts: alike }));
}

/** Rejects with `stale` when the host no longer runs what it was brought to, and with `unsupported` when there is no way back. */
async function movedFrom(work: HostWork, read: () => Promise<HostUpdate>): Promise<void> {
  inverseWork(work, null);
  if (work.kind === 'reboot' || work.to === null) return;
  const { running } = await read();
  if (running !== work.to) throw fail('stale', `it runs ${running} now, and the change left ${work.to}`);
}

/** Whether every file is as the change left it, or as it was before, or why the host is left out. */
async function howItStands(
  { around, readScript, readUpdate }: UndoTools,
  step: PlannedStep,
  host: string,
  password: string | null,
): Promise<'as-left' | 'as-before' | Problem> {
  try {
    if (step.work) {
      await movedFrom(step.work, () => readUpdate(host));
      return 'as-left';
    }
    const access = around.hosts.access(host);
    const elevation = await settleElevation(access, around.records.get('host', host, 'facts')?.elevation ?? 'unknown');
    const paths = step.files.map(({ path }) => path);
    const found = paths.length === 0 ? [] : await readFiles(access, readScript, paths, { elevation, password });
    const states = found.map((now): FileState | null =>
      now.kind === 'file' ? now.state : now.kind === 'absent' ? { kind: 'absent' } : null,
    );
    const asBefore = ({ before }: PlannedFile, at: number) => {
      const state = states[at] ?? null;
      return state !== null && sameState(state, before);
    };
    if (paths.length > 0 && step.files.every(asBefore)) return 'as-before';
    for (const [at, { path, after }] of step.files.entries()) {
      const state = states[at] ?? null;
      if (state === null || !sameState(state, after)) {
        throw fail('stale', `${path} ${whatMoved(state, after)}`, {
          hint: 'See what the undo would restore against what stands there now.',
        });
      }
    }
    return 'as-left';
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
