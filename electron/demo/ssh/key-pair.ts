import { generateKeyPairSync, randomBytes } from 'node:crypto';

/** An ed25519 key in the files' own formats. */
export interface KeyPair {
  /** Text of an OpenSSH private key file. */
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA…`, without a comment. */
  readonly publicKey: string;
}

const type = 'ssh-ed25519';

/** Makes a new random key. ssh2 can do so too, but about one in 500 of its keys is one that it cannot read itself. */
export function makeKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  // In both encodings the raw 32 bytes stand at the end.
  const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const secret = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32);
  const blob = Buffer.concat([field(type), field(point)]);
  return { privateKey: privateFile(blob, point, secret), publicKey: `${type} ${blob.toString('base64')}` };
}

/** OpenSSH's own format (PROTOCOL.key), without a passphrase. */
function privateFile(blob: Buffer, point: Buffer, secret: Buffer): string {
  const check = randomBytes(4);
  const inner = [check, check, field(type), field(point), field(Buffer.concat([secret, point])), field('')];
  const missing = (8 - (Buffer.concat(inner).length % 8)) % 8;
  const padding = Buffer.from(Array.from({ length: missing }, (_, at) => at + 1));
  const all = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    number(1),
    field(blob),
    field(Buffer.concat([...inner, padding])),
  ]);
  const lines = all.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function field(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length), bytes]);
}
