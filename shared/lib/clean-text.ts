const bidiControls = new Set([
  0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069,
]);

function visible(code: number): string | null {
  if (code < 0x20) return code === 0x0a || code === 0x09 ? null : String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  if (code >= 0x80 && code < 0xa0) return '\ufffd';
  if (bidiControls.has(code) || code === 0x2028 || code === 0x2029 || code === 0xfeff) return '\ufffd';
  return null;
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const suspicious = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/** Text from outside made safe to show: control and direction characters become visible symbols; line feeds and tabs stay. */
export function cleanText(text: string): string {
  const unixLines = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
  if (!suspicious.test(unixLines)) return unixLines;
  let out = '';
  for (const character of unixLines) out += visible(character.codePointAt(0) ?? 0) ?? character;
  return out;
}

/** Like `cleanText`, on one line and cut to `max` characters with an ellipsis. */
export function cleanLine(text: string, max = 500): string {
  const line = cleanText(text)
    .replaceAll(/[\n\t]+/g, ' ')
    .trim();
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}
