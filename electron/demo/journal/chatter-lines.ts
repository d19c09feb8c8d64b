import { between, hexDigits, mix, part, pick, seedOf } from '../world/chance.ts';
import type { Chatter } from './chatter.ts';

/** When a unit says something; what it says is made up when somebody wants to read it. */
export interface Utterance {
  readonly atMs: number;
  readonly chatter: Chatter;
  readonly seed: number;
}

/** The last `count` utterances of one unit at or before `untilMs`, none before `fromMs`: always the same ones. */
export function utterances(
  chatter: Chatter,
  seed: number,
  fromMs: number,
  untilMs: number,
  count: number,
): Utterance[] {
  const own = seedOf(chatter.unit, seed);
  const everyMs = chatter.everyS * 1000 * (0.7 + 0.6 * part(own));
  const found: Utterance[] = [];
  for (let at = Math.floor(untilMs / everyMs); found.length < count; at--) {
    const atMs = Math.floor((at + part(own, at) * 0.95) * everyMs);
    if (atMs > untilMs) continue;
    if (atMs < fromMs) break;
    found.push({ atMs, chatter, seed: mix(own, at) });
  }
  return found;
}

/** What was said. */
export function wordsOf({ atMs, chatter, seed }: Utterance): { message: string; priority: number } {
  const line = pick(chatter.lines, part(seed, 1));
  return { message: filled(line, seed, atMs), priority: /level"?[:=]"?warn|deferred|failed/.test(line) ? 4 : 6 };
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
