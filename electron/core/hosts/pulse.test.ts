import { describe, expect, it } from 'vitest';
import { nextInGroup, paceOf, Pulse, type Asked, type PulseTrack, type Watch } from './pulse.ts';
import { StallClock } from './stall-clock.ts';

/** A host that answers after `delayMs`, or not at all while that is null, on a clock moved by the test. */
class TestHost implements Asked {
  delayMs: number | null = 2;
  watch: Watch = 'seen';
  /** Its sshd answers, whatever its sampler does. */
  sshd = false;
  readonly told: string[] = [];
  readonly samples: number[] = [];
  readonly beats: number[] = [];
  track: PulseTrack | null = null;
  #asked: number[] = [];

  readonly time: { now: number };

  constructor(time: { now: number }) {
    this.time = time;
  }

  get unanswered(): number {
    return this.#asked.length;
  }
  get oldestAskedAt(): number | null {
    return this.#asked[0] ?? null;
  }
  ask(sample: boolean): void {
    this.#asked.push(this.time.now);
    (sample ? this.samples : this.beats).push(this.time.now);
  }
  answer(): void {
    for (let at = this.#asked[0]; at !== undefined; at = this.#asked[0]) {
      if (this.delayMs === null || this.time.now < at + this.delayMs) return;
      this.#asked.shift();
      if (this.track?.answered(this.time.now - at)) this.told.push(`heard at ${this.time.now}`);
    }
  }
}

function world(hosts: number) {
  const time = { now: 0 };
  const clock = new StallClock(() => time.now);
  const pulse = new Pulse(clock);
  const all = Array.from({ length: hosts }, () => {
    const host = new TestHost(time);
    host.track = pulse.track({
      sampler: host,
      watch: () => host.watch,
      heardElsewhereAt: () => (host.sshd ? clock.now() : null),
      silent: (ms) => host.told.push(`silent ${ms} at ${time.now}`),
      lost: (ms) => host.told.push(`lost ${ms} at ${time.now}`),
    });
    return host;
  });
  let stepAt = 0;
  const run = (ms: number) => {
    for (const until = time.now + ms; time.now < until; time.now++) {
      for (const host of all) host.answer();
      if (time.now < stepAt) continue;
      const nextMs = pulse.stepMs;
      clock.beat(nextMs);
      pulse.step();
      stepAt = time.now + nextMs;
    }
  };
  /** This thread does not run: no step, no answer read. */
  const stall = (ms: number) => {
    time.now += ms;
  };
  return { time, pulse, all, run, stall };
}

describe('Pulse', () => {
  it('samples hosts in view every 2 s and beats between, others every 10 s', () => {
    const { all, run, pulse } = world(2);
    const [seen, unseen] = all as [TestHost, TestHost];
    unseen.watch = 'unseen';
    pulse.retune();
    run(60_000);
    expect(seen.samples.length).toBeGreaterThanOrEqual(29);
    expect(seen.samples.length).toBeLessThanOrEqual(31);
    expect(seen.beats.length).toBeGreaterThan(100);
    expect(unseen.samples.length).toBeGreaterThanOrEqual(6);
    expect(unseen.samples.length).toBeLessThanOrEqual(7);
    expect([...seen.told, ...unseen.told]).toEqual([]);
  });

  it('calls a host in view silent within a second wherever in its cycle it fell silent, gives it up after five', () => {
    for (let quietAt = 20_000; quietAt < 22_000; quietAt += 97) {
      const { all, run } = world(1);
      const [host] = all as [TestHost];
      run(quietAt);
      host.delayMs = null;
      run(7000);
      const [first = '', ...more] = host.told;
      const at = Number(/^silent [\d.]+ at (\d+)$/.exec(first)?.[1]);
      expect(at - quietAt).toBeLessThanOrEqual(1000);
      const lostAt = Number(/^lost [\d.]+ at (\d+)$/.exec(more.at(-1) ?? '')?.[1]);
      expect(lostAt - quietAt).toBeGreaterThan(4500);
      expect(lostAt - quietAt).toBeLessThan(6000);
    }
  });

  it('does not give up a host whose sshd answers, until that falls silent too', () => {
    const { all, run } = world(1);
    const [host] = all as [TestHost];
    run(10_000);
    host.delayMs = null;
    host.sshd = true;
    run(60_000);
    expect(host.told.length).toBeGreaterThan(50);
    expect(host.told.join()).not.toContain('lost');
    host.sshd = false;
    run(200);
    expect(host.told.at(-1)).toMatch(/^lost/);
  });

  it('notices others within twelve seconds', () => {
    const { all, run } = world(1);
    const [host] = all as [TestHost];
    host.watch = 'unseen';
    run(21_300);
    host.delayMs = null;
    run(20_000);
    const at = Number(/ at (\d+)$/.exec(host.told[0] ?? '')?.[1]);
    expect(at - 21_300).toBeLessThan(9000);
    expect(host.told.at(-1)).toMatch(/^lost/);
  });

  it('tells that a host answers again', () => {
    const { all, run } = world(1);
    const [host] = all as [TestHost];
    run(10_000);
    host.delayMs = null;
    run(1500);
    host.delayMs = 2;
    run(1000);
    expect(host.told.at(-1)).toMatch(/^heard/);
  });

  it('blames no host for a time in which this thread did not run', () => {
    const { all, run, stall } = world(3);
    for (let round = 0; round < 20; round++) {
      run(1237);
      stall(4000);
    }
    run(2000);
    expect(all.flatMap(({ told }) => told)).toEqual([]);
  });

  it('bears more from a host that is always slow', () => {
    const { all, run } = world(1);
    const [host] = all as [TestHost];
    for (let round = 0; round < 40; round++) {
      host.delayMs = 50 + round * 10;
      run(1000);
    }
    expect(host.told).toEqual([]);
  });

  it('asks a host that does not answer no more than twice', () => {
    const { all, run } = world(1);
    const [host] = all as [TestHost];
    run(10_000);
    host.delayMs = null;
    const before = host.samples.length + host.beats.length;
    run(4000);
    expect(host.samples.length + host.beats.length - before).toBeLessThanOrEqual(2);
  });

  it('spreads a thousand hosts over the interval', () => {
    const { all, run } = world(1000);
    run(10_000);
    const perGroup = new Map<number, number>();
    for (const { samples } of all) {
      for (const at of samples.filter((one) => one > 5000)) {
        const group = Math.floor(at / 500);
        perGroup.set(group, (perGroup.get(group) ?? 0) + 1);
      }
    }
    expect(Math.max(...perGroup.values())).toBeLessThanOrEqual(300);
  });

  it('asks at once who comes into view, wherever in its cycle it was', () => {
    for (let at = 40_000; at < 51_000; at += 700) {
      const { all, run, pulse } = world(1);
      const [host] = all as [TestHost];
      host.watch = 'unseen';
      run(at);
      const before = host.samples.length;
      host.watch = 'seen';
      pulse.retune();
      run(600);
      expect(host.samples.length).toBe(before + 1);
    }
  });

  it('asks everyone after a sleep', () => {
    const { all, run, pulse, time } = world(5);
    for (const host of all) host.watch = 'hidden';
    run(20_000);
    const at = time.now;
    pulse.probeAll();
    run(600);
    for (const { beats, samples } of all) expect(Math.max(...beats, ...samples)).toBeGreaterThanOrEqual(at);
  });
});

describe('paceOf', () => {
  it('beats slower the more hosts are in view', () => {
    expect([1, 150, 151].map((seen) => paceOf('seen', seen).beatMs)).toEqual([400, 400, 2000]);
  });
});

describe('nextInGroup', () => {
  it('is at least half an interval away and keeps to the phase', () => {
    for (let now = 0; now < 5000; now += 123) {
      const next = nextInGroup(now, 2000, 1500);
      expect((next - 1500) % 2000).toBe(0);
      expect(next - now).toBeGreaterThanOrEqual(1000);
      expect(next - now).toBeLessThan(3000);
    }
  });
});
