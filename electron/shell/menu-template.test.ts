import { expect, test } from 'vitest';
import { menuTemplate } from './menu-template.ts';

const actions = { openDataFolder() {} };
const text = (platform: NodeJS.Platform, packaged: boolean) =>
  JSON.stringify(menuTemplate(platform, packaged, actions));

test('developer tools are in the menu only where the app runs from its sources', () => {
  expect(text('linux', false)).toContain('toggleDevTools');
  expect(text('linux', true)).not.toContain('toggleDevTools');
});

test('macOS has its app menu first, others can quit from File', () => {
  expect(menuTemplate('darwin', true, actions)[0]).toEqual({ role: 'appMenu' });
  expect(text('win32', true)).toContain('"quit"');
});
