import { expect, test } from 'vitest';
import { defaultFolders } from './folders.ts';

test('Linux follows XDG and ignores relative paths', () => {
  expect(defaultFolders({ platform: 'linux', env: { XDG_DATA_HOME: '/x/data' }, home: '/home/me' })).toEqual({
    dataDir: '/x/data/quarterdeck',
    configDir: '/home/me/.config/quarterdeck/clusters',
  });
  expect(defaultFolders({ platform: 'linux', env: { XDG_DATA_HOME: 'data' }, home: '/home/me' }).dataDir).toBe(
    '/home/me/.local/share/quarterdeck',
  );
});

test('macOS keeps everything under Application Support', () => {
  expect(defaultFolders({ platform: 'darwin', env: {}, home: '/Users/me' }).configDir).toBe(
    '/Users/me/Library/Application Support/Quarterdeck/clusters',
  );
});
