import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ServiceChannel, ServiceGroup, ServicePackage } from '#shared/contract/update-service.ts';
import { parseOmahaRequest } from '#shared/formats/omaha/request.ts';
import { omahaRequest } from '#kit/omaha-client.ts';
import { type AskedOf, decide } from './decide.ts';
import { inOfficeHours, ledgerFigures } from './policy.ts';
import { emptyLedger } from './stored.ts';

const id = (n: number) => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`;
const pack = (n: number, version: string): ServicePackage => ({
  id: id(n),
  version,
  arch: 'amd64',
  url: 'https://updates.example/',
  filename: 'flatcar_production_update.gz',
  description: '',
  size: 1,
  sha1: 'E3rh1aST7bya58HIor4xTqLp+ts=',
  sha256: 'spM4NbMn6MrXA2uHBCF3GCjahWbV6bW6LC7ObuFI5fQ=',
  disablePayloadBackoff: true,
  needsAdmin: false,
  isDelta: false,
  extraFiles: [],
});
const channel: ServiceChannel = { id: id(10), name: 'stable', arch: 'amd64', package: id(2), floors: [] };
const group: ServiceGroup = {
  id: id(20),
  name: 'Web',
  track: 'stable',
  arch: 'amd64',
  channel: id(10),
  updatesEnabled: true,
  safeMode: false,
  officeHours: false,
  timeZone: 'UTC',
  periodS: 600,
  maxUpdatesPerPeriod: 3,
  updateTimeoutS: 900,
};
const start = Date.UTC(2026, 5, 1, 12);

/** A service without a store: each decision is the next one's state. */
class Bench {
  at = start;
  readonly #instances = new Map<string, AskedOf['instance']>();
  readonly activity: string[] = [];
  state = {
    group,
    channel: channel as ServiceChannel | null,
    packages: [pack(1, '1.5.0'), pack(2, '2.0.0')],
    ledger: emptyLedger,
  };

  ask(
    machine: string,
    version: string,
    events: readonly (readonly [type: number, result: number, previous?: string])[] = [],
    check = true,
  ) {
    const xml = omahaRequest({
      machine,
      version,
      check,
      events: events.map(([type, result, previous]) => ({ type, result, previous })),
    });
    const [app] = parseOmahaRequest(xml).apps;
    if (!app) throw new Error('no app');
    const decided = decide({ ...this.state, instance: this.#instances.get(machine) ?? null }, app, '10.0.0.1', this.at);
    this.state = { ...this.state, group: decided.group, ledger: decided.ledger };
    this.#instances.set(machine, decided.instance);
    this.activity.push(...decided.activity.map((entry) => entry.class));
    const { answer } = decided;
    const told =
      answer?.kind === 'update' ? answer.package.version : answer?.kind === 'refused' ? answer.status : answer?.kind;
    return `${decided.instance.status}: ${told ?? '-'}`;
  }
}

test('a whole update of one machine', () => {
  const bench = new Bench();
  expect(bench.ask('a', '1.0.0', [[3, 2, '']])).toBe('granted: 2.0.0');
  expect(bench.ask('a', '1.0.0')).toBe('granted: 2.0.0');
  expect(bench.ask('a', '1.0.0', [[13, 1]], false)).toBe('downloading: -');
  expect(bench.ask('a', '1.0.0')).toBe('downloading: error-updateInProgressOnInstance');
  expect(bench.ask('a', '1.0.0', [[14, 1]], false)).toBe('downloaded: -');
  expect(bench.ask('a', '1.0.0', [[3, 1]], false)).toBe('installed: -');
  expect(bench.state.ledger.open).toHaveLength(1);
  expect(bench.ask('a', '2.0.0', [[3, 2, '1.0.0']])).toBe('complete: noupdate');
  expect(bench.state.ledger.open).toHaveLength(0);
  expect(bench.state.ledger.rollout).toMatchObject({ version: '2.0.0', attempted: 1, succeeded: 1 });
  expect(bench.activity).toEqual(['rollout started']);
});

test('limits: as many at once and in a period as the policy says, then the next', () => {
  const bench = new Bench();
  for (const machine of ['a', 'b', 'c']) expect(bench.ask(machine, '1.0.0')).toBe('granted: 2.0.0');
  expect(bench.ask('d', '1.0.0')).toBe('onhold: error-maxUpdatesPerPeriodLimitReached');
  bench.at += 599_000;
  expect(bench.ask('d', '1.0.0')).toBe('onhold: error-maxUpdatesPerPeriodLimitReached');
  bench.at += 2000;
  expect(bench.ask('d', '1.0.0')).toBe('onhold: error-maxConcurrentUpdatesLimitReached');
  bench.ask('a', '2.0.0', [[3, 2, '1.0.0']]);
  // Its own update is over, and nobody else's.
  expect(bench.state.ledger.open.map(({ instance }) => instance)).toEqual(['b', 'c']);
  expect(bench.ask('d', '1.0.0')).toBe('granted: 2.0.0');
  bench.at += 901_000;
  // Those of b, c and d took too long: they no longer count, and ask as anybody does.
  expect(['e', 'b', 'c', 'd'].map((machine) => bench.ask(machine, '1.0.0'))).toEqual([
    'granted: 2.0.0',
    'granted: 2.0.0',
    'granted: 2.0.0',
    'onhold: error-maxUpdatesPerPeriodLimitReached',
  ]);
});

test('safe mode: the first one alone; its failure disables updates', () => {
  const bench = new Bench();
  bench.state.group = { ...group, safeMode: true };
  expect(bench.ask('a', '1.0.0')).toBe('granted: 2.0.0');
  expect(bench.ask('b', '1.0.0')).toBe('onhold: error-maxUpdatesPerPeriodLimitReached');
  expect(bench.ask('a', '1.0.0', [[3, 0]])).toBe('error: error-updatesDisabled');
  expect(bench.state.group.updatesEnabled).toBe(false);
  expect(bench.state.ledger.rollout?.state).toBe('failed');
  expect(bench.activity).toEqual(['rollout started', 'instance update failed', 'rollout failed']);
});

test('safe mode: once the first one is done the others follow; a later failure stops nothing', () => {
  const bench = new Bench();
  bench.state.group = { ...group, safeMode: true };
  bench.ask('a', '1.0.0');
  bench.ask('a', '2.0.0', [[3, 2, '1.0.0']]);
  expect(['b', 'c', 'd'].map((machine) => bench.ask(machine, '1.0.0'))).toEqual([
    'granted: 2.0.0',
    'granted: 2.0.0',
    'onhold: error-maxUpdatesPerPeriodLimitReached',
  ]);
  expect(bench.ask('b', '1.0.0', [[3, 0]], false)).toBe('error: -');
  expect(bench.state.group.updatesEnabled).toBe(true);
});

test('safe mode: as many that took too long as may be made disable updates', () => {
  const bench = new Bench();
  bench.state.group = { ...group, safeMode: true };
  bench.ask('a', '1.0.0');
  bench.at += 901_000;
  expect(bench.ask('b', '1.0.0')).toBe('onhold: error-maxTimedOutUpdatesLimitReached');
  expect(bench.state.group.updatesEnabled).toBe(false);
});

test('a machine that comes back with what it had has failed, one that never tried has not', () => {
  const bench = new Bench();
  bench.ask('a', '1.0.0');
  expect(bench.ask('a', '1.0.0', [[3, 2, '1.0.0']], false)).toBe('error: -');
  expect(bench.state.ledger.rollout).toMatchObject({ attempted: 1, succeeded: 0 });
  bench.ask('b', '1.0.0');
  expect(bench.ask('b', '1.0.0', [[3, 2, '0.0.0.0']], false)).toBe('undefined: -');
  expect(bench.state.ledger).toMatchObject({ open: [], rollout: { attempted: 1 } });
});

test('floors come first, disabled and off-hours groups give nothing, unknown versions are told so', () => {
  const bench = new Bench();
  bench.state.channel = { ...channel, floors: [id(1)] };
  expect(bench.ask('a', '1.0.0')).toBe('granted: 1.5.0');
  expect(bench.ask('a', '1.5.0', [[3, 2, '1.0.0']])).toBe('granted: 2.0.0');
  expect(bench.ask('x', 'ForcedUpdate')).toBe('undefined: error-failedToRetrieveUpdatePackageInfo');
  bench.state.group = { ...group, updatesEnabled: false };
  // What was given is not repeated while updates are disabled.
  expect(bench.ask('a', '1.5.0')).toBe('granted: error-updatesDisabled');
  expect(bench.ask('b', '1.0.0')).toBe('undefined: error-updatesDisabled');
  bench.state.group = { ...group, officeHours: true, timeZone: 'Europe/Rome' };
  bench.at = Date.UTC(2026, 5, 6, 10);
  expect(bench.ask('b', '1.0.0')).toBe('undefined: error-updatesDisabled');
  bench.state.channel = null;
  expect(bench.ask('b', '1.0.0')).toBe('undefined: error-noPackageFound');
});

test('office hours are those of the zone, also when its clocks change', () => {
  const rome = (text: string) => inOfficeHours('Europe/Rome', Date.parse(text));
  // The Friday before and the Monday after clocks are put forward, 29 March 2026.
  expect([rome('2026-03-27T07:59:59Z'), rome('2026-03-27T08:00:00Z'), rome('2026-03-27T15:59:59Z')]).toEqual([
    false,
    true,
    true,
  ]);
  expect([rome('2026-03-30T06:59:59Z'), rome('2026-03-30T07:00:00Z'), rome('2026-03-30T15:00:00Z')]).toEqual([
    false,
    true,
    false,
  ]);
  expect(rome('2026-03-28T10:00:00Z')).toBe(false);
  expect(inOfficeHours('Middle/Earth', start)).toBe(false);
});

type Move = {
  readonly kind: 'ask' | 'download' | 'done' | 'fail' | 'lost' | 'wait';
  readonly who: number;
  readonly ms: number;
};
const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom('ask', 'ask', 'ask', 'download', 'done', 'fail', 'lost', 'wait'),
  who: fc.nat(7),
  ms: fc.oneof(fc.nat(5000), fc.nat(700_000)),
});

test('whatever machines ask and say, no more is given in a period or at once than the policy allows', () => {
  fc.assert(
    fc.property(
      fc.array(move, { maxLength: 120 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      (moves, most, safeMode) => {
        const bench = new Bench();
        bench.state.group = { ...group, maxUpdatesPerPeriod: most, safeMode };
        const versions = new Map<number, string>();
        const grants: { who: number; at: number }[] = [];
        const running = new Map<number, number>();
        for (const { kind, who, ms } of moves) {
          const version = versions.get(who) ?? '1.0.0';
          const machine = `m${who}`;
          if (kind === 'wait') bench.at += ms;
          else if (kind === 'download') bench.ask(machine, version, [[13, 1]], false);
          else if (kind === 'fail') {
            bench.ask(machine, version, [[3, 0]], false);
            running.delete(who);
          } else if (kind === 'lost') {
            bench.ask(machine, version, [[3, 2, '']], false);
            running.delete(who);
          } else if (kind === 'done' && running.has(who)) {
            versions.set(who, '2.0.0');
            bench.ask(machine, '2.0.0', [[3, 2, '1.0.0']], false);
            running.delete(who);
          } else {
            const told = bench.ask(machine, version);
            const since = running.get(who);
            // What is said again to a machine that has it is no other grant, unless its time was over.
            const isNew = since === undefined || bench.at - since > group.updateTimeoutS * 1000;
            if (told === 'granted: 2.0.0' && isNew) {
              grants.push({ who, at: bench.at });
              running.set(who, bench.at);
            }
          }
          const inPeriod = grants.filter(({ at }) => bench.at - at < group.periodS * 1000).length;
          const atOnce = [...running.values()].filter((at) => bench.at - at <= group.updateTimeoutS * 1000).length;
          expect(inPeriod).toBeLessThanOrEqual(most);
          expect(ledgerFigures(bench.state.group, bench.state.ledger, bench.at).inProgress).toBeLessThanOrEqual(most);
          const alone = safeMode && (bench.state.ledger.rollout?.attempted ?? 0) === 0;
          expect(atOnce).toBeLessThanOrEqual(alone ? 1 : most);
        }
      },
    ),
    { numRuns: 400 },
  );
});
