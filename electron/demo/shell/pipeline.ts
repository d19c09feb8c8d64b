import type { CommandStreams } from './command.ts';
import { BrokenPipe, Pipe } from './streams.ts';
import type { Command } from './syntax.ts';

/** Runs commands side by side, each reading what the one before writes; answers the status of the last. */
export async function runPipeline(
  commands: readonly Command[],
  streams: CommandStreams,
  run: (command: Command, streams: CommandStreams) => Promise<number>,
): Promise<number> {
  let { input } = streams;
  const runs = commands.map(async (command, at) => {
    const source = input;
    const pipe = at < commands.length - 1 ? new Pipe() : null;
    if (pipe) input = pipe;
    try {
      return await run(command, { ...streams, input: source, output: pipe ?? streams.output });
    } catch (error) {
      if (error instanceof BrokenPipe && pipe) return 141;
      throw error;
    } finally {
      pipe?.end();
      if (at > 0) source.close();
    }
  });
  return (await Promise.all(runs)).at(-1) ?? 0;
}
