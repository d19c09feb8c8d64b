import { newestOf, type Release, releases } from '../world/release.ts';
import type { SimulatedHost } from '../world/simulated-host.ts';

/** The marker of a Fedora CoreOS host with a staged deployment; its text is the version. */
export const stagedMarker = '/run/ostree/staged-deployment';

const second = 1000;

/** The systems that one simulated host keeps beside the one that runs: the other slot, other deployments. */
export class SimulatedSystems {
  readonly #host: SimulatedHost;
  /** The system that ran before this one; null when that was never booted here. */
  before: Release | null;
  /** Whether the next boot takes the other slot, or the deployment before. */
  takesOther = false;
  readonly pinned = new Set<string>();
  #downloads = false;

  constructor(host: SimulatedHost) {
    this.#host = host;
    this.before = earlier(host.spec.release);
  }

  /** A transaction of rpm-ostree is under way. */
  get isDownloading(): boolean {
    return this.#downloads;
  }

  /** What the stream of a Fedora CoreOS host has that is newer; null for none. */
  get offered(): Release | null {
    const { release } = this.#host.spec;
    const newest = newestOf[release.channel ?? ''];
    return release.family === 'fedora-coreos' && newest && newest.version > release.version ? newest : null;
  }

  /** Stages a deployment after a download; false when there is nothing newer, or one is under way. */
  async stage(to: Release | null): Promise<boolean> {
    if (to === null || this.#downloads || this.#host.markers.has(stagedMarker)) return false;
    this.#downloads = true;
    const boot = this.#host.boot.id;
    await new Promise<void>((resolve) => this.#host.schedule.after(6 * second, resolve));
    this.#downloads = false;
    if (this.#host.boot.id !== boot) return false;
    this.#host.markers.set(stagedMarker, `${to.version}\n`);
    return true;
  }

  /** Zincati was started: unless it is switched off it looks at once, and stages. */
  zincatiStarted(): void {
    const off = '/etc/zincati/config.d/95-quarterdeck-hold.toml';
    if (!this.#host.files.exists(off)) void this.stage(this.offered);
  }

  /** The system of a new boot; what ran is kept as the one before. */
  boot(running: Release, staged: Release | null): Release {
    const back = this.takesOther ? this.before : null;
    this.takesOther = false;
    this.#downloads = false;
    const next = staged ?? back;
    if (next === null) return running;
    this.before = running;
    return next;
  }
}

/** The newest of a stream of Fedora CoreOS. */
export function newestOfStream(stream: string): Release | null {
  return newestOf[stream] ?? null;
}

/** A release of Fedora CoreOS by its version, as a deployment of this host. */
export function deployed(version: string, like: Release): Release {
  const known = Object.values(newestOf).find((release) => release.version === version);
  return known ?? { ...like, version, osRelease: like.osRelease.replaceAll(like.version, version) };
}

function earlier(release: Release): Release | null {
  const all: readonly Release[] = [...releases.flatcarStable, ...releases.coreosStable];
  const same = all.filter(({ family, channel }) => family === release.family && channel === release.channel);
  return same.find(({ version }) => version < release.version) ?? null;
}
