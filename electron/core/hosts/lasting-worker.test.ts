import { expect, it } from 'vitest';
import { LastingWorker } from './lasting-worker.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** A worker that tells what it is told, and dies of `connect`. */
const parrot = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', (message) => {
      if (message.type === 'connect') throw new Error('of this');
      parentPort.postMessage([{ type: 'key-settled', host: message.type + ' ' + (message.host ?? '') }]);
    });
  `)}`,
);

function parrots() {
  const told: string[] = [];
  const deaths: string[] = [];
  const worker = new LastingWorker(
    parrot,
    {},
    (batch: FromWorker[]) => told.push(...batch.map((event) => ('host' in event ? event.host : ''))),
    (why) => deaths.push(why),
  );
  return { worker, told, deaths };
}

const look: ToWorker = { type: 'look', looking: { visible: [], focus: null, hidden: false } };
const deadly: ToWorker = { type: 'connect', hosts: [] };

it('starts another worker when one dies, and tells it what the last knew', async () => {
  const { worker, told, deaths } = parrots();
  worker.post(look);
  worker.post({ type: 'watch-units', host: 'a', on: true });
  worker.post({ type: 'watch-units', host: 'b', on: true });
  worker.post({ type: 'watch-units', host: 'a', on: false });
  await expect.poll(() => told.length).toBe(4);
  worker.post(deadly);
  await expect.poll(() => told.length).toBe(7);
  expect(deaths).toEqual(['of this']);
  expect(told.slice(4)).toEqual(['look ', 'watch-units a', 'watch-units b']);
  await worker.end();
});

it('gives up on a worker that dies again and again, until somebody connects', async () => {
  const { worker, told, deaths } = parrots();
  for (let death = 1; death <= 5; death++) {
    worker.post(deadly);
    await expect.poll(() => deaths.length, { timeout: 5000 }).toBe(death);
  }
  worker.post(look);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(told).toEqual([]);
  worker.post({ type: 'connect', hosts: [] });
  // This worker dies of it, and is told what was asked before.
  await expect.poll(() => deaths.length, { timeout: 5000 }).toBe(6);
  expect(told).toEqual(['look ']);
  await worker.end();
});

it('lives on, and says so, when the real worker meets what it did not foresee', async () => {
  const told: FromWorker[] = [];
  const worker = new LastingWorker(
    new URL('./worker.ts', import.meta.url),
    {},
    (batch) => told.push(...batch),
    () => expect.fail('it died'),
  );
  worker.post({ type: 'options', options: { knownHostsFiles: [], handshakes: 1 } });
  worker.post({ type: 'configure', specs: null } as unknown as ToWorker);
  await expect.poll(() => told.some((event) => event.type === 'fault'), { timeout: 5000 }).toBe(true);
  worker.post({ type: 'bus', id: 7, host: 'nobody' });
  await expect
    .poll(() => told.find((event) => event.type === 'refusal'))
    .toMatchObject({ id: 7, problem: { code: 'unreachable' } });
  await worker.end();
});
