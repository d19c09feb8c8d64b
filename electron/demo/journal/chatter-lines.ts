import { between, hexDigits, mix, part, pick, seedOf } from '../world/chance.ts';
import type { Chatter } from './chatter.ts';

/** One line of background noise. */
export interface ChatterLine {
  readonly atMs: number;
  readonly unit: string;
  readonly identifier: string;
  readonly message: string;
  readonly priority: number;
}

/** The last `count` lines of one unit at or before `untilMs`, oldest first, none before `fromMs`: always the same ones. */
export function chatterLines(
  { unit, identifier, everyS, lines }: Chatter,
  seed: number,
  fromMs: number,
  untilMs: number,
  count: number,
): ChatterLine[] {
  const own = seedOf(unit, seed);
  const everyMs = everyS * 1000 * (0.7 + 0.6 * part(own));
  const found: ChatterLine[] = [];
  for (let at = Math.floor(untilMs / everyMs); found.length < count; at--) {
    const atMs = Math.floor((at + part(own, at) * 0.95) * everyMs);
    if (atMs > untilMs) continue;
    if (atMs < fromMs) break;
    const own2 = mix(own, at);
    const line = pick(lines, part(own2, 1));
    const priority = /level":?=?"?warn|deferred|failed/.test(line) ? 4 : 6;
    found.push({ atMs, unit, identifier, message: filled(line, own2, atMs), priority });
  }
  return found.reverse();
}

function filled(line: string, seed: number, atMs: number): string {
  let turn = 10;
  return line.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const share = part(seed, ++turn);
    switch (name) {
      case 'n':
        return String(between(100, 9999, share));
      case 'b':
        return String(between(2, 250, share));
      case 'd':
        return String(between(1, 4, share));
      case 's':
        return String(between(10, 59, share));
      case 'minutes':
        return String(between(31, 59, share));
      case 'ms':
        return String(between(2, 180, share ** 2));
      case 'port':
        return String(between(20_000, 62_000, share));
      case 'big':
        return String(between(40_000_000, 49_999_999, share));
      case 'hex':
        return hexDigits(mix(seed, turn), 64);
      case 'hex8':
        return hexDigits(mix(seed, turn), 8);
      case 'key':
        return Buffer.from(hexDigits(seed, 62), 'latin1').toString('base64').slice(0, 43);
      case 'iso':
        return new Date(atMs).toISOString();
      case 'clf':
        return new Date(atMs).toISOString().replace('T', ':').slice(0, 19);
      default:
        return whole;
    }
  });
}
