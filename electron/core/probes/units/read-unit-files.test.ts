import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localAccess } from '#kit/command-access.ts';
import { cleanLine, cleanText } from '#shared/lib/clean-text.ts';
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

  it('takes anything apart that may be printed: each file that was asked for once, clean and bounded', () => {
    const marker = 'quarterdeck-8f';
    const own = fc.constantFrom(
      `${marker} file\n`,
      `${marker} process\n`,
      `\n${marker} unread\n`,
      `\n${marker} `,
      '\n',
    );
    const piece = fc.oneof(own, fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 40 }));
    const path = fc.string({ maxLength: 20 }).map((name) => `/${name}`);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.array(path, { maxLength: 6 }), (pieces, paths) => {
        const { files, mainProcess } = parseUnitFiles(pieces.join(''), marker, paths);
        expect(files.map((file) => file.path)).toEqual(paths);
        expect(mainProcess.length).toBeLessThanOrEqual(501);
        // oxlint-disable-next-line no-control-regex -- control characters are exactly what must not be there
        for (const { text } of files) expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e]/);
        // oxlint-disable-next-line no-control-regex -- as above
        expect(mainProcess).not.toMatch(/[\u0000-\u001f\u007f\u202a-\u202e]/);
      }),
      { seed: 20_261_129, numRuns: 2000 },
    );
  });

  it('gives back any texts that were printed whole, whatever stands in them', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(fc.array(fc.option(text), { maxLength: 8 }), fc.string({ maxLength: 40 }), (texts, command) => {
        const marker = 'quarterdeck-8f';
        const parts = texts.map((one) => (one === null ? `\n${marker} unread\n` : `\n${marker} file\n${one}`));
        const { files, mainProcess } = parseUnitFiles(
          `${marker} process\n${command}${parts.join('')}`,
          marker,
          texts.map((_, at) => `/${at}`),
        );
        const unread = '# this user cannot read the file\n';
        expect(files.map((file) => file.text)).toEqual(texts.map((one) => (one === null ? unread : cleanText(one))));
        expect(mainProcess).toBe(cleanLine(command, 500));
      }),
      { seed: 20_261_129, numRuns: 1000 },
    );
  });

  it('says unread of what was not printed', () => {
    expect(parseUnitFiles('M process\n', 'M', ['/a'])).toEqual({
      files: [{ path: '/a', text: '# this user cannot read the file\n', read: false }],
      mainProcess: '',
    });
  });
});
