import type { DownGuard } from '#core/actions/unit-actions.ts';

/** Of a fleet without etcd: there is no quorum to keep. */
export const unguarded: DownGuard = {
  unit: async () => {},
  unitNow: async () => {},
  command: async () => {},
  commandNow: async () => {},
};
