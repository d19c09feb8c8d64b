import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { payloadName } from '#shared/contract/update-service.ts';

const mostAtOnce = 64;

/** Files of one folder, or of folders in it, by their exact names; links are not followed. */
export class Payloads {
  readonly #folder: string;
  #now = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Answers a GET or HEAD of `/payloads/…`; `path` is what follows. */
  async answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#now >= mostAtOnce) return say(response, 503, 'too many downloads at once', { 'retry-after': '60' });
    const file = await this.#open(path);
    if (!file) return say(response, 404, 'no such payload');
    try {
      const size = (await file.stat()).size;
      const range = readRange(request.headers.range, size);
      const headers = {
        'accept-ranges': 'bytes',
        'content-type': 'application/octet-stream',
        'cache-control': 'no-cache',
      };
      if (range === 'beyond') {
        response.writeHead(416, { ...headers, 'content-range': `bytes */${size}` }).end();
        return;
      }
      const { from, to } = range ?? { from: 0, to: size - 1 };
      response.writeHead(range ? 206 : 200, {
        ...headers,
        'content-length': to - from + 1,
        ...(range && { 'content-range': `bytes ${from}-${to}/${size}` }),
      });
      if (request.method === 'HEAD' || size === 0) {
        response.end();
        return;
      }
      this.#now++;
      try {
        await pipeline(file.createReadStream({ start: from, end: to, autoClose: false }), response);
      } finally {
        this.#now--;
      }
    } finally {
      await file.close();
    }
  }

  async #open(path: string): Promise<FileHandle | null> {
    const parts = path.split('/');
    if (parts.length > 2 || !parts.every((part) => payloadName.safeParse(part).success)) return null;
    const [folder, name = folder] = parts;
    try {
      const within = parts.length === 2 ? join(this.#folder, folder ?? '') : this.#folder;
      if (parts.length === 2 && !(await lstat(within)).isDirectory()) return null;
      const file = await open(
        join(within, name ?? ''),
        constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
      );
      if ((await file.stat()).isFile()) return file;
      await file.close();
    } catch {
      // Not there, a link, or not to be read: all the same to who asks.
    }
    return null;
  }
}

/** The one range that was asked for, null for the whole file; several at once are answered by the whole. */
function readRange(header: string | undefined, size: number): { from: number; to: number } | 'beyond' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!match) return null;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return null;
  if (first === '')
    return last === '0' || size === 0 ? 'beyond' : { from: Math.max(0, size - Number(last)), to: size - 1 };
  const [from, to] = [Number(first), last === '' ? size - 1 : Math.min(Number(last), size - 1)];
  if (last !== '' && Number(last) < from) return null;
  return from >= size ? 'beyond' : { from, to };
}

/** Answers with one line of plain text. */
export function say(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers });
  response.end(`${text}\n`);
}
