import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const tasks = join(root, 'resources', 'tasks');
const planted = `
import { describe, expect, test } from 'vitest';
import { skipUnless } from '${pathToFileURL(join(root, 'test', 'kit', 'skip.ts')).href}';
test('good', () => expect(1).toBe(1));
test('bad', () => expect(1).toBe(2));
test('told', () => skipUnless(false, 'no moon tonight'));
test('kept', () => skipUnless(true, 'never said'));
test.skip('silent', () => {});
describe('group', () => { test.todo('some day'); });
`;

interface TestRun {
  readonly files: Record<string, { passed: number; failed: string[]; skipped: unknown[] }>;
  readonly outside: string[];
}
interface SecondTry {
  readonly worthASecondTry: (run: TestRun) => string[];
  readonly withSecondTry: (first: TestRun, second: TestRun) => TestRun & { unsteady: string[] };
}

interface TestRuns {
  readonly testRuns: (
    started: number,
  ) => { project: string; args: string[]; last: number; again: number; end: number }[];
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-test-run-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  writeFileSync(join(folder, 'planted.test.ts'), planted);
  writeFileSync(join(folder, 'broken.test.ts'), "import './not-there.ts';");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('npm run load tells its scripts with their options, and refuses what none of them takes', () => {
  const load = (...words: string[]) =>
    spawnSync(process.execPath, [join(tasks, 'load.mjs'), ...words], { encoding: 'utf8' });
  const help = load('--help');
  for (const words of ['fleet [--hosts 1000] [--seconds 60]', 'samples [--hosts', 'sweep [--hosts'])
    expect(help.stdout).toContain(words);
  expect(load('nothing')).toMatchObject({ status: 1, stderr: expect.stringContaining('No such load script: nothing') });
  expect(load('--hosts', '5')).toMatchObject({ status: 1, stderr: expect.stringContaining('name it first') });
  const script = (...words: string[]) =>
    spawnSync(process.execPath, [join(root, 'test', 'load', 'fleet.ts'), ...words], { encoding: 'utf8' });
  expect(script('--hosts', 'many')).toMatchObject({ status: 2, stderr: expect.stringContaining('whole number') });
  expect(script('--times', '5')).toMatchObject({ status: 2, stderr: expect.stringContaining('--minutes N') });
}, 60_000);

test('the reporter of npm test counts everything, and the last line says so', () => {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const file = join(folder, 'summary.json');
  spawnSync(process.execPath, [vitest, 'run', `--root=${folder}`, `--reporter=${join(tasks, 'test-reporter.mjs')}`], {
    env: { ...process.env, QUARTERDECK_TEST_SUMMARY: file },
  });
  const run = JSON.parse(readFileSync(file, 'utf8')) as TestRun;
  expect(run).toMatchObject({
    outside: [],
    files: {
      'broken.test.ts': { passed: 0, failed: [expect.stringMatching(/^broken\.test\.ts: .*not-there/s)] },
      'planted.test.ts': { passed: 2, failed: [expect.stringMatching(/^planted\.test\.ts > bad: expected 1 to be 2/)] },
    },
  });
  const summary = run.files['planted.test.ts'];
  expect(summary?.skipped).toEqual([
    { name: 'planted.test.ts > told', reason: 'no moon tonight' },
    { name: 'planted.test.ts > silent', reason: null },
    { name: 'planted.test.ts > group > some day', reason: null },
  ]);

  const script = `import { printSummary } from ${JSON.stringify(pathToFileURL(join(tasks, 'summary.mjs')).href)};
process.exitCode = printSummary(${JSON.stringify({ ...summary, unsteady: ['shy'] })});`;
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('2 passed, 3 failed, 1 skipped');
  expect(stdout).toContain('Passed only at the second try:\n  shy\n');
  expect(stdout).toContain('no moon tonight\n    planted.test.ts > told');
  expect(stdout).toContain('planted.test.ts > silent: skipped without a reason');
}, 60_000);

test('what there is no time for is not begun, and is counted as skipped for that reason', async () => {
  const runner = join(tasks, 'timed-runner.mjs');
  writeFileSync(join(folder, 'late.config.mjs'), `export default { test: { runner: ${JSON.stringify(runner)} } };`);
  const file = join(folder, 'late.json');
  const words = ['run', `--root=${folder}`, `--config=${join(folder, 'late.config.mjs')}`];
  spawnSync(
    process.execPath,
    [join(root, 'node_modules', 'vitest', 'vitest.mjs'), ...words, `--reporter=${join(tasks, 'test-reporter.mjs')}`],
    { env: { ...process.env, QUARTERDECK_TEST_SUMMARY: file, QUARTERDECK_TESTS_UNTIL: String(Date.now()) } },
  );
  const skipped = (name: string) => ({
    passed: 0,
    failed: [],
    skipped: [{ name: `${name} > all of its tests`, reason: expect.stringContaining('no time was left') }],
  });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    outside: [],
    files: { 'broken.test.ts': skipped('broken.test.ts'), 'planted.test.ts': skipped('planted.test.ts') },
  });

  const { testRuns }: TestRuns = await import(pathToFileURL(join(tasks, 'test-runs.mjs')).href);
  const runs = testRuns(0);
  for (const { last, again, end } of runs)
    expect([last, again, end]).toEqual([last, again, end].toSorted((a, b) => a - b));
  const ends = runs.map(({ end }) => end);
  expect(ends).toEqual(ends.toSorted((one, other) => one - other));
  // A CI that gives 90 minutes hears the counts.
  expect(ends.at(-1)).toBeLessThan(88 * 60_000);
  // The long files are left out of one run and are all of another.
  const [short, long] = runs.filter(({ project }) => project === 'integration').map(({ args }) => args);
  expect(short).toEqual(long?.map((name) => `--exclude=${name}`));
  expect(long?.filter((name) => !existsSync(join(root, name)))).toEqual([]);
}, 60_000);

test('what is run for somebody who is ended by SIGTERM is ended too', async () => {
  const run = JSON.stringify(pathToFileURL(join(tasks, 'run.mjs')).href);
  const child = 'console.log(process.pid); setTimeout(() => {}, 20_000)';
  const script = `import { run } from ${run}; await run(process.execPath, ['--eval', ${JSON.stringify(child)}]);`;
  const runner = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [told] = (await once(runner.stdout, 'data')) as [Buffer];
  const ended = once(runner, 'exit');
  runner.kill('SIGTERM');
  expect((await ended)[0]).toBe(143);
  const isThere = () => {
    try {
      return process.kill(Number(told.toString()), 0);
    } catch {
      return false;
    }
  };
  await expect.poll(isThere, { timeout: 10_000 }).toBe(false);
}, 60_000);

test('a few files that failed are tried once more, and what had failed in them stays told', async () => {
  const module: SecondTry = await import(pathToFileURL(join(tasks, 'second-try.mjs')).href);
  const { worthASecondTry, withSecondTry } = module;
  const file = (...failed: string[]) => ({ passed: 3 - failed.length, failed, skipped: [] });
  const first = { files: { a: file('a > one: late'), b: file(), c: file('c > two: wrong') }, outside: [] };
  expect(worthASecondTry(first)).toEqual(['a', 'c']);
  const both = withSecondTry(first, { files: { a: file(), c: file('c > two: wrong') }, outside: [] });
  expect(both).toEqual({
    files: { a: file(), b: file(), c: file('c > two: wrong') },
    outside: [],
    unsteady: ['a > one: late'],
  });
  expect(worthASecondTry({ ...first, outside: ['outside any test: boom'] })).toEqual([]);
  const many = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => [name, file(`${name}: wrong`)]));
  expect(worthASecondTry({ files: many, outside: [] })).toEqual([]);
});
