import { Exit, Leave, type ShellState } from './state.ts';

/**
 * Runs what a shell is for, then the text that it trapped its end with, by `evaluate`; answers its exit code. An `exit` in that
 * text has the last word.
 */
export async function toItsEnd(
  state: ShellState,
  run: () => Promise<number>,
  evaluate: (text: string) => Promise<number>,
): Promise<number> {
  const code = await exitCodeOf(run, () => state.status);
  const { atExit } = state;
  if (atExit === '') return code;
  state.atExit = '';
  state.status = code;
  return exitCodeOf(
    async () => {
      await evaluate(atExit);
      return code;
    },
    () => code,
  );
}

async function exitCodeOf(run: () => Promise<number>, left: () => number): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Exit) return error.code;
    if (error instanceof Leave) return left();
    throw error;
  }
}
