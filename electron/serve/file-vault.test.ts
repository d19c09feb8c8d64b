import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFileVault } from './file-vault.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-vault-'));
  file = join(folder, 'vault.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('what was kept is there after a restart, and neither names nor values can be read in the file', async () => {
  const vault = await openFileVault(file, 'correct horse');
  expect(vault.available).toBe(true);
  expect(await vault.get('key /home/me/.ssh/id')).toBeNull();
  await Promise.all([vault.set('key /home/me/.ssh/id', 'hunter2'), vault.set('other', 'words')]);
  const again = await openFileVault(file, 'correct horse');
  expect(await again.list()).toEqual(['key /home/me/.ssh/id', 'other']);
  expect(await again.get('key /home/me/.ssh/id')).toBe('hunter2');
  expect(await again.get('other')).toBe('words');
  const text = await readFile(file, 'utf8');
  expect(text).not.toMatch(/hunter2|home|other|words/);
  expect(process.platform === 'win32' ? 0o600 : (await stat(file)).mode & 0o777).toBe(0o600);
});

test('deleting is kept too, and each write has its own nonce', async () => {
  const vault = await openFileVault(file, 'p');
  await vault.set('a', '1');
  const first = JSON.parse(await readFile(file, 'utf8')) as { nonce: string };
  await vault.delete('a');
  const second = JSON.parse(await readFile(file, 'utf8')) as { nonce: string };
  expect(second.nonce).not.toBe(first.nonce);
  const again = await openFileVault(file, 'p');
  expect([await again.get('a'), await again.list()]).toEqual([null, []]);
});

test('a wrong passphrase is told and changes nothing', async () => {
  await (await openFileVault(file, 'right')).set('a', '1');
  const before = await readFile(file);
  await expect(openFileVault(file, 'wrong')).rejects.toMatchObject({ problem: { code: 'authentication' } });
  expect(await readFile(file)).toEqual(before);
});

test.each(['box', 'tag', 'nonce'])('a file with a changed %s is refused', async (field) => {
  await (await openFileVault(file, 'p')).set('a', '1');
  const stored = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
  const bytes = Buffer.from(stored[field] ?? '', 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  await writeFile(file, JSON.stringify({ ...stored, [field]: bytes.toString('base64') }));
  await expect(openFileVault(file, 'p')).rejects.toMatchObject({ problem: { code: 'authentication' } });
});

test('a planted file cannot ask for absurd work', async () => {
  const kdf = { name: 'argon2id', memoryKiB: 1e9, passes: 3, lanes: 1, salt: 'AAAA' };
  await writeFile(file, JSON.stringify({ version: 1, kdf, nonce: 'AAAA', tag: 'AAAA', box: 'AAAA' }));
  await expect(openFileVault(file, 'p')).rejects.toMatchObject({ problem: { code: 'invalid-input' } });
});
