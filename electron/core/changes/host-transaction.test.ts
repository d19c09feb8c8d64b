import { describe, expect, it } from 'vitest';
import { randomBelow, seededRandom } from '#kit/random.ts';
import { readStanding } from './host-transaction.ts';

const seed = Number(process.env['QD_SEED'] ?? 19);

describe('what a host tells of a change', () => {
  const id = '20260101-abcdef';
  const head = '== quarterdeck change 0 armed\n';
  const lines = `1700000000 ${id} 3 begun ada: a test\n1700000001 ${id} 3 backed-up\n1700000002 ${id} 4 armed 90 s\n`;
  const whole = `${head}${lines}== end\n`;
  const steps = (text: string) => readStanding(`${head}${text}== end\n`, id)?.steps;

  it('is its state, its code and its lines', () => {
    expect(readStanding(`Welcome!\n${whole}`, id)).toEqual({
      state: 'armed',
      exitCode: 0,
      steps: [
        { at: 1_700_000_000_000, token: 3, step: 'begun', text: 'ada: a test' },
        { at: 1_700_000_001_000, token: 3, step: 'backed-up', text: '' },
        { at: 1_700_000_002_000, token: 4, step: 'armed', text: '90 s' },
      ],
    });
    for (const state of ['none', 'begun', 'applied', 'restoring', 'not-restored'])
      expect(readStanding(`== quarterdeck change 76 ${state}\n== end\n`, id)).toEqual({
        state,
        exitCode: 76,
        steps: [],
      });
    expect(readStanding('== quarterdeck change 0 else\n== end\n', id)).toBeNull();
  });

  it('is nothing when it was cut anywhere', () => {
    for (let end = 0; end < whole.length; end++) expect(readStanding(whole.slice(0, end), id)).toBeNull();
    for (let begin = 1; begin < whole.length; begin++) expect(readStanding(whole.slice(begin), id)).toBeNull();
  });

  it('leaves out the lines of other changes, and those that are none', () => {
    const others = [
      `1700000000 20260101-abcde0 3 begun of ${id} 3`,
      `1700000000 ${id}-back 3 begun`,
      `soon ${id} 3 begun`,
      `1700000000 ${id} -3 begun`,
      `1700000000 ${id} 3`,
      `1700000000 ${id} 3 `,
      ` 1700000000 ${id} 3 begun`,
      '',
    ];
    expect(steps(`${others.join('\n')}\n${lines}`)?.map(({ step }) => step)).toEqual(['begun', 'backed-up', 'armed']);
  });

  it('has no control characters, and no end of text that is too long', () => {
    const [one] = steps(`1 ${id} 1 be\u001b[31mgun a\u0007b\u001b]0;x\u009b\u202e\r${'y'.repeat(3000)}\n`) ?? [];
    expect(one?.step).toBe('be␛[31mgun');
    expect(one?.text).toMatch(/^a␇b␛]0;x��␍y+…$/);
    expect(one?.text.length).toBe(2000);
  });

  it(`whatever else it is, it is read without an exception (QD_SEED=${seed})`, () => {
    const random = seededRandom(seed);
    const pieces = [
      `\n1 ${id} 1 x`,
      head,
      '== end\n',
      '\n',
      ' ',
      id,
      '1',
      '99999999999999',
      ' 1 ',
      'begun',
      '\u001b[2J',
      '\0',
      '\u202e',
      'ö',
    ];
    let read = 0;
    for (let round = 0; round < 5000; round++) {
      const middle = Array.from(
        { length: randomBelow(random, 20) },
        () => pieces[randomBelow(random, pieces.length)],
      ).join('');
      const text = random() < 0.5 ? middle : `${head}${middle}\n== end\n`;
      const standing = readStanding(text, id);
      if (standing === null) continue;
      read++;
      for (const { at, token, step, text: said } of standing.steps) {
        expect([Number.isSafeInteger(at), Number.isFinite(token)]).toEqual([true, true]);
        expect(`${step}${said}`).not.toMatch(/[\p{Cc}\u202e]/u);
      }
    }
    expect(read).toBeGreaterThan(1000);
  });
});
