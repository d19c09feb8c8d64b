import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { findSecrets } from './find-secrets.ts';

const found = (text: string) => findSecrets(text).map(({ start, end }) => text.slice(start, end));

it.each([
  ['db_password = hunter2', ['hunter2']],
  ['DB_PASSWORD=hunter2 # old', ['hunter2']],
  ['  "registry-token": "abc def",', ['abc def']],
  ["api_key: 'xyz'", ['xyz']],
  ['Environment=A=1 REDIS_PASSWORD=s3cret B=2', ['s3cret']],
  ['Environment="REDIS_PASSWORD=s3cret"', ['s3cret']],
  ['PrivateKey=yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=', ['yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=']],
  ['requirepass foobared', ['foobared']],
  ['ExecStart=/usr/bin/agent --token s.abc123 --verbose', ['s.abc123']],
  ['proxy = http://ada:lovelace@proxy:3128/', ['lovelace']],
  ['Authorization: Bearer abcdefgh12345678', ['abcdefgh12345678']],
  ['root:$6$rounds$abcdefghijklmnopqrstuv:19000:0:99999:7:::', ['$6$rounds$abcdefghijklmnopqrstuv']],
  ['-----BEGIN OPENSSH PRIVATE KEY-----\nAAA\nBBB\n-----END OPENSSH PRIVATE KEY-----\n', ['AAA\nBBB']],
  ['x ⟦secret 0123456789ab⟧', ['⟦secret 0123456789ab⟧']],
])('finds in %j', (text, secrets) => {
  expect(found(text)).toEqual(secrets);
});

it.each([
  'PasswordAuthentication no',
  'passwd: files systemd',
  'password_file = /run/secrets/db',
  'token_limit = 5',
  'password = ${DB_PASSWORD}',
  'password [success=1 default=ignore] pam_unix.so obscure yescrypt',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF ada@laptop',
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  'http://proxy:3128/a@b',
  'secret =',
])('lets %j be', (text) => {
  expect(found(text)).toEqual([]);
});

it('finds what stands far in one long line, wherever a piece of it ends', () => {
  for (let at = 11_900; at < 12_100; at += 7) {
    const text = `{"a": "${'x'.repeat(at)}", "password": "hunter2hunter2"}`;
    expect([at, found(text)]).toEqual([at, ['hunter2hunter2']]);
  }
});

it('gives ranges in order, within the text, without overlap, whatever the text', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      'password=',
      'token: ',
      '"',
      '\n',
      '-----BEGIN RSA PRIVATE KEY-----\n',
      '//a:',
      '@',
      '$6$',
      '⟦secret ',
    ),
  );
  const checked = fc.check(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      let last = 0;
      for (const { start, end } of findSecrets(text)) {
        if (start < last || end <= start || end > text.length) return false;
        last = end;
      }
      return true;
    }),
  );
  expect(checked.counterexample).toBeNull();
});

it('looks through long texts that were made to be slow', () => {
  for (const unit of ['password', 'a', '$6$', '//a:b', 'token=', '-', ' ', 'x.', '"password":', 'Bearer ']) {
    const text = unit.repeat(Math.ceil(262_144 / unit.length));
    expect(findSecrets(text).length).toBeLessThan(text.length);
  }
});
