// A vitest runner that begins no file after the moment in QUARTERDECK_TESTS_UNTIL (milliseconds since 1970; never when it is
// not set): one skipped test stands for all of its own, and says so. What has begun runs to its end.
import { test, TestRunner } from 'vitest';

const note = 'no time was left to begin this file (QUARTERDECK_TEST_MINUTES gives a run more)';

export default class TimedRunner extends TestRunner {
  importFile(path, source) {
    const until = Number(process.env.QUARTERDECK_TESTS_UNTIL ?? Number.POSITIVE_INFINITY);
    if (source !== 'collect' || Date.now() <= until) return super.importFile(path, source);
    return test('all of its tests', ({ skip }) => skip(note));
  }
}
