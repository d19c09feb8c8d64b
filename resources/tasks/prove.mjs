// npm run prove: the long proofs, which npm test runs a few rounds or rows of. All of them, or those that are named:
// npm run prove -- rounds   200 times a bad value at the canary, 100 times two consoles at once, with random timing
// npm run prove -- faults   every step of a change on a host, each with every way in which it can be cut short
import { providePackages } from './packages.mjs';
import { commands, environment, root } from './places.mjs';
import { run } from './run.mjs';
import { setup } from './setup.mjs';

const proofs = {
  rounds: { file: 'change-rounds', env: { QUARTERDECK_ROUNDS: '200' } },
  faults: { file: 'fault-matrix', env: { QUARTERDECK_FAULTS: 'all' } },
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(proofs, name));
if (unknown.length > 0) {
  console.error(`No such proof: ${unknown.join(', ')}. There are: ${Object.keys(proofs).join(', ')}.`);
  process.exitCode = 1;
} else {
  const node = await setup();
  await providePackages();
  for (const name of named.length > 0 ? named : Object.keys(proofs)) {
    const { file, env } = proofs[name];
    console.log(`\n— ${name} —`);
    const words = [commands.vitest, 'run', '--project=integration', '--reporter=verbose', file];
    const { code } = await run(node, words, { cwd: root, env: environment(node, env) });
    if (code !== 0) process.exitCode = 1;
  }
}
