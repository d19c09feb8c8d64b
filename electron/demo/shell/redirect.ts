import type { CommandStreams } from './command.ts';
import { isListening } from '../systemd/listening.ts';
import { expandText, type Substitute } from './expand.ts';
import type { ShellState } from './state.ts';
import { Gathered, nothing, nowhere, type Sink, textSource } from './streams.ts';
import type { Redirect } from './syntax.ts';

/** A file that cannot be read or written; the message is what a shell says. */
export class RedirectProblem extends Error {}

/** Streams as redirected, and what is left to do once the command has ended. */
export interface Redirected {
  readonly streams: CommandStreams;
  finish(): void;
}

/** Opens what the redirects name. Throws RedirectProblem. */
export async function redirect(
  redirects: readonly Redirect[],
  streams: CommandStreams,
  state: ShellState,
  substitute: Substitute,
): Promise<Redirected> {
  if (redirects.length === 0) return { streams, finish: () => {} };
  let { input, output, errors } = streams;
  const finish: (() => void)[] = [];
  const setSink = (fd: number, sink: Sink) => {
    if (fd === 2) errors = sink;
    else if (fd === 1) output = sink;
  };
  for (const { fd, kind, target } of redirects) {
    const text = await expandText(target, state, substitute);
    if (kind === 'here') input = textSource(text);
    else if (kind === 'duplicate') {
      if (text === '-') setSink(fd, nowhere);
      else if (fd !== 0) setSink(fd, text === '2' ? errors : output);
    } else if (kind === 'read' || (kind === 'overwrite' && fd === 0))
      input = text === '/dev/null' ? nothing : textSource(readable(state, text));
    else setSink(fd, fileSink(state, text, kind, finish, { output, errors }));
  }
  return {
    streams: { input, output, errors },
    finish: () => {
      for (const each of finish) each();
    },
  };
}

function readable(state: ShellState, path: string): string {
  const port = /^\/dev\/tcp\/[^/]+\/(\d+)$/.exec(path)?.[1];
  if (port !== undefined) {
    if (isListening(state.host.systemd, Number(port))) return '';
    throw new RedirectProblem(`connect: Connection refused\n${path}: Connection refused`);
  }
  const text = state.host.files.read(resolvePath(state.directory, path), state.user);
  if (typeof text === 'string') return text;
  throw new RedirectProblem(`${path}: ${text.problem}`);
}

function fileSink(
  state: ShellState,
  path: string,
  kind: Redirect['kind'],
  finish: (() => void)[],
  present: Pick<CommandStreams, 'output' | 'errors'>,
): Sink {
  if (path === '/dev/null') return nowhere;
  if (path === '/dev/stdout') return present.output;
  if (path === '/dev/stderr') return present.errors;
  const { files } = state.host;
  const full = resolvePath(state.directory, path);
  const before = kind === 'write' ? '' : files.read(full, state.user);
  const start = typeof before === 'string' ? before : '';
  const problem = files.write(full, start, state.user);
  if (problem) throw new RedirectProblem(`${path}: ${problem}`);
  const gathered = new Gathered();
  const written = () => {
    const { text } = gathered;
    return kind === 'overwrite' ? text + start.slice(text.length) : start + text;
  };
  finish.push(() => void files.write(full, written(), state.user));
  return gathered;
}

/** An absolute path without `.` and `..`. */
export function resolvePath(directory: string, path: string): string {
  const steps: string[] = [];
  for (const step of (path.startsWith('/') ? path : `${directory}/${path}`).split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return `/${steps.join('/')}`;
}
