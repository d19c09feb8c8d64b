import type { Problem, TextPlace } from '#shared/contract/problem.ts';
import { boundedProblems, problemAt, shown, tooLong } from '../text-problem.ts';

/** One key line of a known_hosts file. */
export interface KnownHostsEntry {
  /** `revoked` and `cert-authority` lines carry their marker; others are `none`. */
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  /** A pattern list as written, or a salted hash of one name. */
  readonly names: { readonly list: string } | { readonly salt: string; readonly hash: string };
  readonly type: string;
  /** The key blob in base64, as written. */
  readonly key: string;
  readonly place: TextPlace;
}

/** All entries of one or more files, in reading order. */
export interface KnownHosts {
  readonly entries: readonly KnownHostsEntry[];
  /** The entries of each key blob, so that a key that is known is found without hashing every name. */
  readonly byKey: ReadonlyMap<string, readonly KnownHostsEntry[]>;
  readonly problems: readonly Problem[];
}

/** Three keys each for some 50,000 hosts. */
const maxChars = 32_000_000;

/** Parses known_hosts files; lines that OpenSSH would pass over become problems and are left out. */
export function parseKnownHosts(files: readonly { readonly file: string; readonly text: string }[]): KnownHosts {
  const entries: KnownHostsEntry[] = [];
  const problems: Problem[] = [];
  const byKey = new Map<string, KnownHostsEntry[]>();
  for (const { file, text } of files) {
    const long = tooLong(file, text, maxChars);
    if (long) {
      problems.push(long);
      continue;
    }
    let line = 0;
    for (const raw of text.split('\n')) {
      line++;
      const content = raw.trim();
      if (content === '' || content.startsWith('#')) continue;
      const entry = parseEntry(content, { file, line });
      if ('why' in entry) {
        problems.push(problemAt(file, line, 1, entry.why, 'The line is passed over, as ssh does.'));
        continue;
      }
      entries.push(entry);
      const same = byKey.get(entry.key);
      if (same) same.push(entry);
      else byKey.set(entry.key, [entry]);
    }
  }
  return { entries, byKey, problems: boundedProblems(problems) };
}

function parseEntry(content: string, place: TextPlace): KnownHostsEntry | { why: string } {
  const fields = content.split(/[ \t]+/);
  let marker: KnownHostsEntry['marker'] = 'none';
  if (fields[0]?.startsWith('@')) {
    if (fields[0] !== '@revoked' && fields[0] !== '@cert-authority')
      return { why: `the marker ${shown(fields[0])} is not known` };
    marker = fields[0] === '@revoked' ? 'revoked' : 'cert-authority';
    fields.shift();
  }
  const [list, type, key] = fields;
  if (list === undefined || type === undefined || key === undefined)
    return { why: 'a line holds names, a key type and a key' };
  if (/^\d+$/.test(type)) return { why: 'a key of SSH protocol 1 is of no use' };
  if (!/^[A-Za-z0-9+/]{20,}={0,2}$/.test(key)) return { why: `the key of ${shown(list)} is not base64` };
  if (keyType(key) !== type) return { why: `the key of ${shown(list)} is no ${shown(type)} key` };
  if (!list.startsWith('|')) return { marker, names: { list }, type, key, place };
  const hashed = /^\|1\|([A-Za-z0-9+/]{27}=)\|([A-Za-z0-9+/]{27}=)$/.exec(list);
  if (!hashed) return { why: 'the hashed name is damaged' };
  return { marker, names: { salt: hashed[1] ?? '', hash: hashed[2] ?? '' }, type, key, place };
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The type a key blob says it is: its first length-prefixed string; null when it holds none. */
export function keyType(keyBase64: string): string | null {
  const head: number[] = [];
  let bits = 0;
  let held = 0;
  for (const char of keyBase64.slice(0, 120)) {
    const digit = digits.indexOf(char);
    if (digit < 0) break;
    held = ((held << 6) | digit) & 0xfff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    head.push((held >> bits) & 0xff);
  }
  const length = head[3] ?? 0;
  if (head[0] !== 0 || head[1] !== 0 || head[2] !== 0 || length === 0 || head.length < 4 + length) return null;
  return String.fromCharCode(...head.slice(4, 4 + length));
}
