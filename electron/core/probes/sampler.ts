import { cleanLine } from '#shared/lib/clean-text.ts';
import type { SshChannel } from '../ssh/ssh-connection.ts';
import { Greeting } from '../ssh/greeting.ts';
import { SampleLines, type Sample } from './sample-line.ts';

export interface SamplerEvents {
  /** The first line: what reads, and the boot it reads in. */
  hello(kind: 'awk' | 'sh', bootId: string): void;
  /** An answer to any tick, `roundTripMs` after it was sent; `sample` is null for a heartbeat. */
  answer(roundTripMs: number, sample: Sample | null): void;
  /** The reader ended or spoke nonsense. */
  gone(reason: string): void;
}

const longestLine = 4096;
/** Login shells may have slow start-up files. */
const helloMs = 20_000;

/** The client's side of the resident sampler: asks by one line, is answered by one line, in order. */
export class Sampler {
  readonly #channel: SshChannel;
  readonly #events: SamplerEvents;
  readonly #now: () => number;
  readonly #lines = new SampleLines();
  readonly #asked: { at: number; sample: boolean }[] = [];
  #rest = '';
  #greeting: Greeting | null = new Greeting('(awk|sh)');
  #ended = false;
  #stderr = '';
  readonly #mute: ReturnType<typeof setTimeout>;

  constructor(channel: SshChannel, events: SamplerEvents, now: () => number) {
    this.#channel = channel;
    this.#events = events;
    this.#now = now;
    this.#mute = setTimeout(() => this.#refuse('nothing'), helloMs);
    channel.onData((chunk, from) => {
      if (from === 'stdout') this.#read(chunk);
      else if (this.#stderr.length < 300) this.#stderr += chunk.toString('latin1', 0, 300);
    });
    channel.onEnd(() => this.#end(cleanLine(this.#stderr, 200) || 'the sampler ended'));
  }

  /** Ticks sent and not answered. */
  get unanswered(): number {
    return this.#asked.length;
  }

  /** When the oldest unanswered tick was sent. */
  get oldestAskedAt(): number | null {
    return this.#asked[0]?.at ?? null;
  }

  /** Asks for a sample, or only for a sign of life. */
  ask(sample: boolean): void {
    if (this.#ended) return;
    this.#asked.push({ at: this.#now(), sample });
    this.#channel.write(sample ? 's\n' : '.\n');
  }

  close(): void {
    clearTimeout(this.#mute);
    this.#ended = true;
    this.#channel.close();
  }

  #read(chunk: Buffer): void {
    if (this.#ended) return;
    if (!this.#greeting) {
      this.#feed(chunk.toString('latin1'));
      return;
    }
    try {
      const greeted = this.#greeting.feed(chunk);
      if (!greeted) return;
      this.#greeting = null;
      clearTimeout(this.#mute);
      this.#events.hello(greeted.kind === 'sh' ? 'sh' : 'awk', greeted.words);
      this.#feed(greeted.rest.toString('latin1'));
    } catch {
      this.#refuse('something else');
    }
  }

  #feed(text: string): void {
    this.#rest += text;
    let from = 0;
    for (;;) {
      const feed = this.#rest.indexOf('\n', from);
      if (feed < 0) break;
      this.#line(this.#rest.slice(from, feed));
      if (this.#ended) return;
      from = feed + 1;
    }
    this.#rest = this.#rest.slice(from);
    if (this.#rest.length > longestLine) this.#refuse('an endless line');
  }

  #line(line: string): void {
    const asked = this.#asked.shift();
    if (!asked) {
      this.#refuse('an answer nobody asked for');
      return;
    }
    const sample = asked.sample ? this.#lines.read(line) : null;
    if (asked.sample ? sample === null : line !== '.') {
      this.#refuse(cleanLine(line, 120));
      return;
    }
    this.#events.answer(this.#now() - asked.at, sample);
  }

  #refuse(what: string): void {
    this.close();
    this.#events.gone(`the sampler said ${what}`);
  }

  #end(reason: string): void {
    if (this.#ended) return;
    clearTimeout(this.#mute);
    this.#ended = true;
    this.#events.gone(reason);
  }
}
