import type { UnitsItem } from '#shared/contract/streams.ts';
import type { Unit } from '#shared/contract/unit.ts';
import { ProblemError, toProblem } from '#shared/contract/problem.ts';
import { DialError } from '../ssh/dial-error.ts';
import { execOnChannel } from '../ssh/exec-channel.ts';
import type { JumpShare } from '../ssh/jump-pool.ts';
import { RunningCommand } from '../ssh/running-command.ts';
import type { SshConnection } from '../ssh/ssh-connection.ts';
import type { ExecOptions, ExecResult, HostAccess } from './host-access.ts';
import { gone, HostSession, type SessionEvents, type SessionTools } from './host-session.ts';
import type { HostSpec } from './hosts.ts';
import { newLink, stepLink, type LinkCore, type LinkEffect, type LinkEvent } from './link-machine.ts';
import { LinkRecord } from './link-record.ts';
import type { SectionChange } from './messages.ts';
import type { Watch } from './pulse.ts';

/** A connection just made, and the share of the jump connection it goes through. */
export interface Dialled {
  readonly connection: SshConnection;
  readonly jump: JumpShare | null;
}

/** What a link needs from its surroundings. */
export interface LinkTools extends Omit<SessionTools, 'watch'> {
  readonly watch: (host: string) => Watch;
  /** The jump chain first, then this host in its turn, announced by `dialing`. Rejects with DialError. */
  dial(spec: HostSpec, signal: AbortSignal, dialing: () => void): Promise<Dialled>;
  section(host: string, change: SectionChange, urgent: boolean): void;
  heard(host: string, at: number, latencyMs: number): void;
  /** How often `heard` is worth telling. */
  heardEveryMs(host: string): number;
  unitsItem(host: string, item: UnitsItem): void;
  /** The attempt failed for want of a person; says what is waited for. */
  wants(host: string, error: DialError): void;
}

/** A host that comes into view is not left waiting longer than this for its next attempt. */
const longestWaitInViewMs = 8000;

const endingMs = 2000;

/** Runs one host's link: does what the state machine says and tells it what happened. */
export class LinkRunner {
  readonly spec: HostSpec;
  readonly #tools: LinkTools;
  readonly #record = new LinkRecord();
  #link: LinkCore = newLink(Date.now());
  #attempt: AbortController | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #session: HostSession | null = null;
  #jump: JumpShare | null = null;
  #heardToldAt = 0;
  #tellUnits = false;
  /** The key question this link waits for; see LinkTools.wants. */
  waitsFor: string | null = null;

  constructor(spec: HostSpec, tools: LinkTools) {
    this.spec = spec;
    this.#tools = tools;
  }

  /** Throws ProblemError while there is no connection. */
  access(): HostAccess {
    const session = this.#session;
    if (!session) throw gone(this.spec.name, this.#link.reason || this.#link.state);
    return session.access;
  }

  /** Runs one command over a connection made for it and closed after it, whatever became of the usual one. */
  async execAnew(command: string, options: ExecOptions): Promise<ExecResult> {
    const { name } = this.spec;
    const running = new RunningCommand(options);
    const run = async () => {
      const { connection, jump } = await this.#tools.dial(this.spec, running.over, () => {});
      try {
        await execOnChannel(connection, this.#tools.scripts, command, options.stdin ?? '', running);
        // One that was cancelled is ended over the same connection, which takes a moment.
        await running.result.catch(() => new Promise((resolve) => setTimeout(resolve, endingMs)));
      } finally {
        connection.end();
        connection.destroy();
        jump?.release();
      }
    };
    // Its own failures are the command's; what the command failed with is told by its result.
    run().catch((error: unknown) => running.failed(error));
    try {
      return await running.result;
    } catch (error) {
      throw new ProblemError({ ...toProblem(error), host: name });
    }
  }

  /** Whether every change of the unit list is told; begins with the whole list. */
  watchUnits(on: boolean): void {
    this.#tellUnits = on;
    const units = this.#session?.units;
    if (!on || !units || units.source.units === 'none') return;
    this.#tools.unitsItem(this.spec.name, { reset: true, changed: units.units(), removed: [] });
  }

  /** The units as last told; null while they are not followed. */
  units(): Unit[] | null {
    const units = this.#session?.units;
    return units && units.source.units !== 'none' ? units.units() : null;
  }

  /** Someone looks at the host now. */
  cameIntoView(): void {
    const { state, retryAt } = this.#link;
    if (state === 'backing-off' && (retryAt ?? 0) - Date.now() > longestWaitInViewMs) this.tell({ type: 'retry' });
  }

  tell(event: LinkEvent): void {
    const before = this.#link;
    const { link, effects } = stepLink(before, event, {
      now: Date.now(),
      random: this.#tools.random(),
      inView: this.#tools.watch(this.spec.name) === 'seen',
    });
    this.#link = link;
    if (link !== before) this.#publish();
    for (const effect of effects) this.#do(effect);
  }

  /** Somebody looks at this host now: what is read seldom is read again. */
  refresh(): void {
    this.#session?.refresh();
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
    if (this.#attempt && !this.#attempt.signal.aborted) return;
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.waitsFor = null;
    try {
      const dialled = await this.#tools.dial(this.spec, attempt.signal, () => this.tell({ type: 'dialing' }));
      if (attempt.signal.aborted) {
        dialled.connection.end();
        dialled.jump?.release();
        return;
      }
      this.#attempt = null;
      this.#connected(dialled);
    } catch (error) {
      if (attempt.signal.aborted) return;
      this.#attempt = null;
      const failure = error instanceof DialError ? error.failure.kind : 'transient';
      if (error instanceof DialError && failure !== 'transient') this.#tools.wants(this.spec.name, error);
      this.tell({ type: 'failed', failure, problem: { ...toProblem(error), host: this.spec.name } });
    }
  }

  #connected({ connection, jump }: Dialled): void {
    const { name } = this.spec;
    const tools = this.#tools;
    this.#jump = jump;
    this.#record.connected(connection, Date.now());
    const session = new HostSession(
      name,
      connection,
      { ...tools, watch: () => tools.watch(name) },
      this.#record,
      this.#sessionEvents(() => session),
    );
    this.#session = session;
    connection.onClose((reason) => this.#gone(session, reason));
    this.tell({ type: 'up' });
  }

  #sessionEvents(session: () => HostSession): SessionEvents {
    const { name } = this.spec;
    const tools = this.#tools;
    const record = this.#record;
    return {
      load: (load) => tools.section(name, ['load', load], false),
      facts: (facts) => {
        record.facts = facts;
        tools.section(name, ['facts', facts], true);
        if (record.toldBoot(facts.bootId, Date.now())) this.#publish();
      },
      disks: (disks) => {
        record.disks = disks;
        tools.section(name, ['disks', disks], false);
      },
      readings: (readings) => tools.section(name, ['readings', readings], false),
      units: ({ summary, item }) => {
        tools.section(name, ['units', summary], true);
        if (this.#tellUnits) tools.unitsItem(name, item);
      },
      unitSource: (source) => {
        record.unitSource = source;
        this.#publish();
      },
      sampling: (kind, bootId) => {
        record.sampler = kind;
        if (bootId !== null) record.toldBoot(bootId, Date.now());
        this.#publish();
      },
      heard: (latencyMs, wasSilent) => this.#heard(latencyMs, wasSilent),
      silent: (ms, sshd) => this.tell({ type: 'silent', ms, sshd }),
      givenUp: (ms) => this.#gone(session(), `no answer for ${(ms / 1000).toFixed(0)} s`),
    };
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
    if (session) {
      this.#record.disconnected();
      session.close();
      session.connection.end();
      session.connection.destroy();
    }
    this.#jump?.release();
    this.#jump = null;
  }

  #heard(latencyMs: number, wasSilent: boolean): void {
    const now = Date.now();
    this.#record.heardAt = now;
    this.#record.latencyMs = Math.round(latencyMs * 10) / 10;
    if (wasSilent) this.tell({ type: 'heard' });
    else if (now - this.#heardToldAt >= this.#tools.heardEveryMs(this.spec.name)) {
      this.#heardToldAt = now;
      this.#tools.heard(this.spec.name, now, this.#record.latencyMs);
    }
  }

  #publish(): void {
    this.#heardToldAt = Date.now();
    this.#tools.section(this.spec.name, ['link', this.#record.section(this.#link)], true);
  }
}
