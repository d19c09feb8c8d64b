import { expect, test } from 'vitest';
import { mayNavigate, mayRequest, outsideAddress } from './navigation.ts';

test.each(['app://quarterdeck/', 'app://quarterdeck/?cluster=demo#/fleet'])('the window may be at %s', (address) => {
  expect(mayNavigate(address)).toBe(true);
});

test.each([
  'https://quarterdeck/',
  'app://evil/',
  'app://quarterdeck.evil.example/',
  'app://user@quarterdeck/',
  'app://quarterdeck:8080/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,x',
  'about:blank',
  '',
])('the window may not be at “%s”', (address) => {
  expect(mayNavigate(address)).toBe(false);
});

test('only known sites over https are opened outside', () => {
  expect(outsideAddress('https://www.freedesktop.org/software/systemd/man/')).toBe(
    'https://www.freedesktop.org/software/systemd/man/',
  );
  for (const address of [
    'http://www.freedesktop.org/',
    'https://evil.example/',
    'https://github.com.evil.example/',
    'https://github.com@evil.example/',
    'https://user:word@github.com/',
    'https://github.com:8443/',
    'file:///usr/bin/xterm',
    'smb://github.com/share',
    'ms-settings:',
    `https://github.com/${'a'.repeat(3000)}`,
    'no address',
  ]) {
    expect([address, outsideAddress(address)]).toEqual([address, null]);
  }
});

test('the page can load its own files and nothing from any network', () => {
  expect(mayRequest('app://quarterdeck/assets/x.js', true)).toBe(true);
  expect(mayRequest('blob:app://quarterdeck/1', true)).toBe(true);
  expect(mayRequest('https://example.org/', true)).toBe(false);
  expect(mayRequest('ws://127.0.0.1/', true)).toBe(false);
  expect(mayRequest('file:///etc/passwd', true)).toBe(false);
  expect(mayRequest('devtools://devtools/x', false)).toBe(true);
  expect(mayRequest('devtools://devtools/x', true)).toBe(false);
});
