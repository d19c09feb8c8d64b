import type { HostCourseTools } from './host-course.ts';
import type { HostStanding } from './host-transaction.ts';

/** Between two looks at a host that cannot be reached now. */
export const lookAgainMs = 1000;
/** Beyond the time in which a host takes a change back by itself, for that to be done and read. */
const afterwardsMs = 45_000;

const settledStates: ReadonlySet<HostStanding['state']> = new Set(['none', 'not-restored', 'applied']);

/** Whether nothing of a change is at work on the host. */
export const isSettled = ({ state }: HostStanding): boolean => settledStates.has(state);

/** When a host that was left to itself has had all its time, by `performance.now()`. */
export const longestAlone = ({ plan }: Pick<HostCourseTools, 'plan'>): number =>
  performance.now() + plan.policy.deadmanS * 1000 + afterwardsMs;

/**
 * How a change stands on a host once nothing is at work there, or when the host has had its time; null when it cannot be
 * reached then. `read` answers null as long as it cannot. Rejects with `cancelled` when the change is left.
 */
export async function untilSettled(
  tools: Pick<HostCourseTools, 'plan' | 'sleep' | 'watch'>,
  host: string,
  read: () => Promise<HostStanding | null>,
): Promise<HostStanding | null> {
  const until = longestAlone(tools);
  // One that cannot be reached is tried as often as one in view.
  const stop = tools.watch(host);
  try {
    for (;;) {
      await tools.sleep(lookAgainMs);
      const standing = await read();
      if ((standing && isSettled(standing)) || performance.now() > until) return standing;
    }
  } finally {
    stop();
  }
}
