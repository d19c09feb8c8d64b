// npm test: sets up, checks the code, builds, runs all tests, and ends with one line that counts them.
// npm test -- <vitest filters or options> runs only those tests; npm test -- --checks only the checks.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { providePackages } from './packages.mjs';
import { commands, environment, root } from './places.mjs';
import { run } from './run.mjs';
import { withSecondTry, worthASecondTry } from './second-try.mjs';
import { setup } from './setup.mjs';
import { printSummary } from './summary.mjs';
import { namedRuns, testRuns } from './test-runs.mjs';

const projects = ['unit', 'integration', 'e2e'];
const started = Date.now();
const total = { passed: 0, failed: [], skipped: [], unsteady: [] };

/** Runs one check; its output is shown only when it fails. */
async function check(name, task) {
  const began = Date.now();
  const problem = await task().catch((error) => error.message);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  if (problem) {
    console.log(`✗ ${name} (${seconds} s)\n${problem}`);
    total.failed.push(name);
  } else {
    console.log(`✓ ${name} (${seconds} s)`);
    total.passed++;
  }
}

const command = (node, args) => async () => {
  const { code, output } = await run(node, args, { cwd: root, quiet: true, env: environment(node) });
  return code === 0 ? null : output || `ended with code ${code}`;
};

async function runChecks(node) {
  await check('types', command(node, [commands.tsc, '-b']));
  await check('lint', command(node, [commands.oxlint, '--type-aware']));
  await check('format', command(node, [commands.biome, 'format', '.']));
  await check('unused code', command(node, [commands.knip]));
}

/** Runs vitest; resolves to what the reporter wrote down, or null when no file came to an end. */
async function runVitest(node, { project, end }, args, file, more) {
  await rm(file, { force: true });
  // The longest that a timer can be, where it has no end.
  const timeoutMs = Math.min(Math.max(1, end - Date.now()), 2 ** 31 - 1);
  const { code } = await run(
    node,
    [
      commands.vitest,
      'run',
      `--project=${project}`,
      '--passWithNoTests',
      '--reporter=default',
      `--reporter=${join(root, 'resources', 'tasks', 'test-reporter.mjs')}`,
      ...args,
    ],
    { cwd: root, env: environment(node, { QUARTERDECK_TEST_SUMMARY: file, ...more }), timeoutMs },
  );
  const summary = await readFile(file, 'utf8').then(JSON.parse, () => null);
  return { code, summary };
}

async function runTests(node, one, folder) {
  const { name, args } = one;
  console.log(`\n— ${name} tests —`);
  const file = join(folder, 'summary.json');
  let { code, summary } = await runVitest(node, one, args, file, { QUARTERDECK_TESTS_UNTIL: String(one.last) });
  const again = summary && Date.now() < one.again ? worthASecondTry(summary) : [];
  if (again.length > 0) {
    console.log(`\n— ${name} tests, a second try of ${again.join(', ')} —`);
    const second = await runVitest(node, one, [...again, '--no-file-parallelism'], file, {});
    if (second.summary) {
      summary = withSecondTry(summary, second.summary);
      code = second.code;
    }
  }
  if (!summary) {
    total.failed.push(`${name} tests ended with code ${code} and no result`);
    return;
  }
  const told = Object.values(summary.files);
  for (const { passed, failed, skipped } of told) {
    total.passed += passed;
    total.failed.push(...failed);
    total.skipped.push(...skipped);
  }
  total.failed.push(...summary.outside);
  total.unsteady.push(...(summary.unsteady ?? []));
  const anyFailed = summary.outside.length > 0 || told.some(({ failed }) => failed.length > 0);
  if (code !== 0 && !anyFailed) total.failed.push(`${name} tests ended with code ${code}`);
}

const args = process.argv.slice(2).filter((word) => word !== '--checks');
const checksOnly = process.argv.includes('--checks');
const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-test-'));
try {
  const node = await setup();
  if (!checksOnly) await providePackages();
  if (args.length === 0) await runChecks(node);
  await check('build', command(node, [join(root, 'resources', 'tasks', 'build.mjs')]));
  if (!checksOnly) {
    const named = args.find((word) => word.startsWith('--project='));
    const chosen = named ? [named.slice('--project='.length)] : projects;
    const words = args.filter((word) => word !== named);
    for (const one of args.length === 0 ? testRuns(started) : namedRuns(chosen, words))
      await runTests(node, one, folder);
  }
} catch (error) {
  total.failed.push(error.message);
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = printSummary(total);
