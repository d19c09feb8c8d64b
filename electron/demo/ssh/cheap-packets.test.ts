import { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import ssh2, { type ClientChannel, type Connection } from 'ssh2';
import { expect, it } from 'vitest';
import { joinWrites, keepCipherKeys } from './cheap-packets.ts';
import { makeKeyPair } from './key-pair.ts';

const keysOf = (connection: unknown) => {
  const protocol = Reflect.get(connection as object, '_protocol') as Record<string, Record<string, unknown>>;
  return [protocol['_cipher']?.['_encKey'], protocol['_decipher']?.['_decipherKey']];
};

it('keeps keys as objects and joins the pieces of a packet, through a rekey too', async () => {
  const hostKey = makeKeyPair();
  let served: Connection | undefined;
  const ssh = new ssh2.Server({ hostKeys: [hostKey.privateKey] }, (connection) => {
    served = connection;
    connection.on('handshake', () => keepCipherKeys(connection));
    connection.on('authentication', (context) => context.accept());
    connection.on('error', () => {});
    connection.on('session', (accept) => {
      accept().on('exec', (begin) => {
        const channel = begin();
        channel.on('data', (chunk: Buffer) => channel.write(chunk));
        channel.on('end', () => channel.end());
      });
    });
  });
  const tcp = createServer({ noDelay: true }, (socket) => {
    joinWrites(socket);
    ssh.injectSocket(socket);
  });
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const socket: Socket = connect((tcp.address() as AddressInfo).port, '127.0.0.1');
  const client = new ssh2.Client();
  client.connect({ sock: socket, username: 'any', password: 'any' });
  await once(client, 'ready');
  expect(keysOf(served).every((key) => key instanceof KeyObject)).toBe(true);

  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    client.exec('echo', (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const pieces: number[] = [];
  socket.on('data', (chunk: Buffer) => pieces.push(chunk.length));
  const echo = async (text: string) => {
    channel.write(text);
    const [back] = (await once(channel, 'data')) as [Buffer];
    return back.toString();
  };
  for (let turn = 0; turn < 20; turn++) expect(await echo(`turn ${turn}`)).toBe(`turn ${turn}`);
  // As ssh2 writes them, length, body and tag of each answer arrive one by one.
  expect(pieces.length).toBe(20);

  await new Promise<void>((resolve) => {
    const rekey = Reflect.get(served as object, 'rekey') as (done: () => void) => void;
    rekey.call(served, resolve);
  });
  expect(await echo('after')).toBe('after');
  expect(keysOf(served).every((key) => key instanceof KeyObject)).toBe(true);
  client.end();
  tcp.close();
  await once(tcp, 'close');
});
