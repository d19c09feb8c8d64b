import { randomUUID } from 'node:crypto';
import type { ClusterMode } from '#shared/contract/cluster.ts';
import { fail, ProblemError, toProblem } from '#shared/contract/problem.ts';
import type { ActionOutcome, UnitPlan } from '#shared/contract/unit.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { Actor } from '../fleet/actor.ts';
import type { Records } from '../fleet/records.ts';
import type { Hosts } from '../hosts/hosts.ts';
import { Limiter } from '../lib/limiter.ts';
import type { ActivityLog } from '../storage/activity-log.ts';
import { elevate, settleElevation } from './elevation.ts';
import { journalNote } from './journal-note.ts';
import { planUnitAction } from './plan-unit-action.ts';
import { watchAfterStart } from './unit-watch.ts';

const atOnce = 20;
/** systemd gives a job 90 s by default; a little more lets its own answer come first. */
const commandTimeoutMs = 100_000;

/** Keeps what is done to hosts from taking etcd's quorum away; each rejects with `refused`, the sum in its text. */
export interface DownGuard {
  /** Looks alone, before something is planned. */
  unit(host: string, unit: string, verb: string): Promise<void>;
  /** As it is done: until it is over no other host with a member of etcd may go. */
  unitNow(host: string, unit: string, verb: string): Promise<void>;
  command(host: string, command: string): Promise<void>;
  commandNow(host: string, command: string): Promise<void>;
}

/** What unit actions need of the cluster they act on. */
export interface ActionSurroundings {
  readonly cluster: string;
  readonly mode: () => ClusterMode;
  readonly records: Records;
  readonly hosts: Pick<Hosts, 'access' | 'watchUnits'>;
  readonly activity: ActivityLog;
  readonly guard: DownGuard;
  readonly actor: Actor;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/**
 * Carries out the steps of a plan; hosts it leaves out stay left out, whatever became of them since. The action is a
 * record, so closing the window never aborts it. Answers the action's id at once.
 */
export async function startUnitAction(
  around: ActionSurroundings,
  plan: UnitPlan,
  password: string | null,
): Promise<string> {
  const targets = plan.steps.map(({ host }) => host);
  if (targets.length === 0) {
    throw fail('refused', `the plan leaves out every host: there is nothing to ${plan.verb}`, {
      hint: 'Each host it leaves out says why.',
    });
  }
  const fresh = await planUnitAction(around, targets, plan.unit, plan.verb);
  const refused = fresh.leftOut.find(({ reason }) => reason.code === 'refused');
  if (refused) throw new ProblemError({ ...refused.reason, host: refused.host });
  if (fresh.fingerprint !== plan.fingerprint) {
    throw fail('stale', 'the hosts are no longer as the plan says', { hint: 'Read the new plan, then confirm again.' });
  }
  const id = randomUUID();
  const outcomes = new Map<string, ActionOutcome>(
    fresh.steps.map(({ host }) => [host, { host, state: 'waiting', text: '', exitCode: null, durationMs: null }]),
  );
  const publish = (done: boolean) =>
    around.records.publish('action', id, 'progress', { done, outcomes: [...outcomes.values()] });
  const told = { ...fresh, hosts: plan.hosts, leftOut: plan.leftOut };
  around.records.publish('action', id, 'about', { id, plan: told, by: around.actor.name, startedAt: around.now() });
  publish(false);
  const limiter = new Limiter(atOnce);
  const update = (outcome: ActionOutcome) => {
    outcomes.set(outcome.host, outcome);
    publish(false);
  };
  const runs = fresh.steps.map((step) => limiter.run(() => actOnHost(around, fresh, step, password, update)));
  void Promise.all(runs).finally(() => publish(true));
  return id;
}

async function actOnHost(
  around: ActionSurroundings,
  plan: UnitPlan,
  step: UnitPlan['steps'][number],
  password: string | null,
  update: (outcome: ActionOutcome) => void,
): Promise<void> {
  const { host } = step;
  const startedAt = around.now();
  const began: ActionOutcome = { host, state: 'running', text: step.command, exitCode: null, durationMs: null };
  update(began);
  let outcome: ActionOutcome;
  try {
    outcome = await runStep(around, plan, step, password, (text) => update({ ...began, state: 'watching', text }));
  } catch (error) {
    const problem = toProblem(error);
    const refused = problem.code === 'permission' || problem.code === 'authentication' || problem.code === 'refused';
    outcome = { ...began, state: refused ? 'refused' : 'failed', text: problem.message };
  }
  outcome = { ...outcome, durationMs: outcome.durationMs ?? around.now() - startedAt };
  update(outcome);
  await around.activity.add({
    at: startedAt,
    actor: around.actor.name,
    cluster: around.cluster,
    host,
    kind: 'unit',
    what: `${plan.verb} ${plan.unit}`,
    command: step.command,
    exitCode: outcome.exitCode,
    durationMs: outcome.durationMs,
    outcome: outcome.state === 'done' ? 'ok' : outcome.state === 'refused' ? 'refused' : 'failed',
    detail: outcome.text,
  });
}

async function runStep(
  around: ActionSurroundings,
  plan: UnitPlan,
  step: UnitPlan['steps'][number],
  password: string | null,
  watching: (text: string) => void,
): Promise<ActionOutcome> {
  const { host } = step;
  const access = around.hosts.access(host);
  const elevation = await settleElevation(access, step.elevation);
  const elevated = elevate(host, ['systemctl', plan.verb, plan.unit], elevation, password);
  await around.guard.unitNow(host, plan.unit, plan.verb);
  const starts = plan.verb === 'start' || plan.verb === 'restart' || plan.verb === 'reload';
  const watch = starts ? watchAfterStart(around.hosts, host, plan.unit, around.signal) : null;
  try {
    const result = await access.exec(elevated.command, {
      timeoutMs: commandTimeoutMs,
      maxBytes: 16_384,
      ...(elevated.stdin === null ? {} : { stdin: elevated.stdin }),
    });
    await access
      .exec(journalNote(around.actor.name, `${step.command} (exit ${result.exitCode ?? 'unknown'})`), {
        timeoutMs: 5_000,
      })
      .catch(() => {});
    const said = cleanLine(new TextDecoder().decode(result.stderr) || new TextDecoder().decode(result.stdout));
    const ended = { host, exitCode: result.exitCode, durationMs: result.durationMs };
    if (result.lost)
      return {
        ...ended,
        state: 'failed',
        text: 'the connection was lost before the command ended; whether it took effect is unknown',
      };
    if (result.exitCode !== 0) {
      const wrongPassword =
        elevated.stdin !== null && /incorrect password|try again|no password was provided/i.test(said);
      return wrongPassword
        ? { ...ended, state: 'refused', text: 'sudo did not accept the password' }
        : { ...ended, state: 'failed', text: said || `exit code ${result.exitCode}` };
    }
    if (!watch) return { ...ended, state: 'done', text: said || 'done' };
    watching(`${plan.verb} succeeded; watching that it stays up`);
    const verdict = await watch.verdict();
    return { ...ended, state: verdict.failed ? 'then-failed' : 'done', text: verdict.text };
  } finally {
    watch?.stop();
  }
}
