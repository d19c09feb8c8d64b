import crypto, { type CipherKey } from 'node:crypto';

// ssh2 makes a new cipher for every AES-GCM packet from the same key bytes. Node 24 takes 15 µs longer to make one from
// bytes than from a KeyObject, a seventh of all that a sample costs; so each connection's key bytes become one KeyObject.
// Imported first by the worker only, before ssh2 takes the functions: nothing else in the program is touched.
const objects = new WeakMap<object, crypto.KeyObject>();

function asObject(key: CipherKey): CipherKey {
  if (!Buffer.isBuffer(key)) return key;
  const known = objects.get(key);
  if (known) return known;
  const object = crypto.createSecretKey(key);
  objects.set(key, object);
  return object;
}

for (const name of ['createCipheriv', 'createDecipheriv'] as const) {
  const make = crypto[name] as (algorithm: string, key: CipherKey, ...rest: unknown[]) => unknown;
  Object.defineProperty(crypto, name, {
    configurable: true,
    writable: true,
    value: (algorithm: string, key: CipherKey, ...rest: unknown[]) => make(algorithm, asObject(key), ...rest),
  });
}
