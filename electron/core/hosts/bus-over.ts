import { fail } from '#shared/contract/problem.ts';
import type { Bus, BusSignal } from '../dbus/bus.ts';
import type { Line } from './line.ts';

/** A host's system bus as the main thread sees it: its own match rules over the connection all share. */
export class BusOver {
  readonly #to: number;
  readonly #line: Line;
  readonly #signals: Map<number, (signal: BusSignal) => void>;
  readonly #mine = new Set<number>();
  readonly #closeListeners: ((reason: string) => void)[] = [];
  #closed: string | null = null;
  readonly bus: Bus;

  /** `signals` routes what the worker tells of each match rule; shared by all buses of one worker. */
  constructor(to: number, name: string, line: Line, signals: Map<number, (signal: BusSignal) => void>) {
    this.#to = to;
    this.#line = line;
    this.#signals = signals;
    this.bus = {
      name,
      call: async (...call) => {
        this.#check();
        const [destination, path, iface, member, signature, body, timeoutMs] = call;
        const sent = [destination, path, iface, member, signature, body, timeoutMs] as const;
        const { body: answer } = await line.ask('bus-call', (id) => ({ type: 'bus-call', id, to, call: sent }));
        return answer;
      },
      match: (rule, on) => this.#match(rule, on),
      onClose: (listener) => {
        if (this.#closed === null) this.#closeListeners.push(listener);
        else listener(this.#closed);
      },
      close: () => {
        line.send({ type: 'bus-close', to });
        this.closed('closed by this side');
      },
    };
  }

  closed(reason: string): void {
    if (this.#closed !== null) return;
    this.#closed = reason;
    for (const id of this.#mine) this.#signals.delete(id);
    for (const listener of this.#closeListeners.splice(0)) listener(reason);
  }

  async #match(...[rule, on]: Parameters<Bus['match']>): Promise<() => void> {
    this.#check();
    let mine = 0;
    await this.#line.ask(
      'bus-match',
      (id) => ({ type: 'bus-match', id, to: this.#to, rule }),
      (id) => {
        mine = id;
        this.#mine.add(id);
        this.#signals.set(id, on);
      },
    );
    return () => {
      this.#mine.delete(mine);
      if (this.#signals.delete(mine)) this.#line.send({ type: 'bus-unmatch', id: mine, to: this.#to });
    };
  }

  #check(): void {
    if (this.#closed !== null) throw fail('lost', `the connection to the system bus is over: ${this.#closed}`);
  }
}
