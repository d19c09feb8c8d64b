import { randomUUID } from 'node:crypto';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { ActionOutcome } from '#shared/contract/unit.ts';
import type { UpdatePlan } from '#shared/contract/update-act.ts';
import { actWords } from '#shared/lib/update/act-words.ts';
import { journalNote } from '../actions/journal-note.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { Limiter } from '../lib/limiter.ts';
import { planUpdateAct, sightOf } from './plan-update-act.ts';
import { runAct } from './run-act.ts';

/** Downloads of a whole rack at once would hurt its network more than they gain. */
const atOnce = 10;

/**
 * Carries out the steps of a plan, as a record: closing the window never aborts it. `acted` hears of each host that was told
 * something. Answers the action's id at once.
 */
export async function startUpdateAct(
  around: ActionSurroundings,
  plan: UpdatePlan,
  password: string | null,
  acted: (host: string) => void,
): Promise<string> {
  const targets = plan.steps.map(({ host }) => host);
  if (targets.length === 0) {
    throw fail('refused', 'the plan leaves out every host: there is nothing to tell', {
      hint: 'Each host it leaves out says why.',
    });
  }
  const fresh = await planUpdateAct(around, targets, plan.act);
  if (fresh.fingerprint !== plan.fingerprint) {
    throw fail('stale', 'the update agents are no longer as the plan says', {
      hint: 'Read the new plan, then confirm again.',
    });
  }
  const id = randomUUID();
  const outcomes = new Map<string, ActionOutcome>(
    fresh.steps.map(({ host }) => [host, { host, state: 'waiting', text: '', exitCode: null, durationMs: null }]),
  );
  const publish = (done: boolean) =>
    around.records.publish('update-action', id, 'progress', { done, outcomes: [...outcomes.values()] });
  const told = { ...fresh, hosts: plan.hosts, leftOut: plan.leftOut };
  const startedAt = around.now();
  around.records.publish('update-action', id, 'about', { id, plan: told, by: around.actor.name, startedAt });
  publish(false);
  const limiter = new Limiter(atOnce);
  const update = (outcome: ActionOutcome) => {
    outcomes.set(outcome.host, outcome);
    publish(false);
  };
  const runs = fresh.steps.map((step) =>
    limiter.run(async () => {
      await actOnHost(around, fresh, step, password, update);
      acted(step.host);
    }),
  );
  void Promise.all(runs).finally(() => publish(true));
  return id;
}

async function actOnHost(
  around: ActionSurroundings,
  { act }: UpdatePlan,
  step: UpdatePlan['steps'][number],
  password: string | null,
  update: (outcome: ActionOutcome) => void,
): Promise<void> {
  const { host } = step;
  const startedAt = around.now();
  let command = step.commands.join('; ');
  const began: ActionOutcome = { host, state: 'running', text: command, exitCode: null, durationMs: null };
  update(began);
  let outcome: ActionOutcome;
  try {
    const { agent: _, ...sight } = sightOf(around, host);
    const access = around.hosts.access(host);
    const onBegin = (shown: string) => {
      command = shown;
    };
    const { text, exitCode, durationMs } = await runAct(access, step.agent, act, { ...sight, password, onBegin });
    outcome = { ...began, state: 'done', text, exitCode, durationMs };
  } catch (error) {
    const { code, message } = toProblem(error);
    const refused = code === 'permission' || code === 'authentication' || code === 'refused' || code === 'stale';
    outcome = { ...began, state: refused ? 'refused' : 'failed', text: message };
  }
  outcome = { ...outcome, durationMs: outcome.durationMs ?? around.now() - startedAt };
  update(outcome);
  await around.hosts
    .access(host)
    .exec(journalNote(around.actor.name, `${command} (${outcome.state})`), { timeoutMs: 5000 })
    .catch(() => {});
  await around.activity.add({
    at: startedAt,
    actor: around.actor.name,
    cluster: around.cluster,
    host,
    kind: 'update',
    what: actWords(act),
    command,
    exitCode: outcome.exitCode,
    durationMs: outcome.durationMs,
    outcome: outcome.state === 'done' ? 'ok' : outcome.state === 'refused' ? 'refused' : 'failed',
    detail: outcome.text,
  });
}
