import { randomUUID } from 'node:crypto';
import type { CallInput } from '#shared/contract/calls.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { elevate, settleElevation, type Elevated } from '../actions/elevation.ts';
import type { HostAccess } from '../hosts/host-access.ts';
import { journalNote } from '../actions/journal-note.ts';
import { Limiter } from '../lib/limiter.ts';
import { AnswerGroups, progressOf } from './answer-groups.ts';

const atOnce = 256;
const maxBytesPerHost = 256 * 1024;
const publishEveryMs = 60;
const keptRuns = 20;

interface Run {
  readonly groups: AnswerGroups;
  readonly abort: AbortController;
}

/** Commands asked of many hosts: each host on its own clock, answers folded as they come, the last runs kept. */
export class AskRuns {
  readonly #around: ActionSurroundings;
  readonly #runs = new Map<string, Run>();

  constructor(around: ActionSurroundings) {
    this.#around = around;
  }

  /** Rejects with `refused` where it would plainly take etcd's quorum away. */
  async start(input: CallInput<'ask.start'>): Promise<string> {
    const { records, actor, now, guard } = this.#around;
    const hosts = [...new Set(input.hosts)];
    for (const host of hosts)
      if (!records.get('host', host, 'identity'))
        throw fail('not-found', `${host} is not a host of this cluster`, { host });
    for (const host of hosts) await guard.command(host, input.command);
    const id = randomUUID();
    const run: Run = { groups: new AnswerGroups(), abort: new AbortController() };
    this.#keep(id, run);
    records.publish('ask', id, 'about', {
      id,
      command: input.command,
      hosts,
      timeoutS: input.timeoutS,
      elevate: input.elevate,
      startedAt: now(),
      by: actor.name,
    });
    void this.#carry(id, run, hosts, input);
    return id;
  }

  /** Ends the remote processes too; hosts that have answered stay as they are. */
  async cancel(id: string): Promise<void> {
    const { abort } = this.#of(id);
    const { records, activity, actor, cluster, now } = this.#around;
    if (abort.signal.aborted || records.get('ask', id, 'progress')?.state !== 'running') return;
    abort.abort();
    await activity.add({
      at: now(),
      actor: actor.name,
      cluster,
      host: '',
      kind: 'ask',
      what: 'cancelled the question',
      command: records.get('ask', id, 'about')?.command ?? '',
      exitCode: null,
      durationMs: null,
      outcome: 'ok',
      detail: '',
    });
  }

  output(id: string, group: string) {
    const found = this.#of(id).groups.text(group);
    if (!found) throw fail('not-found', 'this group of answers is no longer kept');
    return found;
  }

  endAll(): void {
    for (const { abort } of this.#runs.values()) abort.abort();
  }

  #of(id: string): Run {
    const run = this.#runs.get(id);
    if (!run) throw fail('not-found', 'this run is no longer kept');
    return run;
  }

  #keep(id: string, run: Run): void {
    this.#runs.set(id, run);
    for (const old of [...this.#runs.keys()].slice(0, Math.max(0, this.#runs.size - keptRuns))) {
      this.#runs.get(old)?.abort.abort();
      this.#runs.delete(old);
      this.#around.records.remove('ask', old);
    }
  }

  async #carry(id: string, run: Run, hosts: readonly string[], input: CallInput<'ask.start'>): Promise<void> {
    const { records, now } = this.#around;
    let running = 0;
    let done = false;
    let lastAt = 0;
    let timer: NodeJS.Timeout | null = null;
    const publish = () => {
      timer = null;
      lastAt = performance.now();
      const state = !done ? 'running' : run.abort.signal.aborted ? 'cancelled' : 'done';
      if (this.#runs.has(id))
        records.publish(
          'ask',
          id,
          'progress',
          progressOf(run.groups, hosts.length, running, state, done ? now() : null),
        );
    };
    const changed = () => {
      timer ??= setTimeout(publish, Math.max(0, publishEveryMs - (performance.now() - lastAt)));
    };
    publish();
    const limiter = new Limiter(atOnce);
    const asked = Promise.all(
      hosts.map((host) =>
        limiter.run(async () => {
          running++;
          changed();
          await this.#askHost(run, host, input);
          running--;
          changed();
        }),
      ),
    );
    // Also when something failed that nobody foresaw: a question that never ends would keep its cluster open for good.
    await asked.finally(() => {
      if (timer) clearTimeout(timer);
      done = true;
      publish();
    });
  }

  async #elevated(access: HostAccess, { command, password }: CallInput<'ask.start'>): Promise<Elevated> {
    const known = this.#around.records.get('host', access.host, 'facts')?.elevation ?? 'unknown';
    return elevate(access.host, ['sh', '-c', command], await settleElevation(access, known), password);
  }

  async #askHost(run: Run, host: string, input: CallInput<'ask.start'>): Promise<void> {
    const { hosts, actor, activity, cluster, now } = this.#around;
    const at = now();
    let exitCode: number | null = null;
    let detail = '';
    let outcome: 'ok' | 'failed' | 'cancelled' | 'timeout' | 'refused' = 'ok';
    try {
      if (run.abort.signal.aborted) throw fail('cancelled', 'cancelled before it began', { host });
      await this.#around.guard.commandNow(host, input.command);
      const access = hosts.access(host);
      const elevated = input.elevate ? await this.#elevated(access, input) : { command: input.command, stdin: null };
      const result = await access.exec(
        `${journalNote(actor.name, `asked: ${input.command}`)} 2>/dev/null\n${elevated.command}`,
        {
          timeoutMs: input.timeoutS * 1000,
          maxBytes: maxBytesPerHost,
          signal: run.abort.signal,
          ...(elevated.stdin === null ? {} : { stdin: elevated.stdin }),
        },
      );
      run.groups.answered(host, result);
      exitCode = result.exitCode;
      if (result.exitCode !== 0) outcome = 'failed';
      if (result.truncated) detail = 'output was longer than the console keeps';
    } catch (error) {
      const problem = toProblem(error);
      detail = problem.message;
      const state =
        problem.code === 'timeout'
          ? 'silent'
          : problem.code === 'cancelled'
            ? 'cancelled'
            : problem.code === 'lost'
              ? 'lost'
              : 'refused';
      outcome = state === 'silent' ? 'timeout' : state === 'cancelled' ? 'cancelled' : 'refused';
      run.groups.unanswered(host, state, problem.message.replaceAll(host, 'the host'), now() - at);
    }
    await activity.add({
      at,
      actor: actor.name,
      cluster,
      host,
      kind: 'ask',
      what: 'ask the fleet',
      command: input.command,
      exitCode,
      durationMs: now() - at,
      outcome,
      detail,
    });
  }
}
