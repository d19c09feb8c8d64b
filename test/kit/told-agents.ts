import type { ActionOutcome } from '#shared/contract/unit.ts';
import type { UpdateAct, UpdatePlan } from '#shared/contract/update-act.ts';
import type { Lab } from './lab.ts';
import type { TestView } from './view.ts';

/** What an act would mean on these hosts. */
export function planAct(view: TestView, act: UpdateAct, ...hosts: readonly string[]): Promise<UpdatePlan> {
  return view.link.call('updates.plan-act', { hosts: [...hosts], act });
}

/** Why an act cannot be told to a host; fails where it can. */
export async function whyNot(view: TestView, act: UpdateAct, host: string): Promise<string> {
  const { leftOut, steps } = await planAct(view, act, host);
  const [first] = leftOut;
  if (!first) throw new Error(`${act.kind} is possible: ${steps[0]?.commands.join('; ') ?? 'as a change'}`);
  return first.reason.message;
}

/** Plans an act on one host, tells it, and waits until the host has answered. */
export async function tellAgent(view: TestView, act: UpdateAct, host: string): Promise<ActionOutcome> {
  const plan = await planAct(view, act, host);
  const { action } = await view.link.call('updates.act', { plan, password: null }).catch((error: unknown) => {
    throw new Error(`${act.kind} on ${host}: ${plan.leftOut[0]?.reason.message ?? String(error)}`);
  });
  const { outcomes } = await view.until('update-action', action, 'progress', ({ done }) => done, 90_000);
  const [outcome] = outcomes;
  if (!outcome) throw new Error('the action has no outcome');
  return outcome;
}

/** Boots a host anew and waits until it is seen in its new boot. */
export async function bootAnew(view: TestView, lab: Lab, host: string): Promise<void> {
  const { bootId } = await view.until('host', host, 'facts', () => true);
  await lab.reboot(host);
  await view.until('host', host, 'facts', (facts) => facts.bootId !== bootId, 60_000);
  await view.until('host', host, 'link', ({ state }) => state === 'up', 60_000);
}
