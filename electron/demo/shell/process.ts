/** A process that was ended by a signal; unwinds whatever it was doing. */
export class Killed extends Error {
  readonly signal: string;
  constructor(signal: string) {
    super(`killed by ${signal}`);
    this.signal = signal;
  }
}

export interface ProcessAbout {
  readonly user: string;
  readonly command: string;
  readonly startedMs: number;
}

/** Numbers of the signals that matter here. */
export const signalNumbers: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ABRT: 6,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
};

/** Runs as process of a host; ended from outside by a signal to it or to its group. */
export class Process {
  readonly pid: number;
  readonly group: number;
  readonly about: ProcessAbout;
  /** What it is doing now, as `ps` shows it. */
  shown: string;
  readonly #abort = new AbortController();
  #steps = 0;

  constructor(pid: number, group: number, about: ProcessAbout) {
    this.pid = pid;
    this.group = group;
    this.about = about;
    this.shown = about.command;
  }

  /** Aborted, with a Killed as its reason, when the process is ended by a signal. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  kill(signal: string): void {
    this.#abort.abort(new Killed(signal));
  }

  /** To be called at every step: throws Killed, and lets others run when many steps went by without a pause. */
  step(): Promise<void> | undefined {
    this.signal.throwIfAborted();
    if (this.#steps++ % 200 > 0) return undefined;
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Counts a step; true when the next one must go by `step`, be it to pause or to die. */
  isPauseDue(): boolean {
    return this.signal.aborted || ++this.#steps % 200 === 0;
  }

  /** Waits for something that may take long; throws Killed as soon as the process is. */
  async until<T>(wait: Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    let stop: (() => void) | undefined;
    const killed = new Promise<never>((_, reject) => {
      const onAbort = () => reject(this.signal.reason as Error);
      this.signal.addEventListener('abort', onAbort, { once: true });
      stop = () => this.signal.removeEventListener('abort', onAbort);
    });
    try {
      return await Promise.race([wait, killed]);
    } finally {
      stop?.();
    }
  }
}

/** The processes of one host that were started by somebody; the host's own are only shown. */
export class ProcessTable {
  readonly #running = new Map<number, Process>();
  #next: number;

  constructor(firstPid: number) {
    this.#next = firstPid;
  }

  /** The highest number given so far. */
  get seen(): number {
    return this.#next;
  }

  newPid(): number {
    const pid = this.#next;
    this.#next = pid >= 4_194_303 ? 300 : pid + 1 + (pid % 3);
    return pid;
  }

  /** A process in a group of its own, or in the given one. */
  start({ user, command, startedMs }: ProcessAbout, group?: number): Process {
    const pid = this.newPid();
    // Through bytes: a slice would keep the whole script in memory.
    const shown = Buffer.from(command.slice(0, 200)).toString();
    const process = new Process(pid, group ?? pid, { user, command: shown, startedMs });
    this.#running.set(pid, process);
    return process;
  }

  ended(process: Process): void {
    this.#running.delete(process.pid);
  }

  list(): Process[] {
    return [...this.#running.values()];
  }

  inGroup(group: number): Process[] {
    return this.list().filter((process) => process.group === group);
  }

  get(pid: number): Process | undefined {
    return this.#running.get(pid);
  }

  killAll(signal: string): void {
    for (const process of this.list()) process.kill(signal);
  }
}
