import type { CommandCall } from '../command.ts';
import { resolvePath } from '../redirect.ts';
import { nothing, type Source, textSource } from '../streams.ts';

/** Opens the named files one after the other, or standard input for none and for `-`; tells what cannot be read. */
export async function openInputs(
  call: CommandCall,
  paths: readonly string[],
): Promise<{ name: string; source: Source }[]> {
  if (paths.length === 0) return [{ name: '', source: call.input }];
  const opened: { name: string; source: Source }[] = [];
  for (const path of paths) {
    if (path === '-') {
      opened.push({ name: '', source: call.input });
      continue;
    }
    const text = call.host.files.read(resolvePath(call.variable('PWD') || '/home/core', path), call.user);
    if (typeof text === 'string') opened.push({ name: path, source: text === '' ? nothing : textSource(text) });
    else await call.errors.write(`${call.name}: ${path}: ${text.problem}\n`);
  }
  return opened;
}

/** Each line without its line feed, until the end or until `visit` answers false. */
export async function eachLine(
  call: CommandCall,
  source: Source,
  visit: (line: string) => boolean | void | Promise<boolean | void>,
): Promise<void> {
  for (;;) {
    await call.process.step();
    const next = source.line();
    const line = next instanceof Promise ? await call.process.until(next) : next;
    if (line === null) return;
    const answer = visit(line.endsWith('\n') ? line.slice(0, -1) : line);
    if ((answer instanceof Promise ? await answer : answer) === false) return;
  }
}

/** Everything there is to read, in pieces. */
export async function eachChunk(
  call: CommandCall,
  source: Source,
  visit: (chunk: string) => boolean | void | Promise<boolean | void>,
): Promise<void> {
  for (;;) {
    await call.process.step();
    const next = source.chunk();
    const chunk = next instanceof Promise ? await call.process.until(next) : next;
    if (chunk === null) return;
    const answer = visit(chunk);
    if ((answer instanceof Promise ? await answer : answer) === false) return;
  }
}

/** Writes and waits until there is room for more; throws Killed when the process is ended meanwhile. */
export async function put(call: CommandCall, text: string): Promise<void> {
  const room = call.output.write(text);
  if (room) await call.process.until(room);
}

/** Writes a complaint and answers the exit code. */
export async function complain(call: CommandCall, message: string, code = 1): Promise<number> {
  await call.errors.write(`${message}\n`);
  return code;
}
