import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { fail } from '#shared/contract/problem.ts';

/** Writes a file so that a crash leaves the old or the new text, never half of one. Mode 0600. */
export async function writeAtomically(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

/** Reads a schema-checked JSON file; `missing` when there is none. A broken file rejects with its name, and is left as it is. */
export async function readJson<T>(file: string, schema: z.ZodType<T>, missing: T): Promise<T> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return missing;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.slice(0, 200) : String(cause);
    throw fail('invalid-input', `${file} is not what the console wrote: ${why}`, {
      hint: 'Mend or move the file away; it is not touched until then.',
      place: { file, line: 1 },
    });
  }
}
