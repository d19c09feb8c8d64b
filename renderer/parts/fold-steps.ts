import { diffArrays } from 'diff';
import type { ChangePlan, FileState, PlannedFile, PlannedStep } from '#shared/contract/change.ts';

/** Steps that change the same lines in the same files, whatever stands around those lines. */
export interface FoldedSteps {
  readonly key: string;
  readonly steps: readonly PlannedStep[];
  readonly hosts: readonly string[];
}

/** What becomes of one file, counted. */
export interface FileCount {
  readonly path: string;
  readonly added: number;
  readonly removed: number;
}

/** Lines between the first and the last that differ; more are not compared line by line, and fold only where they are equal. */
const mostLines = 400;

/** Folds the steps of a plan by what they change: those of most hosts first. */
export function foldSteps(plan: Pick<ChangePlan, 'steps' | 'contents'>): FoldedSteps[] {
  const folds = new Map<string, { key: string; steps: PlannedStep[]; hosts: string[] }>();
  for (const step of plan.steps) {
    const { hosts, files, ...rest } = step;
    const key = JSON.stringify([rest, files.map((file) => signatureOf(file, plan.contents))]);
    const fold = folds.get(key);
    if (fold) {
      fold.steps.push(step);
      for (const host of hosts) fold.hosts.push(host);
    } else folds.set(key, { key, steps: [step], hosts: [...hosts] });
  }
  return [...folds.values()].toSorted((a, b) => b.hosts.length - a.hosts.length);
}

/** How many lines each file of a step gains and loses. */
export function countLines(step: PlannedStep, contents: ChangePlan['contents']): FileCount[] {
  return step.files.map((file) => {
    const { added, removed } = changedLines(textOf(file.before, contents), textOf(file.after, contents));
    return { path: file.path, added: added.length, removed: removed.length };
  });
}

function textOf(state: FileState, contents: ChangePlan['contents']): string {
  return state.kind === 'absent' ? '' : (contents[state.hash] ?? '');
}

function attributes(state: FileState): string {
  return state.kind === 'absent' ? '' : `${state.mode} ${state.uid}:${state.gid}`;
}

function signatureOf({ path, before, after }: PlannedFile, contents: ChangePlan['contents']): unknown {
  const { added, removed, exact } = changedLines(textOf(before, contents), textOf(after, contents));
  const states = [before, after].map((state) => [state.kind, attributes(state)]);
  return [path, states, exact ? [before, after] : [removed, added]];
}

interface Changed {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Too much differs for its lines to be told from those around them. */
  readonly exact: boolean;
}

function changedLines(before: string, after: string): Changed {
  if (before === after) return { added: [], removed: [], exact: false };
  const was = before.split('\n');
  const is = after.split('\n');
  let start = 0;
  while (start < was.length && start < is.length && was[start] === is[start]) start++;
  let end = 0;
  const most = Math.min(was.length, is.length) - start;
  while (end < most && was[was.length - 1 - end] === is[is.length - 1 - end]) end++;
  const removed = was.slice(start, was.length - end);
  const added = is.slice(start, is.length - end);
  if (removed.length === 0 || added.length === 0) return { added, removed, exact: false };
  if (removed.length > mostLines || added.length > mostLines) return { added, removed, exact: true };
  const parts = diffArrays(removed, added);
  return {
    added: parts.flatMap((part) => (part.added ? part.value : [])),
    removed: parts.flatMap((part) => (part.removed ? part.value : [])),
    exact: false,
  };
}
