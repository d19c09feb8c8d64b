import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By how long they take, the longest last: where a run's time does not last for all, it is these that are left out. */
const long = [
  'integration/change-rounds',
  'integration/update-packages',
  'integration/reboots',
  'integration/update-acts',
  'integration/update-by-channel',
  'integration/rollout-waits',
  'integration/staged-change',
  'integration/rollout',
  'integration/rollout-agents',
  'e2e/rollout',
  'e2e/staged-change',
].map((name) => `/test/${name}.test.ts`);

const rank = ({ moduleId }: TestSpecification): number => long.findIndex((name) => moduleId.endsWith(name));

/** Vitest's own order (what failed before goes first), but the long files at the end. */
export class LongTestsLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
