/**
 * From a unit's state change on a real host, by systemd's own clock, to the words in the window's fleet table.
 * Usage: npm run load -- latency [--times 60]. Needs root on Debian, for the lab.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab } from '#kit/lab.ts';
import { shownAt, stateChangedAt, watchWords } from '#kit/state-changed.ts';
import { openWindow, startConsole } from '#kit/window.ts';
import { bar, percentile } from './measure.ts';
import { loadOptions } from './options.ts';

const { times } = loadOptions({ times: 60 });
const host = 'node2';
const unit = 'web.service';

const reason = labUnavailable();
if (reason) console.log(`latency: skipped, ${reason}`);
else await measure();

async function measure(): Promise<void> {
  const lab = await startLab({ systems: ['debian', 'debian'], etcd: 'none' });
  const running = await startConsole({ clusters: { lab: labCluster(lab) }, built: true });
  const window = await openWindow(running.link());
  try {
    const { page } = window;
    await page.evaluate(() => {
      location.hash = '#/c/lab/fleet';
    });
    await page.getByText('2 of 2 hosts connected').waitFor({ timeout: 60_000 });
    await sleep(3_000);
    await page.evaluate(watchWords, `${unit} is failed`);
    const took: number[] = [];
    for (let i = 0; i < times; i++) {
      await lab.exec(host, ['systemctl', 'kill', '-s', 'KILL', unit]);
      await page.getByText(`${unit} is failed`).first().waitFor({ timeout: 10_000 });
      const failedAt = await stateChangedAt(lab, host, unit);
      took.push((await page.evaluate(shownAt)) - failedAt);
      await lab.exec(host, ['sh', '-c', `systemctl reset-failed ${unit}; systemctl start ${unit}`]);
      await page.getByText(`${unit} is failed`).first().waitFor({ state: 'detached', timeout: 10_000 });
      await sleep(200);
    }
    const figures = [0.5, 0.9, 0.99].map((part) => `p${part * 100} ${percentile(took, part).toFixed(0)} ms`).join(', ');
    console.log(
      `\n${unit} failed on a real host, to the words in the window: ${figures}, worst ${Math.max(...took).toFixed(0)} ms (${times} times)`,
    );
    bar('unit to DOM p99, ms', percentile(took, 0.99), 300, 'at most');
  } finally {
    await window.end();
    await running.end();
    await lab.end();
  }
}
