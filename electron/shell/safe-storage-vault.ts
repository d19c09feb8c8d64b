import { z } from 'zod';
import type { Vault } from '#core/lib/vault.ts';
import { readJson, writeAtomically } from '#core/storage/json-file.ts';
import { fail } from '#shared/contract/problem.ts';
import { keepSecrets } from '../launch/keep-secrets.ts';
import { noVault } from '../launch/no-vault.ts';

/** What of Electron's safeStorage is used. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  /** Linux only. */
  getSelectedStorageBackend?(): string;
  encryptString(text: string): Buffer;
  decryptString(sealed: Buffer): string;
}

const vaultFile = z.object({ version: z.literal(1), sealed: z.base64().max(20_000_000) });
const secrets = z.record(z.string(), z.string());

/**
 * A vault in one file, sealed by the desktop's key store. Where that store would only use a fixed password (`basic_text`)
 * nothing is kept. Rejects with `authentication` when the store no longer opens the file.
 */
export async function openSafeStorageVault(file: string, storage: SafeStorage): Promise<Vault> {
  const backend = storage.getSelectedStorageBackend?.();
  if (!storage.isEncryptionAvailable() || backend === 'basic_text' || backend === 'unknown') return noVault;
  const stored = await readJson(file, vaultFile.nullable(), null);
  return keepSecrets(stored ? unseal(stored.sealed, storage, file) : {}, (values) =>
    writeAtomically(
      file,
      JSON.stringify({ version: 1, sealed: storage.encryptString(JSON.stringify(values)).toString('base64') }),
    ),
  );
}

function unseal(sealed: string, storage: SafeStorage, file: string): Record<string, string> {
  try {
    return secrets.parse(JSON.parse(storage.decryptString(Buffer.from(sealed, 'base64'))));
  } catch (cause) {
    throw fail('authentication', `The desktop's key store does not open ${file}`, {
      hint: `Unlock the key store you used before, or move the file away. (${String(cause)})`,
    });
  }
}
