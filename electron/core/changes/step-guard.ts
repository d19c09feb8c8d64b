import type { PlannedStep } from '#shared/contract/change.ts';
import { toProblem } from '#shared/contract/problem.ts';
import type { HostCourseTools } from './host-course.ts';

const lookAgainMs = 1000;
const patienceMs = 30_000;

/**
 * Rejects with `refused` when a unit action would take etcd's quorum away; the member that was restarted before this one is
 * given time to be well again.
 */
export async function guardActions(
  { around, sleep }: HostCourseTools,
  host: string,
  actions: PlannedStep['actions'],
): Promise<void> {
  const until = performance.now() + patienceMs;
  for (const { unit, verb } of actions) {
    if (unit === null) continue;
    for (;;) {
      try {
        await around.guard.unitNow(host, unit, verb);
        break;
      } catch (error) {
        if (toProblem(error).code !== 'refused' || performance.now() > until) throw error;
        await sleep(lookAgainMs);
      }
    }
  }
}

/** The same of commands that ask whether the host is well, and are a reboot. */
export async function guardCommands({ around }: HostCourseTools, host: string, step: PlannedStep): Promise<void> {
  for (const { command } of step.validators) await around.guard.commandNow(host, command);
  for (const gate of step.gates) if (gate.kind === 'command') await around.guard.commandNow(host, gate.command);
}
