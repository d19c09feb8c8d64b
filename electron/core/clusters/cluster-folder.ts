import { createHash } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';

/** A file's text and its version: the SHA-256 of its bytes in hex. */
export interface VersionedText {
  readonly text: string;
  readonly version: string;
}

/** A file's text, or why it cannot be had. */
export type TextRead = VersionedText | { readonly why: string; readonly absent: boolean };

const maxFileBytes = 4_000_000;
const maxFiles = 200;

/** The version of a text. */
export function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Reads a text file of at most 4 MB; anything that is not a plain UTF-8 file is said in words. */
export async function readVersioned(file: string): Promise<TextRead> {
  try {
    const about = await stat(file);
    if (!about.isFile()) return { why: 'it is not a plain file', absent: false };
    if (about.size > maxFileBytes) return { why: `it is larger than ${maxFileBytes} bytes`, absent: false };
    const handle = await open(file, 'r');
    try {
      const bytes = await handle.readFile();
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      return { text, version: versionOf(text) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { why: 'there is no such file', absent: true };
    if (code === 'EACCES' || code === 'EPERM') return { why: 'it may not be read', absent: false };
    if (error instanceof TypeError) return { why: 'it is not UTF-8 text', absent: false };
    return { why: `it cannot be read (${code ?? 'unknown'})`, absent: false };
  }
}

/** The cluster files of a folder by id, sorted; a folder that is not there holds none. */
export async function listClusterFiles(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder).catch(() => []);
  const files = new Map<string, string>();
  for (const name of names.toSorted((a, b) => (a < b ? -1 : 1))) {
    if (name.startsWith('.') || !/\.ya?ml$/i.test(name)) continue;
    if (files.size >= maxFiles) break;
    const id = freeId(idFrom(name.replace(/\.ya?ml$/i, '')), (taken) => files.has(taken));
    files.set(id, join(folder, name));
  }
  return files;
}

/** A valid cluster id made from any name. */
export function idFrom(name: string): string {
  const id = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^a-z0-9._]+/g, '-')
    .replace(/^[-._]+/, '')
    .slice(0, 60)
    .replace(/[-._]+$/, '');
  return id === '' ? 'cluster' : id;
}

/** `id`, or `id-2`, `id-3`, … when it is taken. */
export function freeId(id: string, taken: (id: string) => boolean): string {
  if (!taken(id)) return id;
  for (let number = 2; ; number++) if (!taken(`${id}-${number}`)) return `${id}-${number}`;
}

/** What tells two states of files apart without reading them. */
export async function signatureOf(files: readonly string[]): Promise<string> {
  const parts = await Promise.all(
    files.map(async (file) => {
      const about = await stat(file).catch(() => null);
      return about ? `${file} ${about.mtimeMs} ${about.size} ${about.ino}` : `${file} -`;
    }),
  );
  return parts.join('\n');
}

/**
 * Calls `onChange` soon after something in the folder changed. File system events may be missed or not be had at all;
 * whoever needs certainty looks again from time to time.
 */
export class FolderWatch {
  readonly #folder: string;
  readonly #scope: Scope;
  readonly #onChange: () => void;
  readonly #log: Log;
  readonly #debounceMs: number;
  #watcher: FSWatcher | null = null;
  #cancel: (() => void) | null = null;

  constructor(folder: string, scope: Scope, log: Log, debounceMs: number, onChange: () => void) {
    this.#folder = folder;
    this.#scope = scope;
    this.#log = log;
    this.#debounceMs = debounceMs;
    this.#onChange = onChange;
    scope.add(() => this.#close());
  }

  /** Starts watching where that is possible and not done yet: the folder may come into being later. */
  arm(): void {
    if (this.#watcher || this.#scope.ended) return;
    try {
      const watcher = watch(this.#folder, { persistent: false }, () => this.#touched());
      watcher.on('error', (error) => {
        this.#log.debug('watching the cluster folder ended', { why: error.message });
        this.#close();
      });
      this.#watcher = watcher;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'ENOENT') this.#log.debug('the cluster folder cannot be watched', { why: code });
    }
  }

  #touched(): void {
    this.#cancel?.();
    this.#cancel = this.#scope.after(this.#debounceMs, this.#onChange);
  }

  #close(): void {
    this.#cancel?.();
    this.#watcher?.close();
    this.#watcher = null;
  }
}
