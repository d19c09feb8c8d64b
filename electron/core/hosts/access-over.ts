import { fail } from '#shared/contract/problem.ts';
import type { Bus, BusSignal } from '../dbus/bus.ts';
import { BusOver } from './bus-over.ts';
import { FollowOver } from './follow-over.ts';
import type { ExecOptions, ExecResult, Follow, HostAccess } from './host-access.ts';
import type { Line } from './line.ts';
import type { FromWorker } from './messages.ts';

/** The main thread's side of HostAccess for all hosts of one worker. */
export class AccessOver {
  readonly #line: Line;
  readonly #follows = new Map<number, FollowOver>();
  readonly #buses = new Map<number, BusOver>();
  readonly #signals = new Map<number, (signal: BusSignal) => void>();

  constructor(line: Line) {
    this.#line = line;
  }

  access(host: string): HostAccess {
    return {
      host,
      exec: (command, options) => this.#exec(host, command, options ?? {}),
      follow: (command) => this.#follow(host, command),
      bus: () => this.#bus(host),
    };
  }

  /** Takes what concerns follows and buses; false for anything else. */
  receive(event: FromWorker): boolean {
    switch (event.type) {
      case 'follow-data':
        this.#follows.get(event.to)?.happened(event);
        return true;
      case 'follow-end':
        this.#follows.get(event.to)?.happened(event);
        this.#follows.delete(event.to);
        return true;
      case 'bus-signal':
        this.#signals.get(event.to)?.(event.signal);
        return true;
      case 'bus-closed':
        this.#buses.get(event.to)?.closed(event.reason);
        this.#buses.delete(event.to);
        return true;
      default:
        return false;
    }
  }

  /** The worker is gone: everything open ends. */
  end(reason: string): void {
    const end = { exitCode: null, signal: null, lost: true };
    for (const follow of this.#follows.values()) follow.happened({ end });
    for (const bus of this.#buses.values()) bus.closed(reason);
    this.#follows.clear();
    this.#buses.clear();
  }

  async #exec(host: string, command: string, options: ExecOptions): Promise<ExecResult> {
    const { stdin = null, inShell = null, anew = false, signal } = options;
    const { timeoutMs = 30_000, maxBytes = 1024 * 1024 } = options;
    if (signal?.aborted) throw fail('cancelled', 'the command was cancelled before it began', { host });
    let onAbort = () => {};
    try {
      const { result } = await this.#line.ask(
        'exec',
        (id) => ({ type: 'exec', id, host, command, stdin, inShell, timeoutMs, maxBytes, anew }),
        (id) => {
          onAbort = () => this.#line.send({ type: 'cancel', id });
          signal?.addEventListener('abort', onAbort, { once: true });
        },
      );
      return result;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async #follow(host: string, command: string): Promise<Follow> {
    let over: FollowOver | null = null;
    await this.#line.ask(
      'follow',
      (id) => ({ type: 'follow', id, host, command }),
      (id) => {
        over = new FollowOver(id, (message) => this.#line.send(message));
        this.#follows.set(id, over);
      },
    );
    return (over as FollowOver | null)?.follow ?? Promise.reject(fail('internal', 'a follow without an id'));
  }

  async #bus(host: string): Promise<Bus> {
    const { to, name } = await this.#line.ask('bus', (id) => ({ type: 'bus', id, host }));
    const over = new BusOver(to, name, this.#line, this.#signals);
    this.#buses.set(to, over);
    return over.bus;
  }
}
