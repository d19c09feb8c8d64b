import crypto, { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Vault } from '#core/lib/vault.ts';
import { readJson, writeAtomically } from '#core/storage/json-file.ts';
import { keepSecrets } from '../launch/keep-secrets.ts';
import { fail } from '#shared/contract/problem.ts';

const base64 = z.base64().max(20_000_000);
/** The bounds keep a planted file from asking for more work or memory than a vault of ours ever does. */
const vaultFile = z.object({
  version: z.literal(1),
  kdf: z.object({
    name: z.literal('argon2id'),
    memoryKiB: z.int().min(8).max(262_144),
    passes: z.int().min(1).max(10),
    lanes: z.int().min(1).max(8),
    salt: base64,
  }),
  nonce: base64,
  tag: base64,
  box: base64,
});
type VaultFile = z.infer<typeof vaultFile>;
const secrets = z.record(z.string(), z.string());

const bound = Buffer.from('quarterdeck vault 1');

/**
 * A vault in one file, sealed as a whole by AES-256-GCM under a key that Argon2id makes of the passphrase, so that not
 * even the names inside can be read. Rejects with `authentication` when the passphrase does not open the file.
 */
export async function openFileVault(file: string, passphrase: string): Promise<Vault> {
  const stored = await readJson<VaultFile | null>(file, vaultFile.nullable(), null);
  const kdf = stored?.kdf ?? {
    name: 'argon2id' as const,
    memoryKiB: 65_536,
    passes: 3,
    lanes: 1,
    salt: randomBytes(16).toString('base64'),
  };
  // Absent before Node 24.7; a named import would then keep the whole program from starting.
  if (!('argon2' in crypto)) throw fail('unsupported', 'The vault needs Node 24.7 or newer');
  const key = await promisify(crypto.argon2)('argon2id', {
    message: Buffer.from(passphrase, 'utf8'),
    nonce: Buffer.from(kdf.salt, 'base64'),
    memory: kdf.memoryKiB,
    passes: kdf.passes,
    parallelism: kdf.lanes,
    tagLength: 32,
  });
  return keepSecrets(stored ? unseal(stored, key, file) : {}, (values) =>
    writeAtomically(file, JSON.stringify({ version: 1, kdf, ...seal(values, key) } satisfies VaultFile)),
  );
}

function seal(values: Record<string, string>, key: Buffer): Pick<VaultFile, 'nonce' | 'tag' | 'box'> {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound);
  const box = Buffer.concat([cipher.update(JSON.stringify(values), 'utf8'), cipher.final()]);
  const [nonceText, tag, boxText] = [nonce, cipher.getAuthTag(), box].map((part) => part.toString('base64'));
  return { nonce: nonceText ?? '', tag: tag ?? '', box: boxText ?? '' };
}

function unseal(stored: VaultFile, key: Buffer, file: string): Record<string, string> {
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, Buffer.from(stored.nonce, 'base64'), { authTagLength: 16 });
    cipher.setAAD(bound).setAuthTag(Buffer.from(stored.tag, 'base64'));
    const text = Buffer.concat([cipher.update(Buffer.from(stored.box, 'base64')), cipher.final()]).toString('utf8');
    return secrets.parse(JSON.parse(text));
  } catch (cause) {
    throw fail('authentication', `The passphrase does not open ${file}, or the file was changed`, {
      hint: `Set QUARTERDECK_VAULT_PASSPHRASE to the passphrase it was made with, or move the file away. (${String(cause)})`,
    });
  }
}
