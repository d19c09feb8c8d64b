import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { HostDrift } from '#shared/contract/document.ts';
import type { Change } from '#shared/contract/records.ts';
import type { Port } from '#shared/wire/port.ts';
import { Records } from '#core/fleet/records.ts';
import { openScopes } from '#core/lib/scope.ts';
import { SecretVeil } from '#core/secrets/secret-veil.ts';
import { partChars } from '#core/session/snapshot-parts.ts';
import { Session } from '#core/session/session.ts';
import { portPair } from '#kit/port-pair.ts';
import { randomBelow, seededRandom } from '#kit/random.ts';
import { recordedLog } from '#kit/recorded-log.ts';
import { openView, type TestView } from '#kit/view.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  expect(openScopes()).toEqual([]);
});

/** A real session over a line that a test can cut or garble. */
function lines(records: Records) {
  let count = 0;
  let open: { theirs: Port; session: Session } | null = null;
  const openPort = (): Port => {
    const [ours, theirs] = portPair();
    const session = new Session(String(++count), theirs, {
      version: 'test',
      app: records,
      handlers: {} as never,
      veil: new SecretVeil(),
      log: recordedLog(),
      now: Date.now,
      has: () => false,
      join: () => {
        throw new Error('no clusters here');
      },
    });
    ends.push(() => session.end());
    open = { theirs, session };
    return ours;
  };
  return {
    openPort,
    cut: () => open?.theirs.close('cut'),
    garble: (text: string) => open?.theirs.send(text),
    count: () => count,
  };
}

function asText(changes: Change[]): string[] {
  return changes.map((change) => JSON.stringify(change)).sort();
}

function held(view: TestView): Change[] {
  const out: Change[] = [];
  for (const [kind, map] of Object.entries(view.replica.store.getState().records))
    for (const [id, record] of map as ReadonlyMap<string, object>)
      for (const [section, value] of Object.entries(record)) out.push([kind, id, section, value] as unknown as Change);
  return out;
}

async function settled(view: TestView, records: Records): Promise<void> {
  for (let i = 0; i < 100; i++) {
    await sleep(50);
    if (asText(held(view)).join('\n') === asText(records.all()).join('\n')) return;
  }
}

/** So long that a dozen hosts are more than one part of a snapshot. */
const longName = 'x'.repeat(partChars / 4);

/** Of mostly the same hosts, some of which are another way each time. */
function randomDrift(random: () => number): HostDrift[] {
  const hosts = random() < 0.1 ? randomBelow(random, 12) : 12;
  const state = () => (random() < 0.8 ? 'same' : 'differs');
  return Array.from({ length: hosts }, (_, index) => {
    return { host: `host-${index}`, state: state(), differs: [], reason: null, readAt: 1 };
  });
}

/** One random change of the fleet. */
function mutate(random: () => number, records: Records, step: number): void {
  const host = `host-${randomBelow(random, 12)}`;
  const dice = random();
  if (dice < 0.45)
    records.publish('host', host, 'maintenance', { reason: `r${step}`, by: longName, since: step, until: step + 1 });
  else if (dice < 0.65) records.publish('document', 'ntp', 'drift', randomDrift(random));
  else if (dice < 0.66) records.drop('document', 'ntp', 'drift');
  else if (dice < 0.8)
    records.publish('host', host, 'health', { state: 'healthy', since: randomBelow(random, 3), reasons: [] });
  else if (dice < 0.9) records.drop('host', host, 'maintenance');
  else records.remove('host', host);
}

test.each([1, 2, 3, 4, 5])(
  'at quiet the replica equals the fleet, whatever happened before (seed %i)',
  async (seed) => {
    const random = seededRandom(seed);
    const records = new Records();
    const line = lines(records);
    const view = openView(line.openPort, null);
    ends.push(() => view.end());
    for (let round = 0; round < 4; round++) {
      // Odd rounds have no faults: there no snapshot can heal what a patch lost.
      for (let step = 0; step < 120; step++) {
        mutate(random, records, round * 1000 + step);
        const dice = round % 2 === 0 ? random() : 1;
        if (dice < 0.02) line.cut();
        else if (dice < 0.04) line.garble('{"type":"patch","seq":999999,"now":1,"changes":[]}');
        else if (dice < 0.06) line.garble('not json');
        if (random() < 0.15) await sleep(randomBelow(random, 40));
      }
      await settled(view, records);
      expect(asText(held(view))).toEqual(asText(records.all()));
    }
    expect(line.count()).toBeGreaterThan(1);
  },
);

test('a page reload in mid-patch shows the same fleet', async () => {
  const records = new Records();
  const line = lines(records);
  const first = openView(line.openPort, null);
  for (let i = 0; i < 50; i++) records.publish('host', `h${i}`, 'health', { state: 'healthy', since: i, reasons: [] });
  await sleep(20);
  first.end();
  for (let i = 0; i < 50; i += 2)
    records.publish('host', `h${i}`, 'health', { state: 'failing', since: i, reasons: [] });
  const second = openView(line.openPort, null);
  ends.push(() => second.end());
  await settled(second, records);
  expect(asText(held(second))).toEqual(asText(records.all()));
});

test('a view that sends rubbish is cut off, and only it', async () => {
  const records = new Records();
  const good = lines(records);
  const view = openView(good.openPort, null);
  ends.push(() => view.end());
  const bad = lines(records);
  const port = bad.openPort();
  let closed = '';
  port.onClose((reason) => (closed = reason));
  port.send('{"type":"call"');
  await expect.poll(() => closed).toBe('protocol error');
  records.publish('app', '', 'user', { name: 'still here' });
  await view.until('app', '', 'user', ({ name }) => name === 'still here');
});
