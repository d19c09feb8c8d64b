import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '..', '..');
const plantedFolder = join(import.meta.dirname, 'planted');
const planted = readdirSync(plantedFolder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(plantedFolder.length + 1)
      .replaceAll('\\', '/'),
  )
  .toSorted();

/** The folders of the project as they would be with the planted file among them. */
let copy = '';
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'quarterdeck-walls-'));
  for (const name of ['shared', 'electron', 'renderer', 'tsconfig.json', '.oxlintrc.json', 'package.json']) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  cpSync(plantedFolder, copy, { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
}, 60_000);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const report = z.object({
  diagnostics: z.array(z.object({ code: z.string().optional(), filename: z.string() })),
  number_of_files: z.int(),
});

/** The files in which the linter finds a broken wall, and how many files it read. */
function lint(): { readonly broken: string[]; readonly files: number } {
  const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const { stdout } = spawnSync(process.execPath, [oxlint, '--format=json'], {
    cwd: copy,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  const { diagnostics, number_of_files: files } = report.parse(JSON.parse(stdout));
  const broken = diagnostics.filter(({ code }) => code?.includes('no-restricted-imports'));
  return { broken: broken.map(({ filename }) => filename).toSorted(), files };
}

function compile(project: string): string {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  return spawnSync(process.execPath, [tsc, '-p', project, '--noEmit'], { cwd: copy, encoding: 'utf8' }).stdout;
}

test('there are planted files for every part of the project', () => {
  const parts = new Set(planted.map((file) => file.split('/').slice(0, 2).join('/')));
  expect([...parts]).toEqual(
    expect.arrayContaining([
      'electron/core',
      'electron/demo',
      'electron/serve',
      'electron/shell',
      'renderer/features',
      'renderer/ui',
      'shared/contract',
      'shared/lib',
    ]),
  );
});

test('the linter reads the whole project and reports every planted file, and no other', () => {
  const { broken, files } = lint();
  expect(files).toBeGreaterThan(400);
  expect(broken).toEqual(planted);
}, 60_000);

test('the compiler lets shared/ reach neither Node nor another folder', () => {
  const errors = compile('shared');
  expect(errors).toMatch(/shared\/lib\/reads-a-file\.ts.*TS(2591|2307)/);
  expect(errors).toMatch(/TS(6307|6059).*shell-quote\.ts/);
}, 60_000);

test('the compiler lets the window reach nothing of electron/', () => {
  expect(compile('renderer')).toMatch(/TS(6307|6059).*shell-quote\.ts/);
}, 60_000);
