import type { HostLink } from '#shared/contract/host.ts';
import { toProblem } from '#shared/contract/problem.ts';
import { DialError } from '../ssh/dial-error.ts';
import type { JumpShare } from '../ssh/jump-pool.ts';
import type { SshConnection } from '../ssh/ssh-connection.ts';
import { HostSession, type SessionTools } from './host-session.ts';
import type { HostSpec } from './hosts.ts';
import { newLink, stepLink, type LinkCore, type LinkEffect, type LinkEvent } from './link-machine.ts';
import type { SectionChange } from './messages.ts';
import type { Watch } from './pulse.ts';

/** What a link needs from its surroundings. */
export interface LinkTools extends Omit<SessionTools, 'watch'> {
  readonly random: () => number;
  readonly watch: (host: string) => Watch;
  /** The jump chain first, then this host in its turn. Rejects with DialError. */
  dial(
    spec: HostSpec,
    signal: AbortSignal,
    dialing: () => void,
  ): Promise<{ connection: SshConnection; jump: JumpShare | null }>;
  section(host: string, change: SectionChange, urgent: boolean): void;
  heard(host: string, at: number, latencyMs: number): void;
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

  get session(): HostSession | null {
    return this.#session;
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
    this.#heardAt = this.#connectedAt;
    const tools = this.#tools;
    const session = new HostSession(
      connection,
      { ...tools, watch: () => tools.watch(name) },
      {
        load: (load) => tools.section(name, ['load', load], false),
        sampling: (kind) => {
          this.#sampler = kind;
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

  #hangUp(): void {
    const session = this.#session;
    this.#session = null;
    this.#sampler = 'none';
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
          units: 'none',
          unitsReason: '',
          missed: null,
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
