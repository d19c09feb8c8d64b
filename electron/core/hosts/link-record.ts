import type { HostDisks, HostFacts, HostLink } from '#shared/contract/host.ts';
import type { UnitSource } from '../probes/units/track-units.ts';
import type { SshConnection } from '../ssh/ssh-connection.ts';
import type { LinkCore } from './link-machine.ts';
import { missedWords, type LastHeard } from './missed.ts';

/** What was missed is said for this long after the host is back. */
const missedShownMs = 600_000;

/** What is known of a host beside its link's state, kept over connections; makes the `link` section of it all. */
export class LinkRecord {
  facts: HostFacts | null = null;
  disks: HostDisks | null = null;
  heardAt: number | null = null;
  latencyMs: number | null = null;
  sampler: HostLink['sampler'] = 'none';
  unitSource: UnitSource = { units: 'none', reason: '' };
  #connection: SshConnection | null = null;
  #connectedAt = 0;
  #bootId: string | null = null;
  #before: LastHeard | null = null;
  #missed: string | null = null;

  connected(connection: SshConnection, at: number): void {
    this.#connection = connection;
    this.#connectedAt = at;
    this.#before = this.heardAt === null ? null : { at: this.heardAt, bootId: this.#bootId };
    this.#missed = null;
    this.heardAt = at;
  }

  disconnected(): void {
    this.#connection = null;
    this.sampler = 'none';
    this.unitSource = { units: 'none', reason: '' };
  }

  /** The host told its boot, perhaps with its boot list: true when what was missed has other words now. */
  toldBoot(bootId: string, now: number): boolean {
    this.#bootId = bootId;
    if (now - this.#connectedAt > missedShownMs) this.#before = null;
    const missed = this.#before && missedWords(this.#before, this.#connectedAt, bootId, this.facts?.boots ?? []);
    const news = missed !== this.#missed;
    this.#missed = missed;
    return news;
  }

  section({ state, reason, problem, since, attempts, retryAt }: LinkCore): HostLink {
    const connection = this.#connection;
    return {
      state,
      reason,
      since,
      heardAt: this.heardAt,
      retryAt,
      attempts,
      problem,
      sampler: this.sampler,
      units: this.unitSource.units,
      unitsReason: this.unitSource.reason,
      missed: this.#missed,
      connection: connection && {
        ...connection.about,
        via: [...connection.about.via],
        latencyMs: this.latencyMs,
        channels: connection.channels,
        connectedAt: this.#connectedAt,
      },
    };
  }
}
