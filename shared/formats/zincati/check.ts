import { parse } from 'smol-toml';
import { closest } from '#shared/lib/closest.ts';
import { type Finding, Findings } from '../finding.ts';
import { findTomlLines } from '../settings/toml-lines.ts';
import { shown } from '../text-problem.ts';
import { tomlProblem } from '../toml-text/problem.ts';

interface Place {
  readonly line: number;
  readonly column: number;
}

type Rule = (value: unknown) => string | null;

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const whole = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const text: Rule = (value) => (typeof value === 'string' ? null : 'A text between quotes.');
const truth: Rule = (value) => (typeof value === 'boolean' ? null : 'true or false.');
const address: Rule = (value) =>
  typeof value === 'string' && /^https?:\/\/[^\s/]+/.test(value) ? null : 'An address as "https://fleetlock.example/".';
const atLeastOne: Rule = (value) =>
  (typeof value === 'number' || typeof value === 'bigint') && Number.isInteger(Number(value)) && Number(value) > 0
    ? null
    : 'A whole number above 0.';
const dayList: Rule = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(
    (day) => typeof day === 'string' && (days.includes(day.toLowerCase()) || whole.includes(day.toLowerCase())),
  )
    ? null
    : 'A list as [ "Sat", "Sun" ].';

/** What zincati reads, by the names of tables and keys. */
const rules: Readonly<Record<string, Rule>> = {
  'agent.timing.steady_interval_secs': atLeastOne,
  'identity.group': text,
  'identity.node_uuid': text,
  'identity.rollout_wariness': (value) =>
    typeof value === 'number' && value >= 0 && value <= 1 ? null : 'A number from 0.0 to 1.0.',
  'cincinnati.base_url': address,
  'updates.enabled': truth,
  'updates.allow_downgrade': truth,
  'updates.strategy': (value) =>
    typeof value === 'string' && ['', 'immediate', 'fleet_lock', 'periodic'].includes(value)
      ? null
      : 'One of "immediate", "fleet_lock", "periodic".',
  'updates.fleet_lock.base_url': address,
  'updates.periodic.time_zone': text,
  'updates.periodic.window.days': dayList,
  'updates.periodic.window.start_time': (value) =>
    typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? null : 'A time as "02:30".',
  'updates.periodic.window.length_minutes': atLeastOne,
};
const names = Object.keys(rules);

/** Keys and values that zincati does not know in a file of its config.d, at their lines. Never throws. */
export function checkZincati(source: string): Finding[] {
  const findings = new Findings('zincati');
  const broken = tomlProblem(source);
  if (broken) {
    findings.error(broken.place, broken.message);
    return findings.list();
  }
  const root: unknown = parse(source, { integersAsBigInt: 'asNeeded' });
  const { lines } = findTomlLines(source);
  const places = new Map(lines.map(({ key, line, column }) => [plainKey(key), { line, column }]));
  const lineOf = (key: string): Place => places.get(key) ?? headerPlace(source, key);
  walk(root, '', (key, name, value) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) {
      const near = closest(name, names);
      findings.warning(
        lineOf(key),
        `zincati knows no ${shown(name)}`,
        near === null ? undefined : `Did you mean ${near}?`,
      );
      return;
    }
    const hint = rule(value);
    if (hint !== null) findings.error(lineOf(key), `${name} does not take ${shown(String(value))}`, hint);
  });
  const updates = tableOf(tableOf(root)?.['updates']);
  if (updates?.['strategy'] === 'fleet_lock' && tableOf(updates['fleet_lock'])?.['base_url'] === undefined)
    findings.error(lineOf('updates.strategy'), 'fleet_lock needs a server', 'Set base_url under [updates.fleet_lock].');
  if (updates?.['strategy'] === 'periodic' && tableOf(updates['periodic'])?.['window'] === undefined)
    findings.error(lineOf('updates.strategy'), 'periodic needs a window', 'Add [[updates.periodic.window]].');
  return findings.list();
}

function tableOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** Every value with its key as it stands (`window[1].days`), and without places in lists (`window.days`). */
function walk(value: unknown, key: string, tell: (key: string, name: string, value: unknown) => void): void {
  const table = tableOf(value);
  if (table && !(value instanceof Date)) {
    for (const [name, inner] of Object.entries(table)) walk(inner, key === '' ? name : `${key}.${name}`, tell);
    return;
  }
  if (Array.isArray(value) && value.some((item) => tableOf(item) !== null)) {
    for (const [at, item] of value.slice(0, 1000).entries()) walk(item, `${key}.${at}`, tell);
    return;
  }
  tell(key, key.replaceAll(/\.\d+(?=\.|$)/g, ''), value);
}

/** The key as `walk` has it. */
function plainKey(key: string): string {
  return key.replaceAll(/\[(\d+)\]/g, '.$1').replaceAll('"', '');
}

/** Where a table begins, for what stands in no line of its own. */
function headerPlace(source: string, key: string): Place {
  const last = key.split('.').at(-1) ?? key;
  const at = source.split('\n').findIndex((row) => row.trimStart().startsWith(last) || row.includes(`${key}]`));
  return { line: Math.max(at, 0) + 1, column: 1 };
}
