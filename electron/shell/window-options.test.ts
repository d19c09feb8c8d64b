import { expect, test } from 'vitest';
import { windowOptions } from './window-options.ts';

const options = windowOptions({ bounds: { width: 1360, height: 860 }, maximized: false }, '/app/preload.cjs', true);

test('the page is isolated, sandboxed and without Node', () => {
  expect(options.webPreferences).toMatchObject({
    preload: '/app/preload.cjs',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    spellcheck: false,
  });
  expect(options.webPreferences).not.toHaveProperty('enableBlinkFeatures');
  expect(options.webPreferences).not.toHaveProperty('additionalArguments');
});

test('the window is hidden until it has something to show, in the colour of the theme', () => {
  expect(options.show).toBe(false);
  const light = windowOptions({ bounds: { width: 1, height: 1 }, maximized: false }, 'p', false);
  expect(light.backgroundColor).not.toBe(options.backgroundColor);
});
