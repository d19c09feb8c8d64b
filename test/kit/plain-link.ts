import type { HostLink } from '#shared/contract/host.ts';

/** A connection of which nothing is told but that it is up. */
export const plainLink: HostLink = {
  state: 'up',
  reason: '',
  since: 0,
  heardAt: 0,
  retryAt: null,
  attempts: 0,
  problem: null,
  sampler: 'none',
  units: 'none',
  unitsReason: '',
  missed: null,
  connection: null,
};
