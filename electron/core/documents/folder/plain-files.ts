import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '#shared/contract/problem.ts';

const mostBytes = 4_000_000;
const mostNames = 20_000;

/** What tells two states of a file apart without reading it; null where there is none. */
export interface FileMark {
  readonly modifiedMs: number;
  readonly bytes: number;
  readonly inode: number;
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? 'unknown';

/** Null when there is nothing; `refused` for anything but a plain file: a link may lead out of the folder. */
export async function markOf(file: string): Promise<FileMark | null> {
  try {
    const about = await lstat(file);
    if (!about.isFile())
      throw fail('refused', `${file} is not a plain file`, {
        hint: 'Links are not followed.',
        place: { file, line: 1 },
      });
    return { modifiedMs: about.mtimeMs, bytes: about.size, inode: about.ino };
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

/** The text of a plain file; rejects with a ProblemError that names it. */
export async function readPlain(file: string): Promise<string> {
  const wrong = (why: string) => fail('protocol', `${file} ${why}`, { place: { file, line: 1 } });
  let handle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ELOOP')
      throw fail('refused', `${file} is a link`, { hint: 'Links are not followed.', place: { file, line: 1 } });
    throw code === 'ENOENT' ? fail('not-found', `there is no ${file}`) : wrong(`cannot be read (${code})`);
  }
  try {
    const about = await handle.stat();
    if (!about.isFile()) throw wrong('is not a plain file');
    if (about.size > mostBytes) throw wrong(`has ${about.size} bytes; ${mostBytes} is the most`);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await handle.readFile());
  } catch (error) {
    if (error instanceof TypeError) throw wrong('is not text in UTF-8');
    throw error;
  } finally {
    await handle.close();
  }
}

/** The names in a folder; empty when there is none. `refused` for a link to one. */
export async function namesIn(folder: string): Promise<string[]> {
  const about = await lstat(folder).catch(() => null);
  if (!about) return [];
  if (!about.isDirectory()) throw fail('refused', `${folder} is not a folder`, { hint: 'Links are not followed.' });
  return (await readdir(folder)).slice(0, mostNames);
}

/** Makes a folder below one that is there. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
  await namesIn(folder);
}

/** Writes a file whole or not at all; with `once` only where there is none, and false when there was. */
export async function writePlain(folder: string, name: string, text: string, once = false): Promise<boolean> {
  const target = join(folder, name);
  const temporary = join(folder, `.${name}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
  const handle = await open(temporary, 'wx', 0o644);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (!once) {
    await rename(temporary, target);
    return true;
  }
  try {
    await link(temporary, target);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
}

/** Removes a file; fine when it is gone already. */
export async function removePlain(file: string): Promise<void> {
  await unlink(file).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
}
