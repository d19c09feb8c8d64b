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
import { timesOf } from './test-time.mjs';

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

/** Runs tests of one kind; resolves to what the reporter wrote down, or null when no file came to an end. */
async function runVitest(node, project, args, file, last) {
  await rm(file, { force: true });
  const timeoutMs = Math.max(1, timesOf(project, started).end - Date.now());
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
    { cwd: root, env: environment(node, { QUARTERDECK_TEST_SUMMARY: file, ...last }), timeoutMs },
  );
  const summary = await readFile(file, 'utf8').then(JSON.parse, () => null);
  return { code, summary };
}

async function runTests(node, project, args, folder) {
  console.log(`\n— ${project} tests —`);
  const file = join(folder, `${project}.json`);
  const times = timesOf(project, started);
  let { code, summary } = await runVitest(node, project, args, file, { QUARTERDECK_TESTS_UNTIL: String(times.last) });
  const again = summary && Date.now() < times.again ? worthASecondTry(summary) : [];
  if (again.length > 0) {
    console.log(`\n— ${project} tests, a second try of ${again.join(', ')} —`);
    const second = await runVitest(node, project, [...again, '--no-file-parallelism'], file, {});
    if (second.summary) {
      summary = withSecondTry(summary, second.summary);
      code = second.code;
    }
  }
  if (!summary) {
    total.failed.push(`${project} tests ended with code ${code} and no result`);
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
  if (code !== 0 && !anyFailed) total.failed.push(`${project} tests ended with code ${code}`);
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
    for (const project of chosen) {
      await runTests(
        node,
        project,
        args.filter((word) => word !== named),
        folder,
      );
    }
  }
} catch (error) {
  total.failed.push(error.message);
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = printSummary(total);
