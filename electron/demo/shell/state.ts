import type { SimulatedHost } from '../world/simulated-host.ts';
import type { Process } from './process.ts';
import type { Command } from './syntax.ts';

/** What a shell knows while it runs; a subshell works on a copy. */
export class ShellState {
  readonly host: SimulatedHost;
  readonly user: string;
  readonly process: Process;
  readonly variables: Map<string, string>;
  readonly functions: Map<string, Command>;
  /** `$0`. */
  readonly name: string;
  words: readonly string[];
  status = 0;
  directory: string;
  /** Commands begun with `&`, by the number told as `$!`. */
  readonly background = new Map<number, Promise<number>>();
  lastBackground = 0;
  depth = 0;
  /** What is still to be run when this shell, not a copy of it, ends: `trap … EXIT`. */
  atExit = '';

  constructor(
    from: Pick<ShellState, 'host' | 'user' | 'process' | 'name' | 'words' | 'directory'>,
    variables: Iterable<readonly [string, string]> = [],
    functions: Iterable<readonly [string, Command]> = [],
  ) {
    this.host = from.host;
    this.user = from.user;
    this.process = from.process;
    this.name = from.name;
    this.words = from.words;
    this.directory = from.directory;
    this.variables = new Map(variables);
    this.functions = new Map(functions);
  }

  /** What a new shell takes over from this one. */
  base() {
    const { host, user, process, name, words, directory } = this;
    return { host, user, process, name, words, directory };
  }

  copy(): ShellState {
    const copy = new ShellState(this, this.variables, this.functions);
    copy.status = this.status;
    copy.depth = this.depth;
    copy.lastBackground = this.lastBackground;
    return copy;
  }

  /** The value of a parameter, special ones included; null when it is not set. */
  parameter(name: string): string | null {
    switch (name) {
      case '?':
        return String(this.status);
      case '#':
        return String(this.words.length);
      case '$':
        return String(this.process.pid);
      case '!':
        return this.lastBackground ? String(this.lastBackground) : '';
      case '@':
      case '*':
        return this.words.length > 0 ? this.words.join(' ') : null;
      case '-':
        return '';
      case '0':
        return this.name;
      default:
        if (/^\d+$/.test(name)) return this.words[Number(name) - 1] ?? null;
        return this.variables.get(name) ?? null;
    }
  }
}

/** `exit`: ends the shell. */
export class Exit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** `return`, `break` and `continue` on their way up; `levels` for the loops still to leave. */
export class Leave extends Error {
  readonly kind: 'return' | 'break' | 'continue';
  levels: number;
  constructor(kind: 'return' | 'break' | 'continue', levels: number) {
    super(kind);
    this.kind = kind;
    this.levels = levels;
  }
}
