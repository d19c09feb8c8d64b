import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { fail } from '#shared/contract/problem.ts';
import type { ReadRelease } from '#shared/contract/update-service.ts';
import { type MeasuredPayload, payloadFile, readRelease } from '#shared/formats/flatcar-release/read-release.ts';

const mostText = 200_000;

/** Reads a folder that has a release's files as they are published: version.txt, digests, and the payload, which is measured. */
export async function readReleaseFolder(folder: string, signal: AbortSignal): Promise<ReadRelease> {
  if (!isAbsolute(folder)) throw fail('invalid-input', `${folder} is not an absolute path`);
  const [versionText, digests] = await Promise.all([
    readText(join(folder, 'version.txt')),
    readText(join(folder, `${payloadFile}.DIGESTS`)),
  ]);
  const payload = await measure(join(folder, payloadFile), signal);
  if (versionText === '' && digests === '' && !payload)
    throw fail('not-found', `${folder} has neither version.txt nor ${payloadFile}`, {
      hint: 'Name the folder that a release was downloaded into, on the machine where this console runs.',
    });
  return readRelease({ versionText, digests, omahaResponse: '' }, payload);
}

async function readText(file: string): Promise<string> {
  try {
    const handle = await open(file, 'r');
    try {
      if (!(await handle.stat()).isFile()) return '';
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(mostText), 0, mostText, 0);
      return buffer.subarray(0, bytesRead).toString();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw fail('permission', `Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function measure(file: string, signal: AbortSignal): Promise<MeasuredPayload | null> {
  const [sha1, sha256] = [createHash('sha1'), createHash('sha256')];
  let size = 0;
  try {
    for await (const chunk of createReadStream(file, { signal, highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
      sha1.update(chunk);
      sha256.update(chunk);
      size += chunk.length;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fail('permission', `Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { size, sha1: sha1.digest('base64'), sha256: sha256.digest('base64') };
}
