import { type CoreMessage, protocolVersion, type ViewMessage } from '#shared/wire/messages.ts';
import type { Port } from '#shared/wire/port.ts';
import { createClock } from '../state/clock.ts';
import { createReplica } from '../state/replica.ts';
import { createLink } from './link.ts';

/** The other end of one in-memory line: what the view said, and a way to answer. */
class Peer {
  readonly said: ViewMessage[] = [];
  #message: (text: string) => void = () => {};
  #close: (reason: string) => void = () => {};
  closed: string | null = null;
  readonly port: Port = {
    send: (text) => this.said.push(JSON.parse(text) as ViewMessage),
    onMessage: (listener) => void (this.#message = listener),
    onClose: (listener) => void (this.#close = listener),
    close: (reason) => {
      this.closed = reason;
      this.#close(reason);
    },
  };
  say(message: CoreMessage | string): void {
    this.#message(typeof message === 'string' ? message : JSON.stringify(message));
  }
  cut(): void {
    this.#close('cut');
  }
  last<T extends ViewMessage['type']>(type: T): Extract<ViewMessage, { type: T }> | undefined {
    return this.said.findLast((message) => message.type === type) as Extract<ViewMessage, { type: T }> | undefined;
  }
}

/** A link over in-memory lines, whose frames and timers run when told: the newest line's other end is `peer()`. */
export function setLink(cluster: string | null = 'lab') {
  const peers: Peer[] = [];
  const frames: (() => void)[] = [];
  const timers: { run: () => void; ms: number }[] = [];
  const replica = createReplica();
  const link = createLink(
    {
      openPort: () => {
        const peer = new Peer();
        peers.push(peer);
        return peer.port;
      },
      replica,
      clock: createClock(() => 1000),
      schedule: (flush) => {
        frames.push(flush);
        return () => void frames.splice(frames.indexOf(flush), 1);
      },
      random: () => 1,
      wait: (run, ms) => {
        const timer = { run, ms };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer), 1);
      },
    },
    cluster,
  );
  const peer = () => peers.at(-1) as Peer;
  const frame = () => {
    for (const flush of frames.splice(0)) flush();
  };
  const welcome = () => {
    peer().say({ type: 'welcome', protocol: protocolVersion, version: '0.1.0', session: 's' });
    peer().say({ type: 'snapshot', seq: 0, now: 5000, cluster: 'lab', parts: 0, records: [] });
  };
  return { link, replica, peers, peer, frame, frames, timers, welcome };
}
