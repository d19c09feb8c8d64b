import { builtins } from './builtins.ts';
import type { CommandCall, CommandStreams, CommandTable } from './command.ts';
import { expandFields, expandPattern, expandText, plainFields, type Substitute } from './expand.ts';
import { parseShell } from './parse.ts';
import { patternExpression } from './pattern.ts';
import { redirect, RedirectProblem } from './redirect.ts';
import { Exit, Leave, ShellState } from './state.ts';
import { runPipeline } from './pipeline.ts';
import { Gathered, nothing } from './streams.ts';
import { toItsEnd } from './to-its-end.ts';
import { type AndOr, type Command, type List, type Pipeline, SyntaxProblem } from './syntax.ts';

const deepest = 60;

/** A POSIX shell as far as people and the console's own scripts use one, over a table of simulated commands. */
export class Shell {
  readonly #commands: CommandTable;

  constructor(commands: CommandTable) {
    this.#commands = commands;
  }

  /** Runs a text to its end or `exit`; answers the exit code. Throws Killed and BrokenPipe. */
  async run(text: string, state: ShellState, streams: CommandStreams): Promise<number> {
    if (++state.depth > deepest) throw new SyntaxProblem('too many levels');
    try {
      return await toItsEnd(
        state,
        () => this.list(parseShell(text), state, streams),
        (trap) => this.eval(trap, state, streams),
      );
    } catch (error) {
      if (error instanceof SyntaxProblem || error instanceof RedirectProblem) {
        await streams.errors.write(`${state.name}: line 1: ${error.message}\n`);
        return error instanceof SyntaxProblem ? 2 : 1;
      }
      throw error;
    } finally {
      state.depth--;
    }
  }

  /** As part of a running shell: `exit` and the like go on to whoever began it. */
  async eval(text: string, state: ShellState, streams: CommandStreams): Promise<number> {
    return this.list(parseShell(text), state, streams);
  }

  async list(list: List, state: ShellState, streams: CommandStreams): Promise<number> {
    for (const item of list) {
      if (item.background) {
        this.#begin(item, state, streams);
        continue;
      }
      for (const { after, pipeline } of item.steps) {
        if ((after === '&&' && state.status !== 0) || (after === '||' && state.status === 0)) continue;
        const now = this.#quick(pipeline, state, streams) ?? this.#pipeline(pipeline, state, streams);
        state.status = typeof now === 'number' ? now : await now;
      }
    }
    return state.status;
  }

  /** Runs a pipeline that is one built-in with plain words, at once: most steps of a script are. Null for any other. */
  #quick({ negated, commands }: Pipeline, state: ShellState, streams: CommandStreams): number | Promise<number> | null {
    const [command] = commands;
    if (commands.length !== 1 || negated || command?.kind !== 'simple' || command.redirects.length > 0) return null;
    if (command.assignments.length > 0 || state.process.isPauseDue()) return null;
    const fields = plainFields(command.words, state);
    const name = fields?.shift();
    if (!fields || name === undefined || state.functions.has(name)) return null;
    const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
    return builtin ? builtin({ ...streams, name, words: fields, state, shell: this }) : null;
  }

  #begin(item: AndOr, state: ShellState, streams: CommandStreams): void {
    const { processes } = state.host;
    const process = processes.start(state.process.about, state.process.group);
    const copy = new ShellState({ ...state.base(), process }, state.variables, state.functions);
    const run = this.list([{ ...item, background: false }], copy, { ...streams, input: nothing })
      .catch((error: unknown) => (error instanceof Exit ? error.code : 143))
      .finally(() => processes.ended(process));
    state.background.set(process.pid, run);
    state.lastBackground = process.pid;
    state.status = 0;
  }

  async #pipeline({ negated, commands }: Pipeline, state: ShellState, streams: CommandStreams): Promise<number> {
    const [first] = commands;
    if (!first) return 0;
    const status =
      commands.length === 1 ? await this.#command(first, state, streams) : await this.#piped(commands, state, streams);
    return negated ? Number(status === 0) : status;
  }

  #piped(commands: readonly Command[], state: ShellState, streams: CommandStreams): Promise<number> {
    return runPipeline(commands, streams, (command, own) =>
      this.#inSubshell(state, own, (copy) => this.#command(command, copy, own)),
    );
  }

  #inSubshell(state: ShellState, streams: CommandStreams, run: (copy: ShellState) => Promise<number>): Promise<number> {
    const copy = state.copy();
    return toItsEnd(
      copy,
      () => run(copy),
      (trap) => this.eval(trap, copy, streams),
    );
  }

  async #command(command: Command, state: ShellState, streams: CommandStreams): Promise<number> {
    await state.process.step();
    const substitute: Substitute = (list) => this.#substitute(list, state, streams);
    if (command.kind === 'simple') return this.#simple(command, state, streams, substitute);
    try {
      const redirected = await redirect(command.redirects, streams, state, substitute);
      try {
        return await this.#compound(command, state, redirected.streams, substitute);
      } finally {
        redirected.finish();
      }
    } catch (error) {
      return this.#redirectFailed(error, state, streams);
    }
  }

  async #substitute(list: List, state: ShellState, streams: CommandStreams): Promise<string> {
    const output = new Gathered();
    const copied = (copy: ShellState) => this.list(list, copy, { ...streams, output });
    state.status = await this.#inSubshell(state, { ...streams, output }, copied);
    return output.text;
  }

  async #redirectFailed(error: unknown, state: ShellState, streams: CommandStreams): Promise<number> {
    if (!(error instanceof RedirectProblem)) throw error;
    await streams.errors.write(`${state.name}: line 1: ${error.message}\n`);
    return 1;
  }

  async #compound(
    command: Exclude<Command, { kind: 'simple' }>,
    state: ShellState,
    streams: CommandStreams,
    substitute: Substitute,
  ): Promise<number> {
    switch (command.kind) {
      case 'group':
        return this.list(command.body, state, streams);
      case 'subshell':
        return this.#inSubshell(state, streams, (copy) => this.list(command.body, copy, streams));
      case 'function':
        state.functions.set(command.name, command.body);
        return 0;
      case 'if':
        for (const { test, body } of command.branches) {
          if ((await this.list(test, state, streams)) === 0) return this.list(body, state, streams);
        }
        return command.otherwise ? this.list(command.otherwise, state, streams) : 0;
      case 'for': {
        const words = command.words ? await expandFields(command.words, state, substitute) : state.words;
        let status = 0;
        for (const word of words) {
          state.variables.set(command.name, word);
          const round = await this.#round(command.body, state, streams);
          status = round.status;
          if (round.leave) break;
        }
        return status;
      }
      case 'while': {
        let status = 0;
        while (((await this.list(command.test, state, streams)) === 0) !== command.until) {
          await state.process.step();
          const round = await this.#round(command.body, state, streams);
          status = round.status;
          if (round.leave) break;
        }
        return status;
      }
      case 'case': {
        const text = await expandText(command.word, state, substitute);
        for (const { patterns, body } of command.arms) {
          for (const pattern of patterns) {
            if (!patternExpression(await expandPattern(pattern, state, substitute)).test(text)) continue;
            return this.list(body, state, streams);
          }
        }
        return 0;
      }
      default:
        return command satisfies never;
    }
  }

  /** One pass through a loop's body; `leave` when the loop is over. */
  async #round(body: List, state: ShellState, streams: CommandStreams): Promise<{ status: number; leave: boolean }> {
    try {
      return { status: await this.list(body, state, streams), leave: false };
    } catch (error) {
      if (!(error instanceof Leave) || error.kind === 'return') throw error;
      if (--error.levels > 0) throw error;
      return { status: 0, leave: error.kind === 'break' };
    }
  }

  async #simple(
    command: Extract<Command, { kind: 'simple' }>,
    state: ShellState,
    streams: CommandStreams,
    substitute: Substitute,
  ): Promise<number> {
    // What a substitution leaves as status counts only when there is no command.
    state.status = command.words.length > 0 ? state.status : 0;
    const [name, ...words] = await expandFields(command.words, state, substitute);
    const values: [string, string][] = [];
    for (const each of command.assignments) values.push([each.name, await expandText(each.value, state, substitute)]);
    try {
      const redirected = await redirect(command.redirects, streams, state, substitute);
      try {
        if (name === undefined) {
          for (const [key, value] of values) state.variables.set(key, value);
          return state.status;
        }
        const before = values.map(([key]) => [key, state.variables.get(key)] as const);
        for (const [key, value] of values) state.variables.set(key, value);
        try {
          return await this.call(name, words, state, redirected.streams);
        } finally {
          for (const [key, value] of before) {
            if (value === undefined) state.variables.delete(key);
            else state.variables.set(key, value);
          }
        }
      } finally {
        redirected.finish();
      }
    } catch (error) {
      return this.#redirectFailed(error, state, streams);
    }
  }

  /** Runs a function, a built-in or a command by its words. */
  async call(name: string, words: readonly string[], state: ShellState, streams: CommandStreams): Promise<number> {
    const defined = state.functions.get(name);
    if (defined) return this.#function(defined, words, state, streams);
    const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
    if (builtin) return builtin({ ...streams, name, words, state, shell: this });
    const found = this.commandOf(name, state);
    if (!found) {
      const reason = name.includes('/') ? 'No such file or directory' : 'command not found';
      await streams.errors.write(`${state.name}: line 1: ${name}: ${reason}\n`);
      return 127;
    }
    const { input, output, errors } = streams;
    const { host, user, process } = state;
    process.shown = words.length === 0 ? found : `${found} ${words.join(' ').slice(0, 200)}`;
    const call: CommandCall = {
      name: found,
      words,
      host,
      user,
      process,
      input,
      output,
      errors,
      variable: (key) => state.parameter(key) ?? '',
      run: async ([next = '', ...rest], change = {}) => {
        const about = { ...state.base(), user: change.user ?? user, process: change.process ?? process };
        const other = new ShellState(about, state.variables);
        other.depth = state.depth;
        return this.call(next, rest, other, { input, output, errors, ...change });
      },
    };
    return (this.#commands[found] as NonNullable<CommandTable[string]>)(call);
  }

  /** The command of the table that a word means on this host; null when there is none. */
  commandOf(name: string, state: ShellState): string | null {
    const short = /^(?:\/usr)?\/(?:local\/)?s?bin\/([^/]+)$/.exec(name)?.[1] ?? name;
    if (!Object.hasOwn(this.#commands, short) || !state.host.hasCommand(short)) return null;
    return short;
  }

  async #function(
    body: Command,
    words: readonly string[],
    state: ShellState,
    streams: CommandStreams,
  ): Promise<number> {
    const before = state.words;
    if (++state.depth > deepest) throw new SyntaxProblem('too many levels');
    state.words = words;
    try {
      return await this.#command(body, state, streams);
    } catch (error) {
      if (error instanceof Leave && error.kind === 'return') return error.levels;
      throw error;
    } finally {
      state.words = before;
      state.depth--;
    }
  }
}
