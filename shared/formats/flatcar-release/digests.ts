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

/** Hexadecimal as base64, which Omaha speaks. */
export function hexToBase64(hex: string): string {
  return btoa((hex.match(/../g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join(''));
}

/** Base64 as hexadecimal; empty for what is no base64. */
export function base64ToHex(text: string): string {
  try {
    return [...atob(text)].map((char) => (char.codePointAt(0) ?? 0).toString(16).padStart(2, '0')).join('');
  } catch {
    return '';
  }
}
