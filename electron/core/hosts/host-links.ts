import type { DialError } from '../ssh/dial-error.ts';
import { KeyFiles } from '../ssh/key-files.ts';
import { placeOf } from '../ssh/dial.ts';
import { Limiter } from '../lib/limiter.ts';
import { loadHostScripts } from '../probes/host-scripts.ts';
import type { UnitsOfHost } from '../probes/units/count-units.ts';
import { Dialler } from './dialler.ts';
import { HandshakeGate } from './handshake-gate.ts';
import { findUnits, type UnitOverHosts } from './find-units.ts';
import type { ExecOptions, ExecResult, HostAccess } from './host-access.ts';
import { LinkRunner, type LinkTools } from './host-link.ts';
import { gone } from './host-session.ts';
import type { HostSpec, HostsOptions, Looking } from './hosts.ts';
import { KeyQuestions } from './key-questions.ts';
import { KnownKeys } from './known-keys.ts';
import type { FromWorker } from './messages.ts';
import { Prompts } from './prompts.ts';
import { Pulse, type Watch } from './pulse.ts';
import { StallClock } from './stall-clock.ts';
import { type Outside, thisMachine, WakeWatch } from './wake-watch.ts';

const wakeStepMs = 1000;
/** Hosts read for the first time at once. */
const firstReads = 24;

/** All links of one cluster, wherever they run: in the worker, or inline in a test. */
export class HostLinks {
  readonly #links = new Map<string, LinkRunner>();
  readonly #known: KnownKeys;
  readonly #prompts: Prompts;
  readonly #questions: KeyQuestions;
  readonly #dialler: Dialler;
  readonly #clock = new StallClock(() => performance.now());
  readonly #pulse = new Pulse(this.#clock);
  readonly #wake: WakeWatch;
  readonly #looking: ReturnType<typeof setInterval>;
  #stepping: ReturnType<typeof setTimeout> | undefined;
  readonly #tools: LinkTools;
  readonly #unitWatches = new Set<string>();
  readonly #disabled = new Set<string>();
  #seen = new Set<string>();
  #focus: string | null = null;
  #hidden = false;

  constructor(
    options: HostsOptions,
    emit: (event: FromWorker, urgent: boolean) => void,
    outside: Outside = thisMachine,
  ) {
    this.#wake = new WakeWatch(wakeStepMs, outside);
    this.#known = new KnownKeys(options.knownHostsFiles);
    const keyFiles = new KeyFiles();
    const gate = new HandshakeGate(options.handshakes, () => this.#clock.lateMs);
    this.#prompts = new Prompts(keyFiles, {
      prompt: (prompt, secretName) => emit({ type: 'prompt', prompt, secretName }, true),
      promptGone: (id) => emit({ type: 'prompt-gone', id }, true),
      resolved: (hosts) => {
        this.#dialler.forgetFailures();
        for (const host of hosts) this.#links.get(host)?.tell({ type: 'resolved' });
      },
      declined: (hosts, reason) => {
        for (const host of hosts) this.#links.get(host)?.tell({ type: 'declined', reason });
      },
    });
    this.#questions = new KeyQuestions(this.#known, {
      keyQuestion: (question) => emit({ type: 'key-question', question }, true),
      keySettled: (host) => emit({ type: 'key-settled', host }, true),
      resolved: (subject) => {
        this.#dialler.forgetFailures();
        this.#waiting(subject, (link) => link.tell({ type: 'resolved' }));
      },
      declined: (subject, reason) => this.#waiting(subject, (link) => link.tell({ type: 'declined', reason })),
    });
    this.#dialler = new Dialler({ gate, keyFiles, known: this.#known, prompts: this.#prompts });
    this.#looking = setInterval(() => this.#lookOutside(), wakeStepMs);
    this.#step();
    this.#tools = {
      scripts: loadHostScripts(),
      pulse: this.#pulse,
      clock: this.#clock,
      random: Math.random,
      turns: new Limiter(firstReads),
      watch: (host) => this.#watch(host),
      dial: (spec, signal, dialing) => this.#dialler.dial(spec, signal, dialing),
      section: (host, change, urgent) => emit({ type: 'section', host, change }, urgent),
      unitsItem: (host, item) => emit({ type: 'units-item', host, item }, true),
      heard: (host, at, latencyMs) => emit({ type: 'heard', host, at, latencyMs }, false),
      heardEveryMs: (host) => this.#heardEveryMs(host),
      wants: (host, error) => this.#wants(host, error),
    };
  }

  configure(specs: readonly HostSpec[]): void {
    const wanted = new Map(specs.map((spec) => [spec.name, spec]));
    for (const [name, link] of this.#links) {
      const spec = wanted.get(name);
      if (spec && JSON.stringify(spec) === JSON.stringify(link.spec)) continue;
      this.#links.delete(name);
      link.end();
      this.#prompts.forget(name);
      this.#questions.settle(name);
    }
    for (const spec of wanted.values()) {
      if (this.#links.has(spec.name)) continue;
      const link = new LinkRunner(spec, this.#tools);
      this.#links.set(spec.name, link);
      if (this.#unitWatches.has(spec.name)) link.watchUnits(true);
      link.tell({ type: this.#disabled.has(spec.name) ? 'disable' : 'start' });
    }
  }

  look(looking: Looking): void {
    const before = this.#seen;
    this.#seen = new Set(looking.visible);
    if (looking.focus !== null) {
      this.#seen.add(looking.focus);
      if (looking.focus !== this.#focus) this.#links.get(looking.focus)?.refresh();
    }
    this.#focus = looking.focus;
    this.#hidden = looking.hidden;
    this.#pulse.retune();
    for (const host of this.#seen) if (!before.has(host)) this.#links.get(host)?.cameIntoView();
  }

  connect(hosts: readonly string[]): void {
    this.#known.doubt();
    this.#dialler.forgetFailures();
    for (const host of hosts) {
      this.#disabled.delete(host);
      this.#links.get(host)?.tell({ type: 'start' });
    }
  }

  disable(hosts: readonly string[]): void {
    for (const host of hosts) {
      this.#disabled.add(host);
      this.#links.get(host)?.tell({ type: 'disable' });
      this.#prompts.forget(host);
      this.#questions.settle(host);
    }
  }

  acceptKeys(keys: readonly { host: string; fingerprint: string }[]): Promise<number> {
    return this.#questions.accept(keys);
  }

  refuseKeys(hosts: readonly string[]): void {
    this.#questions.refuse(hosts);
  }

  answerPrompt(id: string, answers: readonly string[] | null): void {
    this.#prompts.answer(id, answers);
  }

  /** Throws ProblemError for a host that is unknown or not connected. */
  access(host: string): HostAccess {
    const link = this.#links.get(host);
    if (!link) throw gone(host, 'it is not in the cluster');
    return link.access();
  }

  /** Runs one command over a connection made for it. */
  execAnew(host: string, command: string, options: ExecOptions): Promise<ExecResult> {
    const link = this.#links.get(host);
    if (!link) return Promise.reject(gone(host, 'it is not in the cluster'));
    return link.execAnew(command, options);
  }

  /** Whether every change of the host's unit list is told, beginning with the whole list. */
  watchUnits(host: string, on: boolean): void {
    if (on) this.#unitWatches.add(host);
    else this.#unitWatches.delete(host);
    this.#links.get(host)?.watchUnits(on);
  }

  /** The units of all connected hosts whose name holds a text. */
  findUnits(text: string, most: number): UnitOverHosts[] {
    return findUnits(this.unitsOfHosts(), text, most);
  }

  /** What each host's units are now; null for one whose units are not followed. */
  *unitsOfHosts(): Generator<UnitsOfHost> {
    for (const [host, link] of this.#links) yield [host, link.units()];
  }

  end(): void {
    clearInterval(this.#looking);
    clearTimeout(this.#stepping);
    for (const link of this.#links.values()) link.end();
    this.#links.clear();
    this.#dialler.end();
  }

  #step(): void {
    const nextMs = this.#pulse.stepMs;
    this.#clock.beat(nextMs);
    this.#pulse.step();
    this.#stepping = setTimeout(() => this.#step(), nextMs);
  }

  /** After a sleep or on another network every link is in doubt: all are asked now, and who waits to connect does it now. */
  #lookOutside(): void {
    if (this.#wake.step() === null) return;
    this.#pulse.probeAll();
    this.#dialler.forgetFailures();
    for (const link of this.#links.values()) link.tell({ type: 'network' });
  }

  #watch(host: string): Watch {
    if (this.#hidden) return 'hidden';
    return this.#seen.has(host) ? 'seen' : 'unseen';
  }

  /** The host in focus shows its last word to the second; of others in view, samples tell it every two. */
  #heardEveryMs(host: string): number {
    if (host === this.#focus) return 1000;
    return this.#seen.has(host) ? 10_000 : 4000;
  }

  #waiting(subject: string, tell: (link: LinkRunner) => void): void {
    for (const link of this.#links.values()) if (link.waitsFor === subject) tell(link);
  }

  #wants(host: string, error: DialError): void {
    const link = this.#links.get(host);
    if (!link) return;
    const { failure, reach } = error;
    const subject = placeOf(reach) === placeOf(link.spec) ? host : placeOf(reach);
    if (failure.kind === 'secret') this.#prompts.need(failure.need, host, failure.error);
    else if (failure.kind === 'key-unknown' || failure.kind === 'key-changed') {
      link.waitsFor = subject;
      const known = failure.kind === 'key-changed' ? failure.known : [];
      this.#questions.ask(subject, reach, failure.seen, known, Date.now());
    }
  }
}
