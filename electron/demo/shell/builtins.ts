import type { CommandStreams } from './command.ts';
import { formatPrintf } from './printf.ts';
import { resolvePath } from './redirect.ts';
import type { Shell } from './run.ts';
import { Exit, Leave, type ShellState } from './state.ts';
import { testExpression } from './test-expression.ts';

/** A call of a command that works on the shell itself. */
export interface BuiltinCall extends CommandStreams {
  readonly name: string;
  readonly words: readonly string[];
  readonly state: ShellState;
  readonly shell: Shell;
}

type Builtin = (call: BuiltinCall) => number | Promise<number>;

const number = (word: string | undefined, otherwise: number) => (/^\d+$/.test(word ?? '') ? Number(word) : otherwise);

/** The exit code once what was written has room. */
function written(room: Promise<void> | undefined, code: number): number | Promise<number> {
  return room ? room.then(() => code) : code;
}

function read(call: BuiltinCall): number | Promise<number> {
  const next = call.input.line();
  if (!(next instanceof Promise)) return takeLine(call, next);
  return call.state.process.until(next).then((line) => takeLine(call, line));
}

/** Splits a line into the variables that `read` names. */
function takeLine({ words, state }: BuiltinCall, line: string | null): number {
  const names = words.filter((word) => !word.startsWith('-'));
  const text = (line ?? '').replace(/\n$/, '');
  const separators = state.parameter('IFS') ?? ' \t\n';
  let rest = text;
  const trim = () => {
    let at = 0;
    while (at < rest.length && /[ \t]/.test(rest.charAt(at)) && separators.includes(rest.charAt(at))) at++;
    rest = rest.slice(at);
  };
  for (const [index, name] of (names.length > 0 ? names : ['REPLY']).entries()) {
    trim();
    if (index >= names.length - 1) {
      let end = rest.length;
      while (end > 0 && separators.includes(rest.charAt(end - 1))) end--;
      state.variables.set(name, rest.slice(0, end));
    } else {
      let at = 0;
      while (at < rest.length && !separators.includes(rest.charAt(at))) at++;
      state.variables.set(name, rest.slice(0, at));
      rest = rest.slice(at + 1);
    }
  }
  return line?.endsWith('\n') ? 0 : 1;
}

function echo({ words, output }: BuiltinCall): number | Promise<number> {
  let rest = words;
  let feed = '\n';
  let escapes = false;
  while (/^-[neE]+$/.test(rest[0] ?? '')) {
    if (rest[0]?.includes('n')) feed = '';
    if (rest[0]?.includes('e')) escapes = true;
    rest = rest.slice(1);
  }
  const text = rest.join(' ');
  return written(output.write((escapes ? formatPrintf(text.replaceAll('%', '%%'), []) : text) + feed), 0);
}

function set({ words, state }: BuiltinCall): number {
  // Options such as -e and -f change nothing here.
  const at = words.findIndex((word) => !/^[-+][a-zA-Z]+$/.test(word));
  if (at >= 0) state.words = words[at] === '--' ? words.slice(at + 1) : words.slice(at);
  return 0;
}

function exportNames({ words, state }: BuiltinCall): number {
  for (const word of words) {
    const at = word.indexOf('=');
    if (at > 0) state.variables.set(word.slice(0, at), word.slice(at + 1));
  }
  return 0;
}

async function wait({ words, state }: BuiltinCall): Promise<number> {
  const pids = words.length > 0 ? words.map(Number) : [...state.background.keys()];
  let status = words.length > 0 ? 127 : 0;
  for (const pid of pids) {
    const run = state.background.get(pid);
    if (run) status = await state.process.until(run);
    state.background.delete(pid);
  }
  return words.length > 0 ? status : 0;
}

async function lookUp(
  call: BuiltinCall,
  names: readonly string[],
  show: (name: string, at: string) => string,
): Promise<number> {
  let status = 0;
  for (const name of names) {
    if (Object.hasOwn(builtins, name) || call.state.functions.has(name)) await call.output.write(`${show(name, '')}\n`);
    else {
      const found = call.shell.commandOf(name, call.state);
      if (found) await call.output.write(`${show(name, `/usr/bin/${found}`)}\n`);
      else status = 1;
    }
  }
  return status;
}

async function command(call: BuiltinCall): Promise<number> {
  const [first, ...rest] = call.words;
  if (first === '-v' || first === '-V') return lookUp(call, rest, (name, at) => at || name);
  if (first === undefined) return 0;
  return call.shell.call(first, rest, call.state, call);
}

async function changeDirectory({ words, state, errors }: BuiltinCall): Promise<number> {
  const path = resolvePath(state.directory, words.find((word) => word !== '--') ?? state.parameter('HOME') ?? '/');
  if (state.host.files.list(path) === null) {
    await errors.write(`${state.name}: line 1: cd: ${words[0]}: No such file or directory\n`);
    return 1;
  }
  state.directory = path;
  return 0;
}

function test(call: BuiltinCall): number | Promise<number> {
  const words = call.name === '[' ? call.words.slice(0, -1) : call.words;
  const isOpen = call.name === '[' && call.words.at(-1) !== ']';
  const result = isOpen ? "missing ']'" : testExpression(words, call.state);
  if (typeof result === 'boolean') return result ? 0 : 1;
  return written(call.errors.write(`${call.state.name}: line 1: ${call.name}: ${result}\n`), 2);
}

/** `return` leaves the file, not whoever read it. */
async function sourced(run: Promise<number>): Promise<number> {
  try {
    return await run;
  } catch (error) {
    if (error instanceof Leave && error.kind === 'return') return error.levels;
    throw error;
  }
}

async function source(call: BuiltinCall): Promise<number> {
  const { words, state, shell } = call;
  const text = state.host.files.read(resolvePath(state.directory, words[0] ?? ''), state.user);
  if (typeof text === 'string') return sourced(shell.eval(text, state, call));
  await call.errors.write(`${state.name}: line 1: ${words[0] ?? ''}: ${text.problem}\n`);
  return 1;
}

/** Commands that belong to the shell. */
export const builtins: Readonly<Record<string, Builtin>> = {
  ':': () => 0,
  true: () => 0,
  false: () => 1,
  '.': source,
  source,
  '[': test,
  test,
  echo,
  read,
  set,
  wait,
  command,
  export: exportNames,
  readonly: exportNames,
  local: exportNames,
  cd: changeDirectory,
  trap: ({ words, state }) => {
    // Signals reach no simulated shell: only its end can be trapped.
    if (words.slice(1).some((signal) => signal === 'EXIT' || signal === '0'))
      state.atExit = words[0] === '-' ? '' : (words[0] ?? '');
    return 0;
  },
  umask: () => 0,
  ulimit: () => 0,
  alias: () => 0,
  hash: () => 0,
  type: (call) => lookUp(call, call.words, (name, at) => (at ? `${name} is ${at}` : `${name} is a shell builtin`)),
  pwd: ({ state, output }) => written(output.write(`${state.directory}\n`), 0),
  printf: ({ words: [format = '', ...rest], output }) => written(output.write(formatPrintf(format, rest)), 0),
  unset: ({ words, state }) => {
    for (const word of words) state.variables.delete(word);
    return 0;
  },
  shift: ({ words: [count], state }) => {
    state.words = state.words.slice(number(count, 1));
    return 0;
  },
  eval: (call) => call.shell.eval(call.words.join(' '), call.state, call),
  exec: async ({ words: [name, ...rest], state, shell, ...streams }) => {
    if (name === undefined) return 0;
    throw new Exit(await shell.call(name, rest, state, streams));
  },
  exit: ({ words: [code], state }) => {
    throw new Exit(number(code, state.status) & 255);
  },
  return: ({ words: [code], state }) => {
    throw new Leave('return', number(code, state.status) & 255);
  },
  break: ({ words: [levels] }) => {
    throw new Leave('break', number(levels, 1));
  },
  continue: ({ words: [levels] }) => {
    throw new Leave('continue', number(levels, 1));
  },
};
