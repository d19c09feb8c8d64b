import { matchPattern } from '#shared/formats/ssh-config/pattern.ts';
import { type HostRecord, numberFields, textFields } from './fields.ts';
import type { FilterCondition, FilterTerm, Operator } from './filter-tree.ts';

/** Whether a host fits; `nowMs` is the console's clock, for ages. */
export type HostPredicate = (host: HostRecord, nowMs: number) => boolean;

/** Makes a predicate that holds when all terms do. What is not known of a host fits no term, and so fits its negation. */
export function compileFilter(terms: readonly Pick<FilterTerm, 'negated' | 'condition'>[]): HostPredicate {
  const tests = terms.map(({ negated, condition }) => {
    const test = compileCondition(condition);
    return negated ? (host: HostRecord, nowMs: number) => !test(host, nowMs) : test;
  });
  return (host, nowMs) => tests.every((test) => test(host, nowMs));
}

function compileCondition(condition: FilterCondition): HostPredicate {
  switch (condition.kind) {
    case 'word': {
      const fits = containing(condition.text);
      return (host) => words(host).some(fits);
    }
    case 'text': {
      const { read } = textFields[condition.field];
      const fits = anyOf(condition.values);
      return (host, nowMs) => read(host, nowMs).some(fits);
    }
    case 'label': {
      const key = condition.key.toLowerCase();
      const fits = condition.values === null ? () => true : anyOf(condition.values);
      return ({ identity }) =>
        Object.entries(identity?.labels ?? {}).some(([name, value]) => name.toLowerCase() === key && fits(value));
    }
    case 'unit':
      return compileUnit(condition.name, condition.states);
    default: {
      const { read } = numberFields[condition.field];
      const compare = comparisons[condition.operator];
      return (host, nowMs) => {
        const figure = read(host, nowMs);
        return figure !== null && compare(figure, condition.value);
      };
    }
  }
}

function compileUnit(name: string, states: readonly string[] | null): HostPredicate {
  // As systemctl does: a name without a suffix is a service.
  const fits = matcher(/[*?]|\.[a-z]+$/i.test(name) ? name : `${name}.service`);
  const asked = states === null ? null : new Set(states);
  return ({ units }) =>
    !!units &&
    (((asked === null || asked.has('failed')) && units.failed.some((unit) => fits(unit.name))) ||
      units.loadErrors.some((unit) => (asked === null || asked.has(unit.load)) && fits(unit.name)));
}

/** Everything a bare word is looked for in. */
function words({ identity, facts }: HostRecord): string[] {
  const labels = Object.entries(identity?.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const os = facts ? [facts.os.pretty, facts.os.id, facts.os.version, facts.family, facts.hostname] : [];
  return [identity?.name ?? '', identity?.address ?? '', ...labels, ...os];
}

const comparisons: Readonly<Record<Operator, (figure: number, value: number) => boolean>> = {
  '>': (figure, value) => figure > value,
  '>=': (figure, value) => figure >= value,
  '<': (figure, value) => figure < value,
  '<=': (figure, value) => figure <= value,
  '=': (figure, value) => figure === value,
};

function anyOf(values: readonly string[]): (text: string) => boolean {
  const matchers = values.map(matcher);
  return (text) => matchers.some((fits) => fits(text));
}

function containing(word: string): (text: string) => boolean {
  const lower = word.toLowerCase();
  return /[*?]/.test(lower) ? matcher(`*${lower}*`) : (text) => text.toLowerCase().includes(lower);
}

function matcher(value: string): (text: string) => boolean {
  const pattern = value.toLowerCase();
  if (/[*?]/.test(pattern)) return (text) => matchPattern(text.toLowerCase(), pattern);
  return (text) => text.toLowerCase() === pattern;
}
