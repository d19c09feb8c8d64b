import { randomUUID } from 'node:crypto';
import { fail, ProblemError } from '#shared/contract/problem.ts';
import type { RebootOptions, RebootPlan } from '#shared/contract/reboot.ts';
import type { ActionOutcome } from '#shared/contract/unit.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { Limiter } from '../lib/limiter.ts';
import type { Scope } from '../lib/scope.ts';
import { planReboot, policyOf } from './plan-reboot.ts';
import { HostReboot } from './host-reboot.ts';
import { personalDecision } from './orphans.ts';
import type { Reboots } from './reboots.ts';

interface Running {
  readonly hosts: ReadonlyMap<string, HostReboot>;
  readonly stop: () => void;
}

/** Reboots that a person asks for: planned, carried out host by host, each a record that outlives the window. */
export class RebootActions {
  readonly #around: ActionSurroundings;
  readonly #reboots: Reboots;
  readonly #running = new Map<string, Running>();

  constructor(around: ActionSurroundings, reboots: Reboots, scope: Scope) {
    this.#around = around;
    this.#reboots = reboots;
    scope.add(() => {
      for (const { stop } of this.#running.values()) stop();
    });
  }

  plan(hosts: readonly string[], options: RebootOptions): Promise<RebootPlan> {
    return planReboot(this.#around, this.#reboots, hosts, options);
  }

  /** Refused at once where etcd's quorum forbids one of the hosts; what can be waited for is waited for. */
  async start(plan: RebootPlan, options: RebootOptions, password: string | null): Promise<string> {
    const { records, actor, now } = this.#around;
    const known = new Map(plan.steps.map((step) => [step.host, step]));
    if (known.size === 0)
      throw fail('refused', 'the plan leaves out every host: there is nothing to reboot', {
        hint: 'Each host it leaves out says why.',
      });
    const fresh = await this.plan([...known.keys()], options);
    const [out] = fresh.leftOut;
    if (out) throw new ProblemError({ ...out.reason, host: out.host });
    const moved = fresh.steps.find(({ host, bootId }) => known.get(host)?.bootId !== bootId);
    if (moved)
      throw fail('stale', `${moved.host} has booted since the plan was made`, {
        host: moved.host,
        hint: 'Read the new plan, then confirm again.',
      });
    const id = randomUUID();
    const told = { ...fresh, hosts: plan.hosts, leftOut: plan.leftOut };
    const outcomes = new Map<string, ActionOutcome>(
      fresh.steps.map(({ host }) => [host, { host, state: 'waiting', text: '', exitCode: null, durationMs: null }]),
    );
    const publish = (done: boolean) =>
      records.publish('action', id, 'progress', { done, outcomes: [...outcomes.values()] });
    records.publish('action', id, 'reboot', { id, plan: told, options, by: actor.name, startedAt: now() });
    publish(false);
    const halt = new AbortController();
    const hosts = new Map(
      fresh.steps.map((step) => [
        step.host,
        new HostReboot({
          around: this.#around,
          reboots: this.#reboots,
          step,
          policy: policyOf(options),
          decision: personalDecision + id,
          password,
          halt,
          now: options.now,
          told: (outcome) => {
            outcomes.set(outcome.host, outcome);
            publish(false);
          },
        }),
      ]),
    );
    const stop = () => halt.abort('it was cancelled before it began');
    this.#running.set(id, { hosts, stop });
    const limiter = new Limiter(options.atOnce);
    const runs = [...hosts.values()].map((host) => limiter.run(() => host.run()));
    void Promise.all(runs).finally(() => {
      this.#running.delete(id);
      publish(true);
    });
    return id;
  }

  /** People on this host are no longer waited for. */
  hurry(action: string, host: string): void {
    const found = this.#of(action).hosts.get(host);
    if (!found) throw fail('not-found', `${host} is not rebooted by this action`, { host });
    found.hurry();
  }

  /** Hosts that did not begin to go down stay up. */
  cancel(action: string): void {
    this.#of(action).stop();
  }

  #of(action: string): Running {
    const found = this.#running.get(action);
    if (!found) throw fail('not-found', 'these reboots are over');
    return found;
  }
}
