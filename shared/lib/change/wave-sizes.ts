import type { WavePolicy } from '../../contract/change.ts';

type Waves = WavePolicy['waves'];

const most = 20;

/** Reads `1, 3, 8` or `1, 10 %, 50 %, all`; what cannot be read is named. */
export function readWaveSizes(text: string): Waves | { readonly wrong: string } {
  const words = text
    .split(/[,;\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 0) return { wrong: 'no size' };
  if (words.length > most) return { wrong: `more than ${most} waves` };
  const waves: Waves = [];
  for (const word of words) {
    const [, digits, percent] = /^(\d{1,4}(?:\.\d+)?)\s*(%?)$/.exec(word) ?? [];
    const size = Number(digits);
    if (word === 'all' || word === 'rest') waves.push({ size: 100, unit: 'percent' });
    else if (digits === undefined || size < 1) return { wrong: word };
    else if (percent === '%' && size <= 100) waves.push({ size, unit: 'percent' });
    else if (percent === '' && Number.isInteger(size)) waves.push({ size, unit: 'hosts' });
    else return { wrong: word };
  }
  return waves;
}

/** As `readWaveSizes` reads it. */
export function printWaveSizes(waves: Waves): string {
  const words = waves.map(({ size, unit }) => (unit === 'hosts' ? String(size) : size === 100 ? 'all' : `${size} %`));
  return words.join(', ');
}
