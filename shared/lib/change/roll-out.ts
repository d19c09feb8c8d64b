import type { WavePolicy } from '../../contract/change.ts';

/** Whether a change takes hosts through work, known by its plan before any host has begun: files come without a way to go down. */
export function isRollOut({ policy }: { readonly policy: WavePolicy }): boolean {
  return policy.reboot !== undefined;
}
