import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fail } from '#shared/contract/problem.ts';

/** One file of the built window, ready to be answered with. */
export interface WindowFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly type: string;
  /** True for files named by their content, which never change. */
  readonly immutable: boolean;
}

/** The built window by URL path (`/`, `/assets/index-1a2b.js`). A path that is not in it does not exist. */
export type WindowFiles = ReadonlyMap<string, WindowFile>;

/** The built window, seen from dist/serve or dist/shell, or from the sources. */
export const windowFolder = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, '..', '..', 'dist', 'window')
  : join(import.meta.dirname, '..', 'window');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Reads the whole built window once. Requests are then answered from this map alone, so no request can name
 * a file outside it. Rejects with `not-found` when there is no index.html; unknown kinds of file are left out.
 */
export async function loadWindowFiles(folder: string): Promise<WindowFiles> {
  const files = new Map<string, WindowFile>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    files.set(path, { body: new Uint8Array(await readFile(file)), type, immutable: path.startsWith('/assets/') });
  }
  const index = files.get('/index.html');
  if (!index) throw fail('not-found', `There is no built window in ${folder}`, { hint: 'Run: npm run build' });
  return files.set('/', index);
}

/** How long a browser may keep a file: for ever when it is named by its content, else not at all. */
export function cacheControl(file: WindowFile): string {
  return file.immutable ? 'private, max-age=31536000, immutable' : 'no-store';
}
