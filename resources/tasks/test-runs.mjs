// What npm test runs, one after the other, and how long each may take, so that it ends with its counts on a slow machine too,
// where a CI would just cut it off. Last come the integration files that take longest, in the order of that list: where
// the time does not last for all, it is these that are left out, and told.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';

const minutes = Number(process.env.QUARTERDECK_TEST_MINUTES) || 84;
const long = JSON.parse(readFileSync(join(root, 'resources', 'tasks', 'long-tests.json'), 'utf8'));

/** Of the whole: when a run begins its last file, when it tries again at the latest, and when it is ended come what may. */
const runs = [
  { name: 'unit', project: 'unit', args: [], last: 0.3, again: 0.3, end: 0.4 },
  {
    name: 'integration',
    project: 'integration',
    args: long.map((file) => `--exclude=${file}`),
    last: 0.5,
    again: 0.5,
    end: 0.6,
  },
  { name: 'e2e', project: 'e2e', args: [], last: 0.85, again: 0.85, end: 0.95 },
  { name: 'long integration', project: 'integration', args: long, last: 0.88, again: 0.9, end: 1 },
];

/** The runs of a test run that began at `started`; their moments are milliseconds since 1970. */
export function testRuns(started) {
  const at = (share) => Math.round(started + share * minutes * 60_000);
  return runs.map(({ last, again, end, ...run }) => ({ ...run, last: at(last), again: at(again), end: at(end) }));
}

/** The runs of what somebody asked for by name: as long as it takes. */
export function namedRuns(projects, args) {
  const never = Number.MAX_SAFE_INTEGER;
  return projects.map((project) => ({ name: project, project, args, last: never, again: never, end: never }));
}
