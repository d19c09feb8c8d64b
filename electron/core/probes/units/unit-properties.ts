import type { BusValue } from '../../dbus/bus.ts';

/** The properties of one unit, from the bus or from `systemctl show`. What is absent is '', null or []. */
export interface UnitProperties {
  text(name: string): string;
  /** Null too for counters that are not kept, which systemd gives as the largest 64-bit number. */
  number(name: string): number | null;
  list(name: string): string[];
}

const notKept = 2n ** 64n - 1n;
const maxText = 4096;
const maxListed = 1000;

/** Properties as GetAll gave them, without their signatures. */
export function busProperties(values: Readonly<Record<string, BusValue>>): UnitProperties {
  return {
    text(name) {
      const value = values[name];
      if (typeof value === 'boolean') return value ? 'yes' : 'no';
      return typeof value === 'string' ? value.slice(0, maxText) : '';
    },
    number(name) {
      const value = values[name];
      if (typeof value === 'bigint') return value === notKept ? null : Number(value);
      return typeof value === 'number' ? value : null;
    },
    list(name) {
      const value = values[name];
      if (!Array.isArray(value)) return [];
      return value
        .slice(0, maxListed)
        .filter((each) => typeof each === 'string')
        .map((each) => each.slice(0, maxText));
    },
  };
}

/** Properties as `systemctl show` printed them, one `Key=value` a line; a key that comes twice keeps its first value; words may be quoted. */
export function shownProperties(text: string): UnitProperties {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    const key = line.slice(0, at);
    if (at > 0 && !values.has(key)) values.set(key, line.slice(at + 1));
  }
  const valueOf = (name: string) => (values.get(name) ?? '').trim();
  return {
    text: (name) => valueOf(name).slice(0, maxText),
    number(name) {
      const value = valueOf(name);
      if (!/^-?\d{1,20}$/.test(value) || BigInt(value) === notKept) return null;
      return Number(value);
    },
    list: (name) =>
      [...valueOf(name).matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)]
        .slice(0, maxListed)
        .map(([, quoted, plain]) => (quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '').slice(0, maxText)),
  };
}
