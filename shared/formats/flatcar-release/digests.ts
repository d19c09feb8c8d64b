/** Checksums by kind and file, in hexadecimal. */
export type Digests = ReadonlyMap<string, ReadonlyMap<string, string>>;

const lengths: Readonly<Record<string, number>> = { MD5: 32, SHA1: 40, SHA256: 64, SHA512: 128 };

/** Reads a release's .DIGESTS: a line `# SHA1 HASH`, then `<hexadecimal>  <file>`; what is neither is passed over. */
export function parseDigests(text: string): Digests {
  const found = new Map<string, Map<string, string>>();
  let kind = '';
  for (const line of text.slice(0, 200_000).split(/\r?\n/)) {
    const heading = /^#\s*([A-Z0-9]+) HASH\s*$/.exec(line)?.[1];
    if (heading !== undefined) kind = heading;
    const match = /^([0-9a-fA-F]+) [ *](\S+)\s*$/.exec(line);
    if (!match?.[1] || !match[2] || match[1].length !== lengths[kind]) continue;
    const ofKind = found.get(kind) ?? new Map<string, string>();
    ofKind.set(match[2].replace(/^.*\//, ''), match[1].toLowerCase());
    found.set(kind, ofKind);
  }
  return found;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Hexadecimal as base64, which Omaha speaks. */
export function hexToBase64(hex: string): string {
  const bytes = (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.slice(at, at + 3);
    const bits = (a << 16) | (b << 8) | c;
    const four = [18, 12, 6, 0].map((shift) => alphabet[(bits >> shift) & 63] ?? '').join('');
    text += four.slice(0, Math.min(4, bytes.length - at + 1)).padEnd(4, '=');
  }
  return text;
}
