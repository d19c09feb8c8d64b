import { cleanLine } from '#shared/lib/clean-text.ts';
import type { SshChannel } from '../ssh/ssh-connection.ts';
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
const helloLine = /^quarterdeck 1 (awk|sh) ([0-9a-f-]{36})$/;

/** The client's side of the resident sampler: asks by one line, is answered by one line, in order. */
export class Sampler {
  readonly #channel: SshChannel;
  readonly #events: SamplerEvents;
  readonly #now: () => number;
  readonly #lines = new SampleLines();
  readonly #asked: { at: number; sample: boolean }[] = [];
  #rest = '';
  #greeted = false;
  #ended = false;
  #stderr = '';

  constructor(channel: SshChannel, events: SamplerEvents, now: () => number) {
    this.#channel = channel;
    this.#events = events;
    this.#now = now;
    channel.onData((chunk, from) => {
      if (from === 'stdout') this.#read(chunk.toString('latin1'));
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
    this.#ended = true;
    this.#channel.close();
  }

  #read(text: string): void {
    if (this.#ended) return;
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
    if (!this.#greeted) {
      const hello = helloLine.exec(line);
      if (!hello?.[1] || !hello[2]) {
        this.#refuse(cleanLine(line, 120) || 'an empty line');
        return;
      }
      this.#greeted = true;
      this.#events.hello(hello[1] === 'sh' ? 'sh' : 'awk', hello[2]);
      return;
    }
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
    this.#ended = true;
    this.#events.gone(reason);
  }
}
