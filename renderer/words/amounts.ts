const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const decimal = ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s'];

function scaled(value: number, step: number, units: readonly string[]): string {
  let rest = Math.max(0, value);
  let unit = 0;
  while (rest >= step && unit < units.length - 1) {
    rest /= step;
    unit += 1;
  }
  const digits = unit === 0 || rest >= 100 ? 0 : 1;
  return `${rest.toFixed(digits)} ${units[unit]}`;
}

/** Bytes in binary units, `1.4 GiB`. */
export function bytes(value: number): string {
  return scaled(value, 1024, binary);
}

/** Bytes per second in decimal units, `3.2 MB/s`. */
export function rate(value: number): string {
  return scaled(value, 1000, decimal);
}

/** A part of 0..1 as whole per cent, `34 %`. */
export function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

/** A count and its noun: `1 host`, `3 hosts`; `many` where an s is not enough. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** Names joined for a sentence: `a, b and 3 more`. */
export function some(names: readonly string[], shown = 3): string {
  if (names.length <= shown) {
    const last = names.at(-1) ?? '';
    return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
  }
  return `${names.slice(0, shown).join(', ')} and ${names.length - shown} more`;
}
