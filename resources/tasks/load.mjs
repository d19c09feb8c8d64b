// npm run load: measures under load and prints figures. Each script in test/load whose head says "Usage:" is run,
// or only those that are named: npm run load -- sweep live
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from './build.mjs';
import { loadTools, providePackages } from './packages.mjs';
import { environment, root } from './places.mjs';
import { run } from './run.mjs';
import { setup } from './setup.mjs';

const folder = join(root, 'test', 'load');

/** The names, without `.ts`, of the files that are scripts and not parts of one. */
async function scriptNames() {
  const names = [];
  for (const file of (await readdir(folder)).toSorted()) {
    if (!file.endsWith('.ts') || /\.(test|bench)\.ts$/.test(file)) continue;
    const head = (await readFile(join(folder, file), 'utf8')).slice(0, 1000);
    if (head.includes('Usage:')) names.push(file.slice(0, -'.ts'.length));
  }
  return names;
}

const node = await setup();
await providePackages(loadTools);
await build();
const known = await scriptNames();
const named = process.argv.slice(2);
const unknown = named.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`No such load script: ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  process.exitCode = 1;
} else {
  for (const name of named.length > 0 ? named : known) {
    console.log(`\n— ${name} —`);
    const { code } = await run(node, [join(folder, `${name}.ts`)], { cwd: root, env: environment(node) });
    if (code !== 0) process.exitCode = 1;
  }
}
