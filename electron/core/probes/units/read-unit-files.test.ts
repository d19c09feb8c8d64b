import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localAccess } from '#kit/command-access.ts';
import { parseUnitFiles, readUnitFiles } from './read-unit-files.ts';

describe('readUnitFiles', () => {
  const access = localAccess(() => Promise.reject(new Error('no bus')));
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "quarterdeck unit's-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('reads files whatever they hold and however they are called', async () => {
    const texts = [
      '[Unit]\nDescription=A\n',
      'no line feed at the end',
      '',
      '\nquarterdeck-x process\n\u001b[1m',
      'z'.repeat(70_000),
    ];
    const paths = texts.map((_, index) => join(folder, `-n $(date) ${index}.conf`));
    await Promise.all(paths.map((path, index) => writeFile(path, texts[index] ?? '')));
    const { files, mainProcess } = await readUnitFiles(access, [...paths, folder, '/nowhere', 'relative'], process.pid);
    expect(files.map((file) => file.path)).toEqual([...paths, folder, '/nowhere']);
    expect(files.map((file) => file.text)).toEqual([
      texts[0],
      texts[1],
      '',
      '\nquarterdeck-x process\n␛[1m',
      'z'.repeat(65_536),
      '# this user cannot read the file\n',
      '# this user cannot read the file\n',
    ]);
    expect(mainProcess).toContain('node');
  });

  it('says unread of what was not printed', () => {
    expect(parseUnitFiles('M process\n', 'M', ['/a'])).toEqual({
      files: [{ path: '/a', text: '# this user cannot read the file\n', read: false }],
      mainProcess: '',
    });
  });
});
