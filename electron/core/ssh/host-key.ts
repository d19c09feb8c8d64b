import { createHash } from 'node:crypto';
import type { SeenKey } from './dial-error.ts';

/** The OpenSSH fingerprint of a public key blob: `SHA256:` and base64 without padding. */
export function fingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The algorithm name a public key blob begins with; empty when it is not one. */
export function keyType(blob: Uint8Array): string {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  if (bytes.length < 4) return '';
  const length = bytes.readUInt32BE(0);
  if (length > 64 || bytes.length < 4 + length) return '';
  const type = bytes.toString('latin1', 4, 4 + length);
  return /^[A-Za-z0-9@.-]+$/.test(type) ? type : '';
}

/** Reads a host key as the server sent it. */
export function seenKey(blob: Buffer): SeenKey {
  return { type: keyType(blob), blob, fingerprint: fingerprint(blob) };
}

const signatureNames: Record<string, readonly string[]> = { 'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] };
const offered = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
] as const;
export type HostKeyAlgorithm = (typeof offered)[number];

/** Host key algorithms to offer, those of the recorded key types first: else a good host would show another type of key. */
export function offerOrder(recordedTypes: readonly string[]): HostKeyAlgorithm[] {
  const first = new Set(recordedTypes.flatMap((type) => signatureNames[type] ?? [type]));
  return [...offered.filter((name) => first.has(name)), ...offered.filter((name) => !first.has(name))];
}
