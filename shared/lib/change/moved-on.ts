import type { HostChange } from '../../contract/change.ts';

/** How a host is told that a change leaves out because its plan no longer fits it. */
export const movedOnText = 'its files are no longer what the plan was made for: merge and plan it again';

/** Whether what stands on a host is not what the plan was made for, so that only another plan can bring the change there. */
export function hasMovedOn({ state, text }: Pick<HostChange, 'state' | 'text'>): boolean {
  return state === 'stale' || (state === 'skipped' && text === movedOnText);
}
