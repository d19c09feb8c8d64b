import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { skipUnless } from '#kit/skip.ts';
import { fingerprint, keyType, offerOrder, seenKey } from './host-key.ts';
import { KeyFiles } from './key-files.ts';
import { parsePrivateKey, publicHalf } from './signing-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const keygen = (() => {
  try {
    execFileSync('ssh-keygen', ['-lf', '/nonexistent'], { stdio: 'ignore' });
  } catch (error) {
    return (error as { code?: string }).code !== 'ENOENT';
  }
  return true;
})();

let made = 0;
function make(type: string, passphrase = '', ...more: string[]): string {
  made++;
  const path = join(folder, `key${made}`);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-f', path, ...more]);
  return path;
}
const publicBlob = (path: string) => Buffer.from(readFileSync(`${path}.pub`, 'utf8').split(' ')[1] ?? '', 'base64');

describe('private keys', () => {
  it.each([
    ['ed25519', []],
    ['ecdsa', []],
    ['rsa', []],
    ['rsa', ['-m', 'PEM']],
  ])('reads %s %j with and without a passphrase', async (type, more) => {
    skipUnless(keygen, 'ssh-keygen is not installed');
    const open = make(type, '', ...more);
    const parsed = parsePrivateKey(readFileSync(open, 'utf8'), null);
    expect(parsed).toMatchObject({ state: 'ready', key: { publicBlob: publicBlob(open) } });

    const locked = make(type, 'open sesame', ...more);
    const text = readFileSync(locked, 'utf8');
    expect(parsePrivateKey(text, null)).toEqual({ state: 'encrypted', wrong: false });
    expect(parsePrivateKey(text, 'open barley')).toEqual({ state: 'encrypted', wrong: true });
    expect(parsePrivateKey(text, 'open sesame').state).toBe('ready');

    const files = new KeyFiles();
    expect(await files.load(locked)).toMatchObject({ publicBlob: publicBlob(locked), key: null });
    expect(await files.unlock(locked, 'open barley')).toBe(false);
    expect(await files.unlock(locked, 'open sesame')).toBe(true);
    expect((await files.load(locked))?.key).not.toBeNull();
  });

  it('passes over what is no key', async () => {
    const files = new KeyFiles();
    expect(await files.load(join(folder, 'missing'))).toBeNull();
    expect(await files.load(folder)).toBeNull();
    expect(parsePrivateKey('hello', null).state).toBe('unusable');
  });

  it('never throws on damaged text', () => {
    fc.assert(
      fc.property(fc.base64String({ maxLength: 400 }), (body) => {
        const text = `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----\n`;
        expect(['ready', 'encrypted', 'unusable']).toContain(parsePrivateKey(text, null).state);
        publicHalf(text);
      }),
      { seed: 20_261_122, numRuns: 500 },
    );
  });
});

describe('host keys', () => {
  it('fingerprints as ssh-keygen does', () => {
    skipUnless(keygen, 'ssh-keygen is not installed');
    const path = make('ed25519');
    expect(execFileSync('ssh-keygen', ['-lf', path], { encoding: 'utf8' })).toContain(fingerprint(publicBlob(path)));
    expect(seenKey(publicBlob(path)).type).toBe('ssh-ed25519');
  });

  it('names no type for bytes that are no key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(keyType(bytes)).toMatch(/^[A-Za-z0-9@.-]*$/);
      }),
      { seed: 20_261_122 },
    );
  });

  it('asks for recorded types first', () => {
    expect(offerOrder(['ssh-rsa']).slice(0, 4)).toEqual(['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa', 'ssh-ed25519']);
    expect(offerOrder(['ecdsa-sha2-nistp256'])[0]).toBe('ecdsa-sha2-nistp256');
    expect(offerOrder([])[0]).toBe('ssh-ed25519');
    expect(new Set(offerOrder(['ssh-rsa', 'sk-ssh-ed25519@openssh.com'])).size).toBe(7);
  });
});
