import { lookUpConf, parseUpdateConf } from '#shared/formats/update-conf/parse.ts';
import { type Release, upcoming } from '../world/release.ts';
import type { SimulatedHost } from '../world/simulated-host.ts';

/** The marker of a Flatcar host whose update waits for a reboot. */
export const updatedMarker = '/run/update_engine_autoupdate_completed';

/** What update_engine tells: seconds since 1970, part downloaded, state, version, bytes. */
export interface EngineTold {
  readonly lastCheckedS: number;
  readonly progress: number;
  readonly operation: string;
  readonly version: string;
  readonly bytes: number;
}

const second = 1000;

/** How long a download takes that somebody asked for. */
const askedDownloadMs = 40 * second;

/** update_engine of one simulated host: idle, unless an update is begun. */
export class SimulatedEngine {
  readonly #host: SimulatedHost;
  readonly #listeners = new Set<(told: EngineTold) => void>();
  #operation = 'IDLE';
  #progress = 0;
  /** How long a download takes that somebody asks for. */
  downloadMs: number = askedDownloadMs;

  constructor(host: SimulatedHost) {
    this.#host = host;
  }

  /** What this host's channel offers; null when it runs that already. */
  get offered(): Release | null {
    const { release } = this.#host.spec;
    const next = upcoming[this.#conf('GROUP') || (release.channel ?? '')];
    return next && release.family === 'flatcar' && next.version !== release.version ? next : null;
  }

  /** True while an update is under way. */
  get isBusy(): boolean {
    return this.#operation !== 'IDLE';
  }

  told(): EngineTold {
    const { host, operation } = { host: this.#host, operation: this.#now() };
    const nowS = Math.floor(host.now() / 1000);
    const isNone = operation === 'IDLE' || operation === 'CHECKING_FOR_UPDATE';
    return {
      lastCheckedS: this.isBusy ? nowS : nowS - ((nowS + host.spec.seed) % 2700),
      progress: operation === 'DOWNLOADING' ? this.#progress : 0,
      operation: `UPDATE_STATUS_${operation}`,
      version: isNone ? '0.0.0' : (this.offered?.version ?? '0.0.0'),
      bytes: isNone ? 0 : 497_118_277,
    };
  }

  /** Hears of every step; returns a function that stops. */
  listen(listener: (told: EngineTold) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes the offered update, from a part already downloaded on; false when there is none or one is under way. */
  begin(downloadMs: number, fails: boolean, from = 0): boolean {
    if (this.isBusy || this.#now() !== 'IDLE' || this.offered === null || this.#conf('SERVER') === 'disabled')
      return false;
    this.#say('CHECKING_FOR_UPDATE');
    this.#later(1.5 * second, () => {
      this.#say('UPDATE_AVAILABLE');
      this.#later(2 * second, () => this.#download(downloadMs / 100, from, fails ? 0.3 + from / 2 : 1));
    });
    return true;
  }

  /** Its unit was stopped: a download is lost. */
  stop(): void {
    this.#operation = 'IDLE';
  }

  /** Forgets an update that waits for its reboot; the slot stays the next to boot. */
  reset(): void {
    this.#host.markers.delete(updatedMarker);
    this.#say('IDLE');
  }

  /** A new boot: nothing is under way any more. */
  boot(): void {
    this.#operation = 'IDLE';
  }

  #download(stepMs: number, part: number, until: number): void {
    this.#progress = part;
    this.#say('DOWNLOADING');
    if (part >= until) {
      this.#end(until < 1);
      return;
    }
    this.#later(stepMs, () => this.#download(stepMs, Math.min(1, part + 0.01), until));
  }

  #end(fails: boolean): void {
    this.#say(fails ? 'REPORTING_ERROR_EVENT' : 'FINALIZING');
    this.#later(fails ? 5 * second : 12 * second, () => {
      if (!fails) {
        this.#host.markers.set(updatedMarker, '');
        this.#host.systems.takesOther = true;
      }
      this.#operation = 'IDLE';
      this.#tell();
    });
  }

  #conf(key: string): string {
    const text = this.#host.files.read('/etc/flatcar/update.conf', 'root');
    if (typeof text !== 'string') return '';
    return lookUpConf([parseUpdateConf('', text)], key)?.value ?? '';
  }

  #now(): string {
    return this.#operation === 'IDLE' && this.#host.markers.has(updatedMarker)
      ? 'UPDATED_NEED_REBOOT'
      : this.#operation;
  }

  #say(operation: string): void {
    this.#operation = operation;
    this.#tell();
  }

  #tell(): void {
    const told = this.told();
    for (const listener of this.#listeners) listener(told);
  }

  /** Goes on unless the host was booted anew meanwhile. */
  #later(ms: number, run: () => void): void {
    const boot = this.#host.boot.id;
    this.#host.schedule.after(ms, () => {
      if (this.#host.boot.id === boot && this.isBusy) run();
    });
  }
}
