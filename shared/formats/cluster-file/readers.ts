import type { z } from 'zod';
import type { Problem } from '#shared/contract/problem.ts';
import { closest } from '#shared/lib/closest.ts';
import { problemAt, shown } from '../text-problem.ts';
import type { YamlNode, YamlPlace } from '../yaml-tree/read.ts';
import { isSecretName, looksSecret, secretProblem } from './secrets.ts';

/** Where problems of one file go. */
export class Findings {
  readonly file: string;
  readonly problems: Problem[] = [];

  constructor(file: string) {
    this.file = file;
  }

  /** The first secret found; a file with one is never written by Quarterdeck. */
  secret: Problem | null = null;

  add(place: YamlPlace, message: string, hint?: string): void {
    this.problems.push(problemAt(this.file, place.line, place.column, message, hint));
  }

  addSecret(place: YamlPlace, message: string, hint: string): void {
    this.add(place, message, hint);
    this.secret ??= this.problems.at(-1) ?? null;
  }
}

/** Reads one value; undefined when it cannot be used, with the reason in `findings`. `name` is what messages call it. */
export type Reader<T> = (node: YamlNode, name: string, findings: Findings) => T | undefined;

/** A text checked by a schema; `write` says what to write instead, without a full stop. */
export function text<T>(schema: z.ZodType<T, string>, write: string): Reader<T> {
  return (node, name, findings) => {
    if (node.kind !== 'text') {
      findings.add(
        node.place,
        `${name} has to be one value, not a ${node.kind === 'list' ? 'list' : 'mapping'}`,
        write,
      );
      return undefined;
    }
    if (looksSecret(node.text) !== null) return undefined;
    if (node.text === '') {
      findings.add(node.place, `${name} is empty`, `${write}, or remove the line`);
      return undefined;
    }
    const checked = schema.safeParse(node.text);
    if (checked.success) return checked.data;
    const why = checked.error.issues[0]?.message ?? 'is not valid';
    findings.add(node.place, `${name} ${shown(node.text)} ${why}`, write);
    return undefined;
  };
}

/** A list; items that cannot be used are left out and the others stay. */
export function list<T>(item: Reader<T>, write: string): Reader<T[]> {
  return (node, name, findings) => {
    if (node.kind === 'list') {
      const items = node.items.map((value) => item(value, name, findings));
      return items.filter((value) => value !== undefined);
    }
    if (node.kind === 'text' && node.text === '') return [];
    findings.add(node.place, `${name} has to be a list`, write);
    return undefined;
  };
}

/** One value or a list of them. */
export function oneOrMore<T>(item: Reader<T>, write: string): Reader<T[]> {
  const many = list(item, write);
  return (node, name, findings) => {
    if (node.kind !== 'text') return many(node, name, findings);
    const value = item(node, name, findings);
    return value === undefined ? undefined : [value];
  };
}

type Fields = Readonly<Record<string, Reader<unknown>>>;
type Read<F extends Fields> = { -readonly [K in keyof F]?: Exclude<ReturnType<F[K]>, undefined> };

/** A mapping with known fields; unknown ones are problems, and fields that cannot be used are left out. */
export function mapping<F extends Fields>(fields: F, write: string): Reader<Read<F>> {
  return (node, name, findings) => {
    if (node.kind === 'text' && node.text === '') return {};
    if (node.kind !== 'map') {
      findings.add(node.place, `${name} has to be a mapping`, write);
      return undefined;
    }
    const values: Record<string, unknown> = {};
    for (const { key, keyPlace, value } of node.entries) {
      const reader = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (reader) {
        const read = reader(value, key, findings);
        if (read !== undefined) values[key] = read;
      } else if (isSecretName(key)) secretProblem(key, keyPlace, findings);
      else {
        const close = closest(key, Object.keys(fields));
        const known = `Known here: ${Object.keys(fields).join(', ')}.`;
        findings.add(
          keyPlace,
          `${name} has no field ${shown(key)}`,
          close === null ? known : `Did you mean "${close}"? ${known}`,
        );
      }
    }
    return values as Read<F>;
  };
}
