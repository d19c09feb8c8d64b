import { readFile, stat } from 'node:fs/promises';
import { keyType } from './host-key.ts';
import { parsePrivateKey, publicHalf, type SigningKey } from './signing-key.ts';

/** A private key file that could be used to log in. */
export interface KeyFile {
  readonly path: string;
  readonly publicBlob: Buffer;
  /** Null while the passphrase is missing. */
  readonly key: SigningKey | null;
}

interface Read {
  readonly version: string;
  readonly text: string;
  readonly passphrase: string | null;
  readonly file: KeyFile | null;
}

const longestFile = 64 * 1024;

/** Reads key files once and again when they change; passphrases are given per path and kept in memory only. */
export class KeyFiles {
  readonly #read = new Map<string, Read>();
  readonly #passphrases = new Map<string, string>();

  /** The file's key, or null when it is missing, unreadable or not a key this console can use. */
  async load(path: string): Promise<KeyFile | null> {
    const version = await stat(path).then(
      (info) => (info.isFile() && info.size <= longestFile ? `${info.mtimeMs}:${info.size}` : null),
      () => null,
    );
    if (version === null) return null;
    const known = this.#read.get(path);
    const passphrase = this.#passphrases.get(path) ?? null;
    if (known?.version === version && known.passphrase === passphrase) return known.file;
    const text = known?.version === version ? known.text : await readFile(path, 'utf8').catch(() => '');
    const file = await this.#parse(path, text, passphrase);
    this.#read.set(path, { version, text, passphrase, file });
    return file;
  }

  /** The public key that an IdentityFile names: of the file, or of the `.pub` it is or that lies beside it; null when none is there. */
  async publicBlob(path: string): Promise<Buffer | null> {
    return (await this.load(path))?.publicBlob ?? (await publicFile(path)) ?? (await publicFile(`${path}.pub`));
  }

  /** Tries a passphrase and keeps it when it opens the file. */
  async unlock(path: string, passphrase: string): Promise<boolean> {
    const text = this.#read.get(path)?.text ?? (await readFile(path, 'utf8').catch(() => ''));
    if (parsePrivateKey(text, passphrase).state !== 'ready') return false;
    this.#passphrases.set(path, passphrase);
    return true;
  }

  async #parse(path: string, text: string, passphrase: string | null): Promise<KeyFile | null> {
    const parsed = parsePrivateKey(text, passphrase);
    if (parsed.state === 'ready') return { path, publicBlob: parsed.key.publicBlob, key: parsed.key };
    if (parsed.state === 'unusable') return null;
    const blob = publicHalf(text) ?? (await publicFile(`${path}.pub`));
    return blob && { path, publicBlob: blob, key: null };
  }
}

async function publicFile(path: string): Promise<Buffer | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const blob = Buffer.from(text.trim().split(/\s+/)[1] ?? '', 'base64');
  return keyType(blob) === '' ? null : blob;
}
