// npm run load: measures under load and prints figures. Each script in test/load whose head says "Usage:" is run,
// or only those that are named, with the options that follow: npm run load -- fleet --hosts 2000 --minutes 10
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from './build.mjs';
import { loadTools, providePackages } from './packages.mjs';
import { environment, root } from './places.mjs';
import { run } from './run.mjs';
import { setup } from './setup.mjs';

const folder = join(root, 'test', 'load');

/** The scripts, not the parts of one: name without `.ts`, and what its head says of itself. */
async function loadScripts() {
  const scripts = new Map();
  for (const file of (await readdir(folder)).toSorted()) {
    if (!file.endsWith('.ts') || /\.(test|bench)\.ts$/.test(file)) continue;
    const head = (await readFile(join(folder, file), 'utf8')).slice(0, 1000);
    const about = /^\/\*\*\n(.*?)\n \*\/$/ms.exec(head)?.[1] ?? '';
    if (about.includes('Usage:')) scripts.set(file.slice(0, -'.ts'.length), about.replaceAll(/^ \* ?/gm, '  '));
  }
  return scripts;
}

const given = process.argv.slice(2);
const firstOption = given.findIndex((word) => word.startsWith('-'));
const named = firstOption < 0 ? given : given.slice(0, firstOption);
const options = firstOption < 0 ? [] : given.slice(firstOption);
const scripts = await loadScripts();
const known = [...scripts.keys()];
const unknown = named.filter((name) => !scripts.has(name));
if (options.includes('--help')) {
  console.log(`npm run load -- [names] [options of the one that is named]\n`);
  for (const [name, about] of scripts) console.log(`${name}\n${about}\n`);
} else if (unknown.length > 0 || (options.length > 0 && named.length !== 1)) {
  console.error(
    unknown.length > 0
      ? `No such load script: ${unknown.join(', ')}. There are: ${known.join(', ')}.`
      : `Options belong to one script: name it first. There are: ${known.join(', ')}; --help tells their options.`,
  );
  process.exitCode = 1;
} else {
  const node = await setup();
  await providePackages(loadTools);
  await build();
  for (const name of named.length > 0 ? named : known) {
    console.log(`\n— ${name} —`);
    const { code } = await run(node, [join(folder, `${name}.ts`), ...options], { cwd: root, env: environment(node) });
    if (code !== 0) process.exitCode = 1;
  }
}
