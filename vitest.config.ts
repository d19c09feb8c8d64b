import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongTestsLast } from './test/kit/long-tests-last.ts';

// Before any process of a test is started, for it is read as one starts; see the file below.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/stripped-sources', import.meta.url));
/** How long `expect.poll` looks unless a test says otherwise: longer than a busy machine takes to draw a page. */
const patient = { poll: { timeout: 15_000 } };
const globalSetup = ['test/kit/stripped-sources.ts'];
const runner = 'resources/tasks/timed-runner.mjs';

/** Three kinds of tests: `unit` beside the source, `integration` against real daemons, `e2e` in a real Chromium. */
export default defineConfig({
  test: {
    sequence: { sequencer: LongTestsLast },
    projects: [
      {
        test: {
          name: 'unit',
          globalSetup,
          environment: 'node',
          include: [
            'shared/**/*.test.ts',
            'electron/**/*.test.ts',
            'renderer/**/*.test.{ts,tsx}',
            'test/boundaries/*.test.ts',
          ],
          // Some start hundreds of shells; on a busy machine each takes its time.
          testTimeout: 60_000,
          // All cores: by itself vitest leaves one free, which is half of a small machine.
          maxWorkers: '100%',
        },
      },
      {
        test: {
          name: 'integration',
          globalSetup,
          runner,
          environment: 'node',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 60_000,
          // A lab may have to wait for the hosts of another one.
          hookTimeout: 900_000,
          expect: patient,
          // Most of the time a file waits for a host; more than two at once would keep each other from that.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'e2e',
          globalSetup,
          runner,
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          expect: patient,
          fileParallelism: false,
        },
      },
    ],
  },
});
