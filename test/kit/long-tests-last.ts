import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By how much one would miss them, those that one would miss least last: where a run's time does not last, they are left out. */
const long = JSON.parse(
  readFileSync(new URL('../../resources/tasks/long-tests.json', import.meta.url), 'utf8'),
) as string[];

const rank = ({ moduleId }: TestSpecification): number => long.findIndex((name) => moduleId.endsWith(`/${name}`));

/** Vitest's own order (what failed before goes first), but the long files at the end, in the order of their list. */
export class LongTestsLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
