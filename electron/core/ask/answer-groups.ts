import { createHash } from 'node:crypto';
import type { AskGroup, AskProgress } from '#shared/contract/ask.ts';
import { cleanText } from '#shared/lib/clean-text.ts';
import type { ExecResult } from '../hosts/host-access.ts';

type UnansweredState = 'silent' | 'lost' | 'refused' | 'cancelled';

const excerptChars = 2_000;
/** Texts kept over all groups of one run; beyond it only excerpts stay, so that 1,000 different answers stay bounded. */
const keptBytes = 64 * 1024 * 1024;

interface Group extends AskGroup {
  readonly hosts: string[];
}

/** Folds answers by equality: same exit code and same bytes are one group, whatever order they come in. */
export class AnswerGroups {
  readonly #groups = new Map<string, Group>();
  readonly #texts = new Map<string, string>();
  readonly #decoder = new TextDecoder();
  #bytesKept = 0;

  answered(host: string, result: ExecResult): void {
    const hash = createHash('sha256').update(JSON.stringify([result.exitCode, result.signal, result.truncated]));
    const id = hash.update(result.stdout).update('\0').update(result.stderr).digest('hex').slice(0, 32);
    const state = result.lost ? 'lost' : 'answered';
    const found = this.#groups.get(id);
    if (found) return this.#join(found, host, result.durationMs);
    const text = this.#text(result);
    const bytes = result.stdout.length + result.stderr.length;
    const kept = this.#bytesKept + bytes <= keptBytes;
    this.#bytesKept += kept ? bytes : 0;
    this.#texts.set(id, kept ? text : text.slice(0, excerptChars));
    this.#groups.set(id, {
      id,
      state,
      exitCode: result.exitCode,
      signal: result.signal ?? '',
      hosts: [host],
      excerpt: text.slice(0, excerptChars),
      bytes,
      truncated: result.truncated || !kept,
      durationMs: { min: result.durationMs, max: result.durationMs },
    });
  }

  /** A host without an answer; equal reasons are one group. */
  unanswered(host: string, state: UnansweredState, why: string, durationMs: number): void {
    const id = createHash('sha256').update(`${state}\0${why}`).digest('hex').slice(0, 32);
    const found = this.#groups.get(id);
    if (found) return this.#join(found, host, durationMs);
    this.#texts.set(id, why);
    this.#groups.set(id, {
      id,
      state,
      exitCode: null,
      signal: '',
      hosts: [host],
      excerpt: why,
      bytes: 0,
      truncated: false,
      durationMs: { min: durationMs, max: durationMs },
    });
  }

  /** Largest group first. */
  list(): AskGroup[] {
    return [...this.#groups.values()]
      .map((group) => ({ ...group, hosts: [...group.hosts], durationMs: { ...group.durationMs } }))
      .sort((a, b) => b.hosts.length - a.hosts.length || a.id.localeCompare(b.id));
  }

  count(...states: AskGroup['state'][]): number {
    let hosts = 0;
    for (const group of this.#groups.values()) if (states.includes(group.state)) hosts += group.hosts.length;
    return hosts;
  }

  text(id: string): { group: AskGroup; text: string } | null {
    const group = this.#groups.get(id);
    return group ? { group, text: this.#texts.get(id) ?? '' } : null;
  }

  #join(group: Group, host: string, durationMs: number): void {
    group.hosts.push(host);
    group.durationMs.min = Math.min(group.durationMs.min, durationMs);
    group.durationMs.max = Math.max(group.durationMs.max, durationMs);
  }

  #text(result: ExecResult): string {
    const output = cleanText(this.#decoder.decode(result.stdout));
    const errors = cleanText(this.#decoder.decode(result.stderr));
    if (errors === '') return output;
    return `${output}${output === '' || output.endsWith('\n') ? '' : '\n'}— standard error —\n${errors}`;
  }
}

/** The one line over the groups: how many stand where. */
export function progressOf(
  groups: AnswerGroups,
  total: number,
  running: number,
  state: AskProgress['state'],
  finishedAt: number | null,
): AskProgress {
  const answered = groups.count('answered', 'lost');
  const silent = groups.count('silent', 'refused', 'cancelled');
  return {
    state,
    finishedAt,
    running,
    waiting: Math.max(0, total - answered - silent - running),
    answered,
    silent,
    groups: groups.list(),
  };
}
