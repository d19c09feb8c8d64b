import type { MatchRule } from './bus.ts';

/** What a rule is held against. `arg0` is asked for only by rules that name it. */
export interface MatchSubject {
  readonly type: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  arg0(): unknown;
}

const keys: Readonly<Record<keyof MatchRule, string>> = {
  sender: 'sender',
  path: 'path',
  pathNamespace: 'path_namespace',
  interface: 'interface',
  member: 'member',
  arg0: 'arg0',
};
const names = new Map(Object.entries(keys).map(([name, key]) => [key, name as keyof MatchRule]));

/** Writes a rule for signals as AddMatch takes it. */
export function formatMatchRule(rule: MatchRule): string {
  const parts = ["type='signal'"];
  for (const [name, key] of Object.entries(keys)) {
    const value = rule[name as keyof MatchRule];
    // Inside quotes an apostrophe cannot stand; it is closed, escaped and opened again.
    if (value !== undefined) parts.push(`${key}='${value.replaceAll("'", "'\\''")}'`);
  }
  return parts.join(',');
}

/** Reads a rule that a client sent; null when it is not for signals or uses a key that is not known here. */
export function parseMatchRule(text: string): MatchRule | null {
  const rule: { -readonly [K in keyof MatchRule]: MatchRule[K] } = {};
  const pair = /\s*([a-z0-9_]+)=((?:'[^']*'|\\'|[^,'\\])*)(?:,|$)/y;
  while (pair.lastIndex < text.length) {
    const found = pair.exec(text);
    if (!found) return null;
    const [, key = '', quoted = ''] = found;
    const value = quoted.replace(/'([^']*)'|\\(')/g, (_, inside?: string) => inside ?? "'");
    if (key === 'type') {
      if (value !== 'signal') return null;
      continue;
    }
    const name = names.get(key);
    if (!name) return null;
    rule[name] = value;
  }
  return rule;
}

/** Whether a signal fits a rule, the sender left aside: only a bus knows who owns a name. */
export function fitsMatchRule(rule: MatchRule, signal: MatchSubject): boolean {
  return (
    signal.type === 'signal' &&
    (rule.member === undefined || rule.member === signal.member) &&
    (rule.interface === undefined || rule.interface === signal.interface) &&
    (rule.path === undefined || rule.path === signal.path) &&
    (rule.pathNamespace === undefined || isBelow(signal.path, rule.pathNamespace)) &&
    (rule.arg0 === undefined || rule.arg0 === signal.arg0())
  );
}

function isBelow(path: string, root: string): boolean {
  return root === '/' || path === root || path.startsWith(`${root}/`);
}
