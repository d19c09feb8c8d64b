import { createHash, randomUUID } from 'node:crypto';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { ActionOutcome, UnitPlan, UnitVerb } from '#shared/contract/unit.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { Actor } from '../fleet/actor.ts';
import type { Records } from '../fleet/records.ts';
import type { Hosts } from '../hosts/hosts.ts';
import { Limiter } from '../lib/limiter.ts';
import type { ActivityLog } from '../storage/activity-log.ts';
import { elevate, settleElevation, shownCommand } from './elevation.ts';
import { journalNote } from './journal-note.ts';
import { watchAfterStart } from './unit-watch.ts';

const atOnce = 20;
/** systemd gives a job 90 s by default; a little more lets its own answer come first. */
const commandTimeoutMs = 100_000;

const undo: Record<UnitVerb, (unit: string) => string> = {
  start: (unit) => `systemctl stop ${unit}`,
  stop: (unit) => `systemctl start ${unit}`,
  restart: () => 'none: a restart cannot be taken back',
  reload: () => 'none: a reload cannot be taken back',
  enable: (unit) => `systemctl disable ${unit}`,
  disable: (unit) => `systemctl enable ${unit}`,
  'reset-failed': () => 'none: only the failed mark is cleared',
};

/** What unit actions need of the cluster they act on. */
export interface ActionSurroundings {
  readonly cluster: string;
  readonly records: Records;
  readonly hosts: Hosts;
  readonly activity: ActivityLog;
  readonly actor: Actor;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Reads what the action would meet on each host, without touching anything. */
export async function planUnitAction(
  around: ActionSurroundings,
  hosts: readonly string[],
  unit: string,
  verb: UnitVerb,
): Promise<UnitPlan> {
  const limiter = new Limiter(atOnce);
  const frozen = [...new Set(hosts)];
  const steps = await Promise.all(frozen.map((host) => limiter.run(() => planStep(around, host, unit, verb))));
  return { hosts: frozen, unit, verb, steps, undo: undo[verb](unit), fingerprint: fingerprint(unit, verb, steps) };
}

async function planStep(
  around: ActionSurroundings,
  host: string,
  unit: string,
  verb: UnitVerb,
): Promise<UnitPlan['steps'][number]> {
  const identity = around.records.get('host', host, 'identity');
  if (!identity) throw fail('not-found', `${host} is not a host of this cluster`, { host });
  const access = around.hosts.access(host);
  const elevation = await settleElevation(access, around.records.get('host', host, 'facts')?.elevation ?? 'unknown');
  const command = shownCommand(['systemctl', verb, unit], elevation);
  const shown = await access.exec(
    `systemctl show -p LoadState -p ActiveState -p SubState -p UnitFileState -- '${unit}'`,
    {
      timeoutMs: 10_000,
      maxBytes: 4096,
    },
  );
  const properties = new Map(
    new TextDecoder()
      .decode(shown.stdout)
      .split('\n')
      .map((line) => {
        const at = line.indexOf('=');
        return [line.slice(0, at), cleanLine(line.slice(at + 1), 60)] as const;
      }),
  );
  if (shown.exitCode !== 0 || !properties.has('LoadState'))
    throw fail('protocol', `systemctl could not tell of ${unit}`, { host });
  if (properties.get('LoadState') === 'not-found')
    throw fail('not-found', `${unit} does not exist on ${host}`, { host });
  const state = `${properties.get('ActiveState') ?? '?'} (${properties.get('SubState') ?? '?'})`;
  const file = properties.get('UnitFileState') ?? '';
  return { host, command, before: file ? `${state}, ${file}` : state, elevation };
}

/** A hash of the facts the plan rests on: targets, command and way to root; for enable and disable the unit-file state too. */
function fingerprint(unit: string, verb: UnitVerb, steps: UnitPlan['steps']): string {
  const filesMatter = verb === 'enable' || verb === 'disable';
  const facts = steps.map(({ host, command, elevation, before }) => [
    host,
    command,
    elevation,
    filesMatter ? before.split(', ')[1] : '',
  ]);
  return createHash('sha256')
    .update(JSON.stringify([unit, verb, facts]))
    .digest('hex');
}

/** Carries a plan out; the action is a record, so closing the window never aborts it. Answers the action's id at once. */
export async function startUnitAction(
  around: ActionSurroundings,
  plan: UnitPlan,
  password: string | null,
): Promise<string> {
  const fresh = await planUnitAction(around, plan.hosts, plan.unit, plan.verb);
  if (fresh.fingerprint !== plan.fingerprint) {
    throw fail('stale', 'the hosts are no longer as the plan says', { hint: 'Read the new plan, then confirm again.' });
  }
  const id = randomUUID();
  const outcomes = new Map<string, ActionOutcome>(
    fresh.steps.map(({ host }) => [host, { host, state: 'waiting', text: '', exitCode: null, durationMs: null }]),
  );
  const publish = (done: boolean) =>
    around.records.publish('action', id, 'progress', { done, outcomes: [...outcomes.values()] });
  around.records.publish('action', id, 'about', { id, plan: fresh, by: around.actor.name, startedAt: around.now() });
  publish(false);
  const limiter = new Limiter(atOnce);
  const update = (outcome: ActionOutcome) => {
    outcomes.set(outcome.host, outcome);
    publish(false);
  };
  const runs = fresh.steps.map((step) => limiter.run(() => actOnHost(around, fresh, step, password, update)));
  void Promise.all(runs).then(() => publish(true));
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
