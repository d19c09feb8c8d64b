/**
 * Preloaded into `serve` by the load tests: on SIGUSR2 writes the main loop's delays since the last time to standard error,
 * on SIGWINCH the main thread's heap after a collection.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const histogram = monitorEventLoopDelay({ resolution: 5 });
  histogram.enable();
  process.on('SIGUSR2', () => {
    const ms = (nanoseconds: number) => (nanoseconds / 1e6).toFixed(1);
    process.stderr.write(
      `LOOP p50 ${ms(histogram.percentile(50))} p99 ${ms(histogram.percentile(99))} max ${ms(histogram.max)}\n`,
    );
    histogram.reset();
  });
  process.on('SIGWINCH', () => {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    process.stderr.write(`HEAP ${(process.memoryUsage().heapUsed / 1_048_576).toFixed(1)}\n`);
  });
}
