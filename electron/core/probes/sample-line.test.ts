import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SampleLines } from './sample-line.ts';

const first =
  's,193022,16298,367182,1423,106,1,0.22,0.20,0.12,24684096,24283504,512,100,0.09,,,0.36,0.36,695,136,46,44';

describe('SampleLines', () => {
  it('puts together what changed', () => {
    const lines = new SampleLines();
    expect(lines.read(first)).toMatchObject({
      uptimeCentiseconds: 193_022,
      load: [0.22, 0.2, 0.12],
      memoryTotalKiB: 24_684_096,
      swapFreeKiB: 100,
      pressure: { cpu: 0.09, memory: 0, memoryFull: 0, io: 0.36, ioFull: 0.36 },
    });
    expect(lines.read('s,130,5,255,,,2,,,,,24285200,,,,,,,,1000,,8,16')).toEqual({
      uptimeCentiseconds: 193_152,
      elapsedCentiseconds: 130,
      busyTicks: 5,
      idleTicks: 255,
      iowaitTicks: 0,
      stealTicks: 0,
      running: 2,
      load: [0.22, 0.2, 0.12],
      memoryTotalKiB: 24_684_096,
      memoryAvailableKiB: 24_285_200,
      swapTotalKiB: 512,
      swapFreeKiB: 100,
      pressure: { cpu: 0.09, memory: 0, memoryFull: 0, io: 0.36, ioFull: 0.36 },
      receivedBytes: 1000,
      sentBytes: 0,
      sectorsRead: 8,
      sectorsWritten: 16,
    });
  });

  it('knows a kernel without pressure figures', () => {
    const lines = new SampleLines();
    expect(lines.read('s,1,,,,,,,,,,,,,-,-,-,-,-')?.pressure).toBeNull();
    expect(lines.read('s,1')?.pressure).toBeNull();
  });

  it('takes a counter that ran backwards for no change', () => {
    const lines = new SampleLines();
    lines.read(first);
    expect(lines.read('s,100,,,,,,,,,,,,,,,,,,-695')?.receivedBytes).toBe(0);
  });

  it.each(['', '.', 's,x', 's,1e999', 's,0x10', `s${',1'.repeat(23)}`, 's,1,-', 's,99999999999999999999', 's, 1'])(
    'refuses %j',
    (line) => {
      expect(new SampleLines().read(line)).toBeNull();
    },
  );

  it('never tells anything but finite figures', () => {
    const word = fc.oneof(
      fc.constantFrom('', '-', '0', '1.5', '-3', '1e5', 'NaN', '9'.repeat(18)),
      fc.string(),
      fc.integer().map(String),
    );
    fc.assert(
      fc.property(fc.array(fc.array(word, { maxLength: 24 }), { maxLength: 4 }), (lines) => {
        const reader = new SampleLines();
        for (const parts of lines) {
          const sample = reader.read(['s', ...parts].join(','));
          if (sample === null) continue;
          const figures = Object.values({ ...sample, ...sample.pressure, pressure: 0 }).flat();
          expect(figures.every((figure) => Number.isFinite(figure))).toBe(true);
        }
      }),
      { seed: 20_261_122, numRuns: 2000 },
    );
  });
});
