import { createHmac, randomBytes } from 'node:crypto';
import { appendFile, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkHostKey, findKnownKeys, knownHostsName, type HmacSha1 } from '#shared/formats/known-hosts/check.ts';
import { parseKnownHosts, type KnownHosts, type KnownHostsEntry } from '#shared/formats/known-hosts/parse.ts';
import { keepsNamesHashed, knownHostsLine } from '#shared/formats/known-hosts/print.ts';
import type { RecordedKey, SeenKey } from '../ssh/dial-error.ts';
import type { HostKeyJudge, KeyVerdict } from '../ssh/dial.ts';
import { fingerprint } from '../ssh/host-key.ts';
import type { Reach } from './hosts.ts';

const largestFile = 32 * 1024 * 1024;
/** A thousand hosts connecting at once need one look at the files, not a thousand. */
const freshMs = 500;

const hmac: HmacSha1 = (salt, text) =>
  createHmac('sha1', Buffer.from(salt, 'base64')).update(text, 'utf8').digest('base64');

function nameOf(reach: Reach): string {
  return reach.hostKeyAlias ?? knownHostsName(reach.address, reach.port);
}

function recorded(entries: readonly KnownHostsEntry[]): RecordedKey[] {
  return entries.map((entry) => ({
    type: entry.type,
    fingerprint: fingerprint(Buffer.from(entry.key, 'base64')),
    place: `${entry.place.file}:${entry.place.line}`,
  }));
}

/** The user's known_hosts files: read when they change, appended to when a key is accepted, never rewritten. */
export class KnownKeys implements HostKeyJudge {
  readonly #files: readonly string[];
  readonly #now: () => number;
  #known: KnownHosts = parseKnownHosts([]);
  #version = '';
  #freshUntil = 0;
  #reading: Promise<void> | null = null;

  constructor(files: readonly string[], now: () => number = () => performance.now()) {
    this.#files = files;
    this.#now = now;
  }

  async recordedTypes(reach: Reach): Promise<readonly string[]> {
    await this.#refresh();
    return findKnownKeys(this.#known, nameOf(reach), hmac).types;
  }

  async judge(reach: Reach, key: SeenKey): Promise<KeyVerdict> {
    await this.#refresh();
    const shown = { type: key.type, base64: key.blob.toString('base64') };
    const { verdict, known } = checkHostKey(this.#known, nameOf(reach), shown, hmac);
    if (verdict === 'match') return { verdict: 'known' };
    if (verdict === 'unknown') return { verdict: 'unknown' };
    // The recorded types were asked for first, so a host that shows another type no longer has the recorded key.
    return { verdict: verdict === 'revoked' ? 'revoked' : 'changed', known: recorded(known) };
  }

  /** Adds one line for the key to the first file, hashed when that file holds hashed names. */
  async append(reach: Reach, key: SeenKey): Promise<void> {
    const [path] = this.#files;
    if (path === undefined) return;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const before = await readFile(path, 'utf8').catch(() => '');
    const hash = keepsNamesHashed(parseKnownHosts([{ file: path, text: before }]))
      ? { salt: randomBytes(20).toString('base64'), hmac }
      : null;
    const line = knownHostsLine(nameOf(reach), { type: key.type, base64: key.blob.toString('base64') }, hash);
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    await appendFile(path, gap + line, { mode: 0o600 });
    this.#freshUntil = 0;
  }

  /** Someone may just have put the files right: they are read again before the next answer. */
  doubt(): void {
    this.#freshUntil = 0;
  }

  #refresh(): Promise<void> {
    if (this.#now() < this.#freshUntil) return Promise.resolve();
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
      this.#freshUntil = this.#now() + freshMs;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const infos = await Promise.all(this.#files.map((path) => stat(path).catch(() => null)));
    const version = infos.map((info) => (info ? `${info.ino}:${info.size}:${info.mtimeMs}` : '-')).join(' ');
    if (version === this.#version) return;
    const readable = this.#files.filter((_, at) => infos[at]?.isFile() && infos[at].size <= largestFile);
    const texts = await Promise.all(
      readable.map(async (file) => ({ file, text: await readFile(file, 'utf8').catch(() => '') })),
    );
    this.#known = parseKnownHosts(texts);
    this.#version = version;
  }
}
