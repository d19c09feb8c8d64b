/** Preloaded into `serve` by the load tests: on SIGUSR2 writes the main loop's delays since the last time to standard error. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
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
}
