import { readFile } from 'node:fs/promises';
import { fail } from '#shared/contract/problem.ts';

/** What a file of certificates or keys holds; `what` names it in the `not-found` that it rejects with. */
export async function readPem(file: string, what: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw fail('not-found', `the ${what} ${file} cannot be read: ${why}`);
  }
}
