import { spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { skipUnless } from '#kit/skip.ts';
import { checkHostKey, findKnownKeys, knownHostsName } from '#shared/formats/known-hosts/check.ts';
import { parseKnownHosts } from '#shared/formats/known-hosts/parse.ts';
import { keepsNamesHashed, knownHostsLine } from '#shared/formats/known-hosts/print.ts';

const sshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
const hmac = (salt: string, text: string): string =>
  createHmac('sha1', Buffer.from(salt, 'base64')).update(text).digest('base64');

describe('known_hosts against the real ssh-keygen', () => {
  beforeEach(() => skipUnless(sshKeygen, 'no ssh-keygen is installed here'));
  let folder = '';
  const keys: { type: string; base64: string }[] = [];
  beforeAll(() => {
    if (!sshKeygen) return;
    folder = mkdtempSync(join(tmpdir(), 'quarterdeck-known-hosts-'));
    for (const [index, type] of ['ed25519', 'ed25519', 'ecdsa', 'rsa'].entries()) {
      const file = join(folder, `key${index}`);
      spawnSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file]);
      const [name = '', base64 = ''] = readFileSync(`${file}.pub`, 'utf8').split(' ');
      keys.push({ type: name, base64 });
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const key = (index: number): { type: string; base64: string } => keys[index] ?? { type: '', base64: '' };
  const parse = (text: string): ReturnType<typeof parseKnownHosts> => parseKnownHosts([{ file: 'kh', text }]);
  /** Line numbers that `ssh-keygen -F name` says it found. */
  const found = (file: string, name: string): number[] => {
    const { stdout } = spawnSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'utf8' });
    return [...stdout.matchAll(/found: line (\d+)/g)].map((match) => Number(match[1]));
  };
  const ours = (text: string, name: string): number[] => {
    const known = parse(text);
    const { keys: plain } = findKnownKeys(known, name, hmac);
    return plain.map((entry) => entry.place.line);
  };

  test('finds the lines that ssh-keygen -F finds, plain and hashed by ssh-keygen -H', () => {
    const name = fc.constantFrom('web1', 'WEB1', 'web1.example.com', '10.0.0.1', '[web1]:2222', 'fe80::1', '[::1]:22');
    const pattern = fc.oneof(
      name,
      fc.constantFrom('web?', '*.example.com', '!web1', '!*.example.com', '*', '[web1]:*', '10.0.0.*'),
    );
    const line = fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .tuple(fc.array(pattern, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 3 }))
          .map(([names, index]) => `${names.join(',')} ${key(index).type} ${key(index).base64} a comment`),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom('', '# web1 comment', 'web1', 'web1 ssh-ed25519', ' \t'),
      },
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), name, fc.boolean(), (lines, wanted, hashed) => {
        const file = join(folder, 'random');
        writeFileSync(file, lines.map((text) => `${text}\n`).join(''));
        // Hashing refuses whole files with damaged lines, and splits name lists into lines of their own.
        if (hashed && parse(readFileSync(file, 'utf8')).problems.length === 0)
          spawnSync('ssh-keygen', ['-H', '-f', file]);
        const text = readFileSync(file, 'utf8');
        // ssh looks a name up in lower case; ssh-keygen -F leaves that to whoever asks.
        expect({ text, lines: ours(text, wanted) }).toEqual({ text, lines: found(file, wanted.toLowerCase()) });
      }),
      { seed: 20261122, numRuns: 300 },
    );
  });

  test('markers: what is revoked and what an authority vouches for', () => {
    const text = [
      `@revoked * ${key(1).type} ${key(1).base64}`,
      `@cert-authority *.example.com ${key(2).type} ${key(2).base64}`,
      `web1.example.com ${key(0).type} ${key(0).base64}`,
      `web1.example.com ${key(1).type} ${key(1).base64}`,
    ].join('\n');
    const known = parse(text);
    expect(checkHostKey(known, 'web1.example.com', key(0), hmac).verdict).toBe('match');
    expect(checkHostKey(known, 'web1.example.com', key(1), hmac).verdict).toBe('revoked');
    expect(checkHostKey(known, 'web1.example.com', key(2), hmac).verdict).toBe('other-type');
    expect(findKnownKeys(known, 'web1.example.com', hmac).authority).toBe(true);
    expect(findKnownKeys(known, 'other', hmac)).toEqual({ keys: [], types: [], authority: false });
  });

  test('a changed key, one of another type, and a host on another port', () => {
    const known = parse(`web1 ${key(0).type} ${key(0).base64}\n[db]:2222 ${key(3).type} ${key(3).base64}\n`);
    const check = (name: string, port: number, index: number): string =>
      checkHostKey(known, knownHostsName(name, port), key(index), hmac).verdict;
    expect(check('web1', 22, 0)).toBe('match');
    expect(check('Web1', 22, 0)).toBe('match');
    expect(check('web1', 22, 1)).toBe('changed');
    expect(check('web1', 22, 3)).toBe('other-type');
    expect(check('web1', 2200, 0)).toBe('match');
    expect(check('web1', 2200, 1)).toBe('unknown');
    expect(check('db', 2222, 3)).toBe('match');
    expect(check('db', 22, 3)).toBe('unknown');
  });

  test('ssh-keygen -F finds the lines we write, plain and hashed', () => {
    for (const [index, salt] of [null, randomBytes(20).toString('base64')].entries()) {
      const file = join(folder, `written${index}`);
      const name = knownHostsName('Web1.example.com', 2222);
      const text = knownHostsLine(name, key(0), salt === null ? null : { salt, hmac });
      writeFileSync(file, text);
      expect(found(file, '[web1.example.com]:2222')).toEqual([1]);
      expect(keepsNamesHashed(parse(text))).toBe(salt !== null);
      expect(checkHostKey(parse(text), name, key(0), hmac).verdict).toBe('match');
    }
  });

  test('ssh-keygen -H of our plain file still matches here', () => {
    const plain = join(folder, 'plain');
    writeFileSync(plain, knownHostsLine('web1', key(2), null));
    const hashed = join(folder, 'hashed');
    copyFileSync(plain, hashed);
    spawnSync('ssh-keygen', ['-H', '-f', hashed]);
    const text = readFileSync(hashed, 'utf8');
    expect(text).not.toContain('web1');
    expect(checkHostKey(parse(text), 'web1', key(2), hmac).verdict).toBe('match');
  });
});
