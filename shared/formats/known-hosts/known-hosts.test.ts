import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkHostKey, knownHostsName } from './check.ts';
import { keyType, parseKnownHosts } from './parse.ts';
import { knownHostsLine } from './print.ts';

/** The public part of a key made for this test. */
const ed25519 = {
  type: 'ssh-ed25519',
  base64: 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl',
};
const noHmac = (): string => 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=';

test('reads the type inside a key blob', () => {
  expect(keyType(ed25519.base64)).toBe('ssh-ed25519');
  expect(keyType('AAAA')).toBeNull();
  expect(keyType('/////w==')).toBeNull();
});

test('lines ssh would pass over are problems with their line', () => {
  const text = [
    `web1 ssh-rsa ${ed25519.base64}`,
    'web1 2048 35 123456789',
    '@wrong web1 ssh-ed25519 x',
    '|1|bad|bad ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl',
    'web1',
    `web1 ${ed25519.type} ${ed25519.base64}`,
  ].join('\n');
  const known = parseKnownHosts([{ file: 'kh', text }]);
  expect(known.entries.map(({ place }) => place)).toEqual([{ file: 'kh', line: 6 }]);
  expect(known.problems.map(({ place }) => place?.line)).toEqual([1, 2, 3, 4, 5]);
});

test.each(['a b', 'a,b', '*', 'a\nb', '!a', '@a', '#a', '|1|a'])('a name like %j is not written', (name) => {
  expect(() => knownHostsLine(name, ed25519, null)).toThrow('this name cannot be written');
});

test('any text gives entries and problems, never an error', () => {
  const noise = fc.oneof(
    fc.constantFrom('web1', '*', '!', ',', '|1|', '|', '@revoked', ed25519.type, ed25519.base64, '\n', ' ', '[', ']:'),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 40 }), (parts) => {
      const known = parseKnownHosts([{ file: 'kh', text: parts.join('') }]);
      const { verdict } = checkHostKey(known, knownHostsName('web1', 22), ed25519, noHmac);
      expect(['match', 'changed', 'other-type', 'revoked', 'unknown']).toContain(verdict);
    }),
    { seed: 3, numRuns: 1000 },
  );
}, 60_000);
