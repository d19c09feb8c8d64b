import type { LineDialect, Split } from './line-text.ts';
import { decodeQuoted, encodeQuoted } from './quoted-value.ts';
import { sshdDialect } from './sshd-dialect.ts';

/** `name = value`, or with any of `signs`; null without one. */
function splitAt(line: string, sign: string): Split | null {
  const at = line.indexOf(sign);
  const name = line.slice(0, Math.max(0, at)).trimEnd();
  if (name === '') return null;
  const rest = line.slice(at + 1);
  const valueFrom = rest.trim() === '' ? line.length : line.length - rest.trimStart().length;
  return { name, nameEnd: name.length, valueFrom, valueTo: line.length };
}

/** The text of a header `[name]`; null for other lines. */
function headerName(line: string): string | null {
  return line.startsWith('[') && line.endsWith(']') && line.length > 2 ? line.slice(1, -1) : null;
}

/** A name for a setting in a section that can be taken apart again, whatever dots are in either. */
function dottedKey(section: string, name: string): string {
  if (section === '') return name.includes('.') || name.startsWith('[') ? `[].${name}` : name;
  return section.includes('.') || section.startsWith('[') ? `[${section}].${name}` : `${section}.${name}`;
}

function splitDotted(key: string): { section: string; name: string } {
  const bracketed = key.startsWith('[') ? key.indexOf('].') : -1;
  if (bracketed !== -1) return { section: key.slice(1, bracketed), name: key.slice(bracketed + 2) };
  const at = key.indexOf('.');
  return at === -1 ? { section: '', name: key } : { section: key.slice(0, at), name: key.slice(at + 1) };
}

/** A value as it stands, where nothing is quoted. */
const plain = { decode: (raw: string) => raw, encode: (value: string) => value };

const ini: LineDialect = {
  ...plain,
  comments: '#;',
  joins: false,
  between: '=',
  section: headerName,
  numbers: false,
  header: (label) => (label === '' || /[\]\r\n]/.test(label) ? null : `[${label}]`),
  split: (line) => splitAt(line, '='),
  key: dottedKey,
  splitKey: splitDotted,
  isName: (name) => /^[^\s=#;[\]][^=\r\n]{0,200}$/.test(name) && name.trim() === name,
  indent: () => '',
  repeats: () => 'last',
};

const unit: LineDialect = {
  ...ini,
  joins: true,
  isName: (name) => /^[A-Za-z][A-Za-z0-9-]*$/.test(name),
  repeats: () => 'all',
  encode: (value) => (value.endsWith('\\') ? null : value),
};

const networkd: LineDialect = { ...unit, numbers: true };

const flat = {
  joins: false,
  section: () => null,
  numbers: false,
  header: () => null,
  key: (_: string, name: string) => name,
  splitKey: (key: string) => ({ section: '', name: key }),
  indent: () => '',
  repeats: () => 'last' as const,
};

/** `net/ipv4/x` is `net.ipv4.x`: what stands first decides which of the two parts a name, the other is its opposite. */
function sysctlName(name: string): string {
  const bare = name.startsWith('-') ? name.slice(1) : name;
  if (!/^[^.]*\//.test(bare)) return bare;
  return bare.replaceAll(/[./]/g, (sign) => (sign === '/' ? '.' : '/'));
}

const sysctl: LineDialect = {
  ...flat,
  ...plain,
  comments: '#;',
  between: ' = ',
  split: (line) => splitAt(line, '='),
  key: (_, name) => sysctlName(name),
  isName: (name) => /^[a-z][\w./*-]{0,200}$/.test(name) && sysctlName(name) === name,
};

const assignments: LineDialect = {
  ...flat,
  comments: '#',
  between: '=',
  split: (line) => {
    const split = splitAt(line.replace(/^export /, '       '), '=');
    const name = split?.name.trim() ?? '';
    return split && /^[A-Za-z_]\w*$/.test(name) ? { ...split, name } : null;
  },
  isName: (name) => /^[A-Za-z_]\w*$/.test(name),
  decode: decodeQuoted,
  encode: encodeQuoted,
};

/** How each format of lines is read and written. */
export const dialects = { unit, networkd, ini, sysctl, assignments, sshd: sshdDialect } as const;
