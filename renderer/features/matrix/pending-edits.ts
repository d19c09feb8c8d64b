import type { ChangePart, ComparedFile, UnitStep } from '#shared/contract/change.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { writeSetting } from '#shared/formats/settings/settings.ts';
import { type Checks, gatesOf, portsNamedIn, validatorsOf } from '#shared/lib/change/checks.ts';
import type { MatrixColumn } from './matrix.ts';

/** What is wished of one setting of one host; null takes it out. */
export type HostEdits = ReadonlyMap<string, string | null>;
/** What is wished and not done yet, by host. */
export type PendingEdits = ReadonlyMap<string, HostEdits>;

/** One wish as it is listed: hosts that are to get the same value of the same setting. */
export interface PendingEdit {
  readonly key: string;
  readonly value: string | null;
  readonly hosts: readonly string[];
}

/** The wishes with one more; a value that a host has anyway is no wish. Problem: it cannot be written there, nothing is changed. */
export function withEdit(
  path: string,
  edits: PendingEdits,
  columns: readonly MatrixColumn[],
  key: string,
  value: string | null,
): PendingEdits | Problem {
  const next = new Map(edits);
  const tried = new Map<string, Problem | null>();
  for (const { hosts, settings, text } of columns) {
    if (!settings) continue;
    for (const host of hosts) {
      const own = new Map(next.get(host));
      if ((settings.get(key) ?? null) === value) own.delete(key);
      else own.set(key, value);
      const signature = `${JSON.stringify([...own])} ${text}`;
      if (!tried.has(signature)) {
        const made = editedText(path, text, own);
        tried.set(signature, typeof made === 'string' ? null : made);
      }
      const problem = tried.get(signature);
      if (problem) return { ...problem, host };
      if (own.size === 0) next.delete(host);
      else next.set(host, own);
    }
  }
  return next;
}

/** The wishes without one of them. */
export function withoutEdit(edits: PendingEdits, { key, hosts }: PendingEdit): PendingEdits {
  const next = new Map(edits);
  for (const host of hosts) {
    const own = new Map(next.get(host));
    own.delete(key);
    if (own.size === 0) next.delete(host);
    else next.set(host, own);
  }
  return next;
}

/** The wishes by setting and value, in the order in which they were made. */
export function listedEdits(edits: PendingEdits): PendingEdit[] {
  const found = new Map<string, { key: string; value: string | null; hosts: string[] }>();
  for (const [host, own] of edits) {
    for (const [key, value] of own) {
      const name = JSON.stringify([key, value]);
      const same = found.get(name);
      if (same) same.hosts.push(host);
      else found.set(name, { key, value, hosts: [host] });
    }
  }
  return [...found.values()];
}

/** A text with all that is wished of it. */
export function editedText(path: string, text: string, edits: HostEdits): string | Problem {
  let made = text;
  for (const [key, value] of edits) {
    const next = writeSetting(path, made, key, value);
    if (typeof next !== 'string') return next;
    made = next;
  }
  return made;
}

/** The parts of one change that does all that is wished: hosts that get the same text share one. */
export function partsOf(
  path: string,
  columns: readonly MatrixColumn[],
  files: readonly ComparedFile[],
  edits: PendingEdits,
  actions: readonly UnitStep[],
  checks: Checks,
): ChangePart[] | Problem {
  const seen = new Map(files.map(({ host, hash }) => [host, hash]));
  const read = columns.filter(({ settings }) => settings !== null);
  const texts = new Map(read.flatMap(({ hosts, text }) => hosts.map((host) => [host, text] as const)));
  const byText = new Map<string, string[]>();
  for (const [host, own] of edits) {
    const text = texts.get(host);
    if (text === undefined) return notRead(host);
    const made = editedText(path, text, own);
    if (typeof made !== 'string') return { ...made, host };
    byText.set(made, [...(byText.get(made) ?? []), host]);
  }
  return [...byText].map(([content, hosts]) => ({
    hosts,
    files: [
      {
        path,
        content,
        mode: null,
        owner: null,
        seen: Object.fromEntries(hosts.map((host) => [host, seen.get(host) ?? null])),
      },
    ],
    actions: [...actions],
    validators: validatorsOf(checks, path),
    gates: gatesOf(checks, actions, portsNamedIn(path, content)),
  }));
}

function notRead(host: string): Problem {
  const hint = 'Undo its edit, or read the settings of this host too.';
  return { code: 'stale', message: 'its settings are edited, but were not read again', host, hint };
}
