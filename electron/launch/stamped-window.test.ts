import { expect, test } from 'vitest';
import { firstPreferences } from '#shared/contract/preferences.ts';
import { stampedWindow } from './stamped-window.ts';

const encoded = (text: string) => new TextEncoder().encode(text);
const files = new Map([
  ['/', { body: encoded('<html lang="en"><head></head></html>'), type: 'text/html; charset=utf-8', immutable: false }],
  ['/a.js', { body: encoded('"</head>"'), type: 'text/javascript; charset=utf-8', immutable: true }],
]);
const read = (theme: 'system' | 'light', path: string, id = 'cpu') => {
  const window = stampedWindow(files, () => ({ ...firstPreferences, theme, fleetColumns: [{ id, width: 90 }] }));
  return new TextDecoder().decode(window.get(path)?.body);
};

test('the page begins in the theme that was chosen', () => {
  expect(read('light', '/')).toMatch(/^<html data-theme="light" lang="en">/);
  expect(read('system', '/')).toMatch(/^<html lang="en">/);
});

test('what is liked is an attribute and nothing else, whatever it says', () => {
  const page = read('system', '/', '"><script>&quot;$&');
  expect(page).not.toContain('<script');
  const content = /content="([^"]*)"><\/head>/.exec(page)?.[1] ?? '';
  const text = content.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  expect(JSON.parse(text)).toMatchObject({ fleetColumns: [{ id: '"><script>&quot;$&', width: 90 }] });
});

test('other files are left as they are; what is not there stays so', () => {
  expect(read('light', '/a.js')).toBe('"</head>"');
  expect(stampedWindow(files, () => firstPreferences).get('/none')).toBeUndefined();
});
