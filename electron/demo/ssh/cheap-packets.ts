import { createSecretKey } from 'node:crypto';
import type { Socket } from 'node:net';

/**
 * Lets everything written in one turn leave in one system call: ssh2 writes each packet in three pieces, which on a
 * socket without Nagle are three calls and three segments.
 */
export function joinWrites(socket: Socket): void {
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
  let held = false;
  const joined = (...given: unknown[]): boolean => {
    if (!held) {
      held = true;
      socket.cork();
      process.nextTick(() => {
        held = false;
        socket.uncork();
      });
    }
    return write(...given);
  };
  socket.write = joined;
}

const keyFields = [
  ['_cipher', '_encKey'],
  ['_decipher', '_decipherKey'],
] as const;

/**
 * Gives a connection's AES-GCM ciphers their keys as KeyObjects; to be called at every `handshake` event. ssh2 makes a
 * cipher for each packet, and with a key of bytes Node 24 makes a key object for it each time: four times the cost.
 */
export function keepCipherKeys(connection: object): void {
  const protocol = fieldOf(connection, '_protocol');
  for (const [side, name] of keyFields) {
    const cipher = fieldOf(protocol, side);
    const key = fieldOf(cipher, name);
    if (cipher && Buffer.isBuffer(key)) Object.assign(cipher, { [name]: createSecretKey(key) });
  }
}

function fieldOf(value: unknown, name: string): object | null {
  if (typeof value !== 'object' || value === null) return null;
  const field: unknown = Reflect.get(value, name);
  return typeof field === 'object' ? field : null;
}
