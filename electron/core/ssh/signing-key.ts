import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import ssh2, { type ParsedKey } from 'ssh2';

/** A private key ready to sign: parsed once, its KeyObject kept. */
export interface SigningKey {
  readonly type: string;
  readonly publicBlob: Buffer;
  /** `hash` is asked for by RSA only ("sha256"); other kinds know their own. */
  sign(data: Buffer, hash: string | undefined): Buffer;
}

const ownHash: Record<string, string> = {
  'ssh-rsa': 'sha1',
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
};

/** What became of a key text: the key, "encrypted" (a passphrase is missing or wrong), or why it is unusable. */
export type ParsedPrivate =
  | { readonly state: 'ready'; readonly key: SigningKey }
  | { readonly state: 'encrypted'; readonly wrong: boolean }
  | { readonly state: 'unusable'; readonly why: string };

/** Parses the text of a private key file, in any format that OpenSSH or PuTTY writes. Slow (a second) for encrypted ones. */
export function parsePrivateKey(text: string, passphrase: string | null): ParsedPrivate {
  let parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error && /no passphrase given/.test(parsed.message)) {
    if (passphrase === null) return { state: 'encrypted', wrong: false };
    parsed = ssh2.utils.parseKey(text, passphrase);
    if (parsed instanceof Error) return { state: 'encrypted', wrong: true };
  }
  if (parsed instanceof Error) return { state: 'unusable', why: parsed.message };
  const key: ParsedKey = parsed;
  if (!key.isPrivateKey()) return { state: 'unusable', why: 'it holds a public key' };
  const object: KeyObject = createPrivateKey(key.getPrivatePEM());
  return {
    state: 'ready',
    key: {
      type: key.type,
      publicBlob: key.getPublicSSH(),
      sign: (data, hash) => sign(hash ?? ownHash[key.type] ?? null, data, object),
    },
  };
}

/** The public half of an encrypted `openssh-key-v1` file, which is stored in clear; null for other formats. */
export function publicHalf(text: string): Buffer | null {
  const armour = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(text);
  if (!armour?.[1]) return null;
  const bytes = Buffer.from(armour[1], 'base64');
  const magic = 'openssh-key-v1\0';
  if (bytes.toString('latin1', 0, magic.length) !== magic) return null;
  let at = magic.length;
  const string = (): Buffer | null => {
    if (at + 4 > bytes.length) return null;
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > bytes.length) return null;
    const value = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return value;
  };
  if (!string() || !string() || !string()) return null;
  at += 4;
  return string();
}
