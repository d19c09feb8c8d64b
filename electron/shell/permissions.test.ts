import { expect, test } from 'vitest';
import { mayUse } from './permissions.ts';

test('our page may write text to the clipboard, others not', () => {
  expect(mayUse('clipboard-sanitized-write', 'app://quarterdeck/')).toBe(true);
  expect(mayUse('clipboard-sanitized-write', 'https://evil.example/')).toBe(false);
});

test.each([
  'media',
  'geolocation',
  'notifications',
  'clipboard-read',
  'openExternal',
  'fileSystem',
  'usb',
  'hid',
  'serial',
])('%s is denied', (permission) => {
  expect(mayUse(permission, 'app://quarterdeck/')).toBe(false);
});
