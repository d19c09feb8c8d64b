import type { HealthReason } from '#shared/contract/host.ts';

/**
 * A condition that holds now. Without `since` it counts from when it was first seen; with `hold` it is a reason only once
 * it has lasted a while.
 */
export type Finding = Omit<HealthReason, 'since'> & { readonly since?: number; readonly hold?: boolean };
