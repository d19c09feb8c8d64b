import { describe, expect, it } from 'vitest';
import { randomBelow, seededRandom } from '#kit/random.ts';
import { type UnitStep, unitStepVerbs } from '#shared/contract/change.ts';
import { undoOf, type UnitStanding } from './unit-undo.ts';

const seed = Number(process.env['QD_SEED'] ?? 5);
const step = (text: string): UnitStep => {
  const [verb, unit] = text.split(' ');
  const known = unitStepVerbs.find((one) => one === verb);
  if (!known) throw new Error(text);
  return { verb: known, unit: unit ?? null };
};
const words = (steps: readonly UnitStep[]) => steps.map(({ verb, unit }) => (unit === null ? verb : `${verb} ${unit}`));
const undo = (steps: string[], before: Record<string, [file: string, active: boolean]>) =>
  words(
    undoOf(
      steps.map(step),
      new Map(Object.entries(before).map(([unit, [file, active]]) => [unit, { known: true, file, active }])),
    ),
  );

/** What takes a verb back, by how the unit stood: [runs, does not run], or by its file state; absent is nothing. */
const byRunning: [verb: string, active: string[], inactive: string[]][] = [
  ['start', [], ['stop']],
  ['stop', ['start'], []],
  ['restart', ['restart'], ['stop']],
  ['reload-or-restart', ['reload-or-restart'], ['stop']],
  ['reload', ['reload'], []],
];
const files = ['enabled', 'enabled-runtime', 'masked', 'masked-runtime', 'disabled', 'static', 'indirect', ''];
const byFile: [verb: string, back: string, files: string[]][] = [
  ['enable', 'disable', ['masked', 'masked-runtime', 'disabled', 'static', 'indirect', '']],
  ['disable', 'enable', ['enabled', 'enabled-runtime']],
  ['mask', 'unmask', ['enabled', 'enabled-runtime', 'disabled', 'static', 'indirect', '']],
  ['unmask', 'mask', ['masked', 'masked-runtime']],
];

describe('unit steps are taken back', () => {
  it.each(byRunning)('%s, by whether the unit ran', (verb, active, inactive) => {
    for (const file of files) {
      const named = (verbs: string[]) => verbs.map((one) => `${one} u`);
      const whileUnmasked = file.startsWith('masked') && active.length > 0;
      const running = whileUnmasked ? ['unmask', ...active, 'mask'] : active;
      expect(undo([`${verb} u`], { u: [file, true] })).toEqual(named(running));
      expect(undo([`${verb} u`], { u: [file, false] })).toEqual(named(inactive));
    }
    expect(undo([`${verb} u`], {})).toEqual(inactive.map((one) => `${one} u`));
  });

  it.each(byFile)('%s, by the state of the unit file', (verb, back, which) => {
    for (const file of files) {
      for (const active of [true, false])
        expect(undo([`${verb} u`], { u: [file, active] })).toEqual(which.includes(file) ? [`${back} u`] : []);
    }
  });

  it('daemon-reload by another one, before all else', () => {
    expect(undo(['restart u', 'daemon-reload'], { u: ['static', true] })).toEqual(['daemon-reload', 'restart u']);
  });

  it('unmasked before all else, files before runs, and masked again only at the end', () => {
    expect(undo(['mask u', 'disable u'], { u: ['enabled', true] })).toEqual(['unmask u', 'enable u']);
    expect(undo(['disable u', 'mask u', 'stop u'], { u: ['enabled', true] })).toEqual([
      'unmask u',
      'enable u',
      'start u',
    ]);
    expect(undo(['unmask u', 'enable u', 'start u'], { u: ['masked', false] })).toEqual([
      'disable u',
      'stop u',
      'mask u',
    ]);
  });

  it('what was started stops before what was stopped starts, and restarts keep their order', () => {
    const before: Record<string, [string, boolean]> = {
      old: ['enabled', true],
      a: ['enabled', true],
      b: ['enabled', true],
    };
    expect(undo(['stop old', 'start new'], before)).toEqual(['stop new', 'start old']);
    expect(undo(['restart a', 'restart b'], before)).toEqual(['restart a', 'restart b']);
  });

  it('a unit that was stopped and started is restarted, so that it runs with the old files', () => {
    expect(undo(['stop u', 'start u'], { u: ['enabled', true] })).toEqual(['restart u']);
    expect(undo(['start u', 'stop u'], { u: ['enabled', false] })).toEqual(['stop u']);
  });

  it(`steps that ran to their end or failed in between lead back, and forth again (QD_SEED=${seed})`, () => {
    const random = seededRandom(seed);
    const pick = <T>(from: readonly T[]) => from[randomBelow(random, from.length)] as T;
    const seen = { whole: 0, failed: 0, backAndForth: 0 };
    for (let round = 0; round < 3000; round++) {
      const units = new Units(
        ['a', 'b', 'c'].map((name) => {
          return [name, { linked: random() < 0.5, masked: random() < 0.3, active: random() < 0.5 }];
        }),
      );
      const verbs = ['enable', 'disable', 'mask', 'unmask', 'start', 'stop'] as const;
      const steps = Array.from(
        { length: 1 + randomBelow(random, 5) },
        (): UnitStep => ({ verb: pick(verbs), unit: pick(['a', 'b', 'c']) }),
      );
      const before = units.standing();
      const whole = units.run(steps);
      seen[whole ? 'whole' : 'failed']++;
      const after = units.standing();
      const back = undoOf(steps, before);
      expect([words(steps), units.run(back)]).toEqual([words(steps), true]);
      expect([words(steps), units.standing()]).toEqual([words(steps), before]);
      if (!whole) continue;
      expect([words(back), units.run(undoOf(back, after))]).toEqual([words(back), true]);
      expect([words(back), units.standing()]).toEqual([words(back), after]);
      seen.backAndForth++;
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(200);
  });
});

interface Unit {
  linked: boolean;
  masked: boolean;
  active: boolean;
}

/** Units as systemd 252 has them: a masked one cannot be enabled or started; to disable it does nothing, and is no error. */
class Units {
  readonly #units: Map<string, Unit>;
  constructor(units: [string, Unit][]) {
    this.#units = new Map(units);
  }

  standing(): Map<string, UnitStanding> {
    const file = ({ masked, linked }: Unit) => (masked ? 'masked' : linked ? 'enabled' : 'disabled');
    return new Map(
      [...this.#units].map(([name, unit]) => [name, { known: true, active: unit.active, file: file(unit) }]),
    );
  }

  /** False when a step failed; those after it are not taken. */
  run(steps: readonly UnitStep[]): boolean {
    return steps.every(({ verb, unit }) => {
      const one = this.#units.get(unit ?? '');
      if (!one) return false;
      if (one.masked && verb !== 'disable' && verb !== 'stop' && !verb.endsWith('mask')) return false;
      if (verb === 'enable') one.linked = true;
      else if (verb === 'disable') one.linked &&= one.masked;
      else if (verb === 'mask' || verb === 'unmask') one.masked = verb === 'mask';
      else one.active = verb !== 'stop';
      return true;
    });
  }
}
