import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSafeStorageVault, type SafeStorage } from './safe-storage-vault.ts';

// Electron's own safeStorage exists only inside Electron; this seals visibly, so that what reaches the file can be told.
const storage = (more: Partial<SafeStorage> = {}): SafeStorage => ({
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptString: (text) => Buffer.from(text, 'utf8').map((byte) => byte ^ 0x55) as Buffer,
  decryptString: (sealed) => Buffer.from(sealed.map((byte) => byte ^ 0x55)).toString('utf8'),
  ...more,
});

let file = '';
beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'quarterdeck-vault-')), 'vault.json');
});
afterEach(() => rm(join(file, '..'), { recursive: true, force: true }));

test('secrets go through the key store and are there after a restart', async () => {
  const vault = await openSafeStorageVault(file, storage());
  await vault.set('web1 password', 'hunter2');
  expect(await (await openSafeStorageVault(file, storage())).get('web1 password')).toBe('hunter2');
  expect(await readFile(file, 'utf8')).not.toMatch(/web1|hunter2/);
  const again = await openSafeStorageVault(file, storage());
  expect(await again.list()).toEqual(['web1 password']);
  await again.delete('web1 password');
  expect(await (await openSafeStorageVault(file, storage())).list()).toEqual([]);
});

test('without a real key store nothing is kept', async () => {
  for (const poor of [
    storage({ isEncryptionAvailable: () => false }),
    storage({ getSelectedStorageBackend: () => 'basic_text' }),
  ]) {
    expect((await openSafeStorageVault(file, poor)).available).toBe(false);
  }
});

test('a store that cannot open the file is told, not papered over', async () => {
  await (await openSafeStorageVault(file, storage())).set('a', 'b');
  const other = storage({
    decryptString: () => {
      throw new Error('wrong key');
    },
  });
  await expect(openSafeStorageVault(file, other)).rejects.toMatchObject({ problem: { code: 'authentication' } });
});
