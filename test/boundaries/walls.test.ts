import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

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

interface LintResult {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string; readonly message: string }[];
  readonly number_of_files: number;
}

function lint(...paths: string[]): LintResult {
  const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const { stdout } = spawnSync(process.execPath, [oxlint, '--format=json', ...paths], { cwd: copy, encoding: 'utf8' });
  return JSON.parse(stdout) as LintResult;
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

test.each(planted)('the linter reports %s', (file) => {
  const { diagnostics, number_of_files: files } = lint(file);
  expect(files).toBe(1);
  const walls = diagnostics.filter(({ code }) => code.includes('no-restricted-imports'));
  expect(walls).toHaveLength(1);
  expect(walls[0]?.filename).toBe(file);
});

test('the linter reads the whole project and finds no wall broken but the planted ones', () => {
  const { diagnostics, number_of_files: files } = lint();
  const broken = diagnostics
    .filter(({ code }) => code.includes('no-restricted-imports'))
    .map(({ filename }) => filename)
    .toSorted();
  expect(files).toBeGreaterThan(200);
  expect(broken).toEqual(planted);
}, 60_000);

test.each([
  ['shared', 'shared/lib/reads-a-file.ts', /TS2591|TS2307/],
  ['shared', 'shared/formats/knows-the-core.ts', /TS6307|TS6059/],
  ['renderer', 'renderer/link/reaches-the-core.ts', /TS6307|TS6059/],
])(
  'the compiler of %s/ reports %s',
  (project, file, code) => {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', project, '--noEmit'], { cwd: copy, encoding: 'utf8' });
    const lines = stdout
      .split('\n')
      .filter((line) => line.startsWith(file) || line.includes(file.split('/').at(-1) ?? file));
    expect(lines.join('\n')).toMatch(code);
  },
  60_000,
);
