const root = '/org/freedesktop/systemd1/unit/';

/** The object path of a unit, as systemd escapes it: every byte but letters and digits becomes `_` and two hex digits. */
export function unitPath(unit: string): string {
  const escaped = unit.replace(/[^A-Za-z0-9]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `_${byte.toString(16).padStart(2, '0')}`).join(''),
  );
  const first = escaped.charCodeAt(0);
  const digit = first >= 0x30 && first <= 0x39;
  return root + (digit ? `_${first.toString(16)}${escaped.slice(1)}` : escaped || '_');
}

/** The unit that an object path stands for; null for any other path. */
export function unitFromPath(path: string): string | null {
  if (!path.startsWith(root)) return null;
  const escaped = path.slice(root.length);
  if (!/^(?:[A-Za-z0-9]|_[0-9a-f]{2})+$/.test(escaped)) return null;
  const bytes = escaped.replace(/_([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
