import { Duplex } from 'node:stream';
import type { SshChannel } from './ssh-connection.ts';

/** A running command's standard input and output as one stream; its standard error is dropped. */
export function channelStream(channel: SshChannel): Duplex {
  const stream = new Duplex({
    read: () => channel.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      channel.write(chunk);
      done();
    },
    final: (done) => {
      channel.endInput();
      done();
    },
    destroy: (error, done) => {
      channel.close();
      done(error);
    },
  });
  channel.onData((chunk, from) => {
    if (from === 'stdout' && !stream.push(chunk)) channel.pause();
  });
  channel.onEnd(() => {
    stream.push(null);
  });
  return stream;
}
