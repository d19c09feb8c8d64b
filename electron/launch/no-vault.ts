import type { Vault } from '#core/lib/vault.ts';
import { fail } from '#shared/contract/problem.ts';

/** The vault of a shell that cannot keep anything: the window then does not offer to remember. */
export const noVault: Vault = {
  available: false,
  list: async () => [],
  get: async () => null,
  set: () => Promise.reject(fail('unsupported', 'this console has no vault to keep secrets in')),
  delete: async () => {},
};
