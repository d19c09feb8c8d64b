import { expect, test } from 'vitest';
import { consolePaths } from './paths.ts';

test('Linux follows XDG, and ignores paths that are not absolute', () => {
  expect(consolePaths('linux', {}, '/home/ada')).toEqual({
    configDir: '/home/ada/.config/quarterdeck/clusters',
    dataDir: '/home/ada/.local/share/quarterdeck',
  });
  expect(consolePaths('linux', { XDG_CONFIG_HOME: '/x', XDG_DATA_HOME: 'rel' }, '/home/ada')).toEqual({
    configDir: '/x/quarterdeck/clusters',
    dataDir: '/home/ada/.local/share/quarterdeck',
  });
});

test('macOS and Windows have their own places', () => {
  expect(consolePaths('darwin', {}, '/Users/ada')).toEqual({
    configDir: '/Users/ada/Library/Application Support/Quarterdeck/clusters',
    dataDir: '/Users/ada/Library/Application Support/Quarterdeck',
  });
  expect(consolePaths('win32', { APPDATA: 'C:\\R' }, 'C:\\Users\\ada')).toEqual({
    configDir: 'C:\\R\\Quarterdeck\\clusters',
    dataDir: 'C:\\Users\\ada\\AppData\\Local\\Quarterdeck',
  });
});
