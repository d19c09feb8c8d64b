import { expect, test } from 'vitest';
import { keptSecretWords } from './kept-secret.ts';

test('each kind of secret is told by what it opens', () => {
  const told = [
    'passphrase:/home/me/.ssh/id:1',
    'password:core@[2001:db8::1]:22',
    'etcd-password:root@https://etcd:2379',
    'of-a-later-version:x',
    'plain',
  ].map((name) => {
    const { what, of } = keptSecretWords(name);
    return `${what} ${of}`;
  });
  expect(told).toEqual([
    'Passphrase of the key /home/me/.ssh/id:1',
    'Password of core@[2001:db8::1]:22',
    'Password of the etcd user root@https://etcd:2379',
    'Secret of-a-later-version:x',
    'Secret plain',
  ]);
});
