import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallInput, CallName, CallOutput } from '#shared/contract/calls.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { Subject } from '#shared/contract/streams.ts';
import { type CoreMessage, coreMessage, protocolVersion, type ViewMessage } from '#shared/wire/messages.ts';
import type { Port } from '#shared/wire/port.ts';
import type { Clock } from '../state/clock.ts';
import type { Replica } from '../state/replica.ts';
import { backoffMs } from './backoff.ts';
import { FollowedStreams, type Follower } from './followed-streams.ts';
import { PendingCalls } from './pending-calls.ts';
import { ReplicaWriter, type Schedule } from './replica-writer.ts';

/** How the line to the core stands, for the banner; `since` is when it was lost; times are by the core's clock. */
export type LinkStatus =
  | { readonly state: 'connecting'; readonly attempt: number; readonly since: number | null }
  | { readonly state: 'open'; readonly version: string }
  | { readonly state: 'lost'; readonly reason: string; readonly since: number; readonly retryAt: number }
  | { readonly state: 'mismatch'; readonly core: number };

/** What is on screen, as the core wants to know it. */
export type Looking = Omit<Extract<ViewMessage, { type: 'looking' }>, 'type'>;

/** The window's one door to the core. */
export interface Link {
  readonly status: StoreApi<LinkStatus>;
  /** Rejects with a ProblemError; `lost` when the line went away before the answer. */
  call<N extends CallName>(name: N, input: CallInput<N>, signal?: AbortSignal): Promise<CallOutput<N>>;
  /** Follows a stream across reconnects; returns the way to stop. */
  follow<S extends Subject>(subject: S, follower: Follower<S['kind']>): () => void;
  /** Looks at another cluster, or none. */
  open(cluster: string | null): void;
  look(looking: Looking): void;
  /** Tries again now instead of at `retryAt`. */
  retry(): void;
  end(): void;
}

/** What a link is made of; clock, frames, timers and randomness are given so that tests can hold them. */
export interface LinkOptions {
  readonly openPort: () => Port;
  readonly replica: Replica;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly random: () => number;
  readonly wait: (flush: () => void, ms: number) => () => void;
}

/** Opens the line and keeps it open. */
export function createLink(options: LinkOptions, cluster: string | null): Link {
  const { replica, clock, schedule, random, wait } = options;
  const status = createStore<LinkStatus>(() => ({ state: 'connecting', attempt: 1, since: null }));
  const calls = new PendingCalls();
  const streams = new FollowedStreams();
  let wanted = cluster;
  let looking: Looking | null = null;
  let line: { port: Port; writer: ReplicaWriter; send: (message: ViewMessage) => void } | null = null;
  let attempt = 1;
  let unreadable = 0;
  let lostSince: number | null = null;
  let callOffRetry: (() => void) | null = null;

  const connect = () => {
    callOffRetry = null;
    status.setState({ state: 'connecting', attempt, since: lostSince }, true);
    const port = options.openPort();
    const send = (message: ViewMessage) => port.send(JSON.stringify(message));
    const mine = { port, send, writer: new ReplicaWriter(replica, clock, schedule, send) };
    line = mine;
    port.onClose((reason) => {
      if (line === mine) lose(reason);
    });
    port.onMessage((text) => {
      if (line === mine) receive(text);
    });
    send({ type: 'hello', protocol: protocolVersion, cluster: wanted });
  };

  const lose = (reason: string) => {
    line?.writer.end();
    line = null;
    streams.pause();
    calls.loseAll({ code: 'lost', message: 'The connection to the console was lost before it answered.' });
    if (status.getState().state === 'mismatch') return;
    const delay = backoffMs(attempt, random());
    attempt += 1;
    lostSince ??= clock.now();
    status.setState({ state: 'lost', reason, since: lostSince, retryAt: clock.now() + delay }, true);
    callOffRetry = wait(connect, delay);
  };

  /** Three texts in a row that make no sense end the line: asking again would only loop. */
  const misunderstood = (reason: string) => {
    unreadable += 1;
    if (unreadable < 3) {
      line?.writer.resync(reason);
      return;
    }
    const port = line?.port;
    lose(`the console sent what this window cannot read: ${reason}`);
    port?.close('unreadable');
  };

  const receive = (text: string) => {
    const message = read(text);
    if (typeof message === 'string') misunderstood(message);
    else handle(message, text.length);
  };

  const handle = (message: CoreMessage, chars: number) => {
    if (!line) return;
    switch (message.type) {
      case 'welcome':
        if (message.protocol !== protocolVersion) {
          status.setState({ state: 'mismatch', core: message.protocol }, true);
          line.port.close('another protocol');
          return;
        }
        attempt = 1;
        lostSince = null;
        status.setState({ state: 'open', version: message.version }, true);
        if (looking) line.send({ type: 'looking', ...looking });
        streams.begin(line.send);
        return;
      case 'snapshot-part':
        line.writer.snapshotPart(message);
        return;
      case 'snapshot':
        if (line.writer.snapshot(message)) unreadable = 0;
        return;
      case 'patch':
        line.writer.patch(message);
        return;
      case 'result':
        calls.answer(message.id, message.output);
        return;
      case 'failed':
        calls.refuse(message.id, message.problem);
        return;
      case 'stream-item':
        streams.item(message.id, message.item, chars);
        return;
      case 'stream-end':
        streams.ended(message.id, message.problem);
        return;
      default:
        message satisfies never;
    }
  };

  connect();
  return {
    status,
    call(name, input, signal) {
      if (!line) return Promise.reject(fail('lost', 'There is no connection to the console.'));
      return calls.start(name, input, line.send, signal);
    },
    follow: (subject, follower) => streams.follow(subject, follower),
    open(cluster) {
      if (cluster === wanted) return;
      wanted = cluster;
      replica.unready();
      line?.send({ type: 'open', cluster });
    },
    look(now) {
      looking = now;
      if (status.getState().state === 'open') line?.send({ type: 'looking', ...now });
    },
    retry() {
      if (!callOffRetry) return;
      callOffRetry();
      connect();
    },
    end() {
      callOffRetry?.();
      const port = line?.port;
      line = null;
      port?.close('the window is closing');
    },
  };
}

/** The message in a text, or why there is none. */
function read(text: string): CoreMessage | string {
  try {
    const parsed = coreMessage.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : toProblem(parsed.error).message;
  } catch {
    return 'a text that is not JSON';
  }
}
