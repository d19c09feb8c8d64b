import type { HostFacts, HostLink } from '#shared/contract/host.ts';
import type { UnitsItem } from '#shared/contract/streams.ts';
import type { Unit } from '#shared/contract/unit.ts';
import { toProblem } from '#shared/contract/problem.ts';
import { DialError } from '../ssh/dial-error.ts';
import type { JumpShare } from '../ssh/jump-pool.ts';
import type { SshConnection } from '../ssh/ssh-connection.ts';
import type { HostAccess } from './host-access.ts';
import { gone, HostSession, type SessionTools } from './host-session.ts';
import type { HostSpec } from './hosts.ts';
import { newLink, stepLink, type LinkCore, type LinkEffect, type LinkEvent } from './link-machine.ts';
import type { SectionChange } from './messages.ts';
import { missedWords, type LastHeard } from './missed.ts';
import type { Watch } from './pulse.ts';

/** What a link needs from its surroundings. */
export interface LinkTools extends Omit<SessionTools, 'watch'> {
  readonly watch: (host: string) => Watch;
  /** The jump chain first, then this host in its turn. Rejects with DialError. */
  dial(
    spec: HostSpec,
    signal: AbortSignal,
    dialing: () => void,
  ): Promise<{ connection: SshConnection; jump: JumpShare | null }>;
  section(host: string, change: SectionChange, urgent: boolean): void;
  heard(host: string, at: number, latencyMs: number): void;
  unitsItem(host: string, item: UnitsItem): void;
  /** The attempt failed for want of a person; says what is waited for. */
  wants(host: string, error: DialError): void;
}

/** Runs one host's link: does what the state machine says and tells it what happened. */
export class LinkRunner {
  readonly spec: HostSpec;
  readonly #tools: LinkTools;
  #link: LinkCore;
  #attempt: AbortController | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #session: HostSession | null = null;
  #jump: JumpShare | null = null;
  #heardAt: number | null = null;
  #heardToldAt = 0;
  #latencyMs: number | null = null;
  #sampler: HostLink['sampler'] = 'none';
  #connectedAt = 0;
  #bootId: string | null = null;
  #facts: HostFacts | null = null;
  #units: readonly Unit[] = [];
  #unitSource: Pick<HostLink, 'units' | 'unitsReason'> = { units: 'none', unitsReason: '' };
  /** Set while a gap is told of. */
  #before: LastHeard | null = null;
  #missed: string | null = null;
  #tellUnits = false;
  /** What the link waits for a person to settle; see LinkTools.wants. */
  waitsFor: string | null = null;

  constructor(spec: HostSpec, tools: LinkTools) {
    this.spec = spec;
    this.#tools = tools;
    this.#link = newLink(Date.now());
  }

  get state(): LinkCore['state'] {
    return this.#link.state;
  }

  /** Throws ProblemError while there is no connection. */
  access(): HostAccess {
    const session = this.#session;
    if (!session) throw gone(this.spec.name, this.#link.reason || this.#link.state);
    return session.access;
  }

  /** Whether every change of the unit list is told; begins with the whole list. */
  watchUnits(on: boolean): void {
    this.#tellUnits = on;
    if (!on || !this.#session || this.#session.units.source.units === 'none') return;
    this.#tools.unitsItem(this.spec.name, { reset: true, changed: this.#session.units.units(), removed: [] });
  }

  tell(event: LinkEvent): void {
    const { random, watch } = this.#tools;
    const before = this.#link;
    const step = stepLink(before, event, {
      now: Date.now(),
      random: random(),
      inView: watch(this.spec.name) === 'seen',
    });
    this.#link = step.link;
    if (step.link !== before) this.#publish(step.link.state !== before.state);
    for (const effect of step.effects) this.#do(effect);
  }

  /** Says goodbye and stops for good. */
  end(): void {
    clearTimeout(this.#retry);
    this.#attempt?.abort();
    this.#hangUp();
  }

  #do(effect: LinkEffect): void {
    clearTimeout(this.#retry);
    if (effect === 'queue') void this.#dial();
    else if (effect === 'cancel') this.#attempt?.abort();
    else if (effect === 'hang-up') this.#hangUp();
    else {
      const wait = Math.max(0, (this.#link.retryAt ?? 0) - Date.now());
      this.#retry = setTimeout(() => this.tell({ type: 'retry' }), wait);
      this.#retry.unref();
    }
  }

  async #dial(): Promise<void> {
    if (this.#attempt) return;
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.waitsFor = null;
    try {
      const { connection, jump } = await this.#tools.dial(this.spec, attempt.signal, () =>
        this.tell({ type: 'dialing' }),
      );
      this.#attempt = null;
      if (attempt.signal.aborted) {
        connection.end();
        jump?.release();
        return;
      }
      this.#connected(connection, jump);
    } catch (error) {
      this.#attempt = null;
      if (attempt.signal.aborted) return;
      const failure = error instanceof DialError ? error.failure.kind : 'transient';
      if (error instanceof DialError && failure !== 'transient') this.#tools.wants(this.spec.name, error);
      this.tell({ type: 'failed', failure, problem: { ...toProblem(error), host: this.spec.name } });
    }
  }

  #connected(connection: SshConnection, jump: JumpShare | null): void {
    const { name } = this.spec;
    this.#jump = jump;
    this.#connectedAt = Date.now();
    const tools = this.#tools;
    if (this.#heardAt !== null) this.#before = { at: this.#heardAt, bootId: this.#bootId };
    this.#heardAt = this.#connectedAt;
    const session = new HostSession(
      name,
      connection,
      { ...tools, watch: () => tools.watch(name) },
      { facts: this.#facts, units: this.#units },
      {
        load: (load) => tools.section(name, ['load', load], false),
        facts: (facts) => {
          this.#facts = facts;
          tools.section(name, ['facts', facts], true);
          this.#tellMissed(facts.bootId);
        },
        disks: (disks) => tools.section(name, ['disks', disks], false),
        units: ({ summary, item }) => {
          tools.section(name, ['units', summary], true);
          if (this.#tellUnits) tools.unitsItem(name, item);
        },
        unitSource: ({ units, reason }) => {
          this.#unitSource = { units, unitsReason: reason };
          this.#publish(true);
        },
        sampling: (kind, bootId) => {
          this.#sampler = kind;
          if (bootId !== null) this.#tellMissed(bootId);
          this.#publish(true);
        },
        heard: (latencyMs, wasSilent) => this.#heard(latencyMs, wasSilent),
        silent: (ms) => this.tell({ type: 'silent', ms }),
        givenUp: (ms) => this.#gone(session, `no answer for ${(ms / 1000).toFixed(0)} s`),
      },
    );
    this.#session = session;
    connection.onClose((reason) => this.#gone(session, reason));
    this.tell({ type: 'up' });
  }

  #gone(session: HostSession, reason: string): void {
    if (this.#session !== session) return;
    this.#hangUp();
    const message = `The connection broke: ${reason}`;
    this.tell({ type: 'closed', problem: { code: 'lost', message, host: this.spec.name } });
  }

  /** Puts into words what happened since the connection before; better words when the boots are known. */
  #tellMissed(bootId: string): void {
    if (this.#before) {
      const missed = missedWords(this.#before, this.#connectedAt, bootId, this.#facts?.boots ?? []);
      if (missed !== this.#missed) {
        this.#missed = missed;
        this.#publish(true);
      }
    }
    this.#bootId = bootId;
  }

  #hangUp(): void {
    const session = this.#session;
    if (session) this.#units = session.units.units();
    this.#session = null;
    this.#sampler = 'none';
    this.#unitSource = { units: 'none', unitsReason: '' };
    session?.close();
    session?.connection.end();
    session?.connection.destroy();
    this.#jump?.release();
    this.#jump = null;
  }

  #heard(latencyMs: number, wasSilent: boolean): void {
    const now = Date.now();
    this.#heardAt = now;
    this.#latencyMs = Math.round(latencyMs * 10) / 10;
    if (wasSilent) this.tell({ type: 'heard' });
    else if (now - this.#heardToldAt >= 1000) {
      this.#heardToldAt = now;
      this.#tools.heard(this.spec.name, now, this.#latencyMs);
    }
  }

  #publish(urgent: boolean): void {
    const { state, reason, problem, since, attempts, retryAt } = this.#link;
    const connection = this.#session?.connection;
    this.#heardToldAt = Date.now();
    this.#tools.section(
      this.spec.name,
      [
        'link',
        {
          state,
          reason,
          since,
          heardAt: this.#heardAt,
          retryAt,
          attempts,
          problem,
          sampler: this.#sampler,
          ...this.#unitSource,
          missed: this.#missed,
          connection: connection
            ? {
                ...connection.about,
                via: [...connection.about.via],
                latencyMs: this.#latencyMs,
                channels: connection.channels,
                connectedAt: this.#connectedAt,
              }
            : null,
        },
      ],
      urgent,
    );
  }
}
