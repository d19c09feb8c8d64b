import type { HostChange, PlannedStep } from '#shared/contract/change.ts';
import { type Problem, ProblemError, toProblem } from '#shared/contract/problem.ts';
import { settleElevation } from '../actions/elevation.ts';
import { baselineOf } from './baseline.ts';
import { askGateOn } from './gate-host.ts';
import { type GateBaseline, readBaseline } from './gates.ts';
import { mergeEvidence } from './evidence.ts';
import type { HostCourse, HostCourseTools } from './host-course.ts';
import { because, endOfBack, endOnHost } from './host-end.ts';
import { programData, stagedFolders } from './host-program.ts';
import { inverse } from './inverse.ts';
import { lookAgainAt, wasDone } from './look-again.ts';
import { guardActions, guardCommands } from './step-guard.ts';
import { unitsMoved } from './unit-undo.ts';
import { vouchedBy } from './vouched.ts';
import { isSettled, longestAlone, lookAgainMs, untilSettled } from './until-settled.ts';
import { type HostReach, type HostStanding, type HostVerb, onHost } from './host-transaction.ts';

type Evidence = HostChange['evidence'][number];

/** The course of a change on one host: intent before act, result after; each is in the journal before it is told. */
export class HostRun implements HostCourse {
  readonly #tools: HostCourseTools;
  readonly #step: PlannedStep;
  #now: HostChange;

  constructor(tools: HostCourseTools, step: PlannedStep, now: HostChange) {
    this.#tools = tools;
    this.#step = step;
    this.#now = now;
  }

  /** What the change is called on this host. */
  get #id(): string {
    const { round } = this.#now;
    return round === undefined ? this.#tools.plan.id : `${this.#tools.plan.id}-${round}`;
  }

  /** Applies, verifies and confirms. */
  async apply(): Promise<HostChange> {
    const { around, plan } = this.#tools;
    let before: GateBaseline;
    let moved: string | null = null;
    try {
      this.#refuseInObserveMode();
      before = await readBaseline(this.#access(), around.records);
      if (this.#step.undoByUnits) moved = await unitsMoved(this.#access(), this.#step);
      await guardActions(this.#tools, this.#now.host, this.#step.actions);
      await guardCommands(this.#tools, this.#now.host, this.#step);
    } catch (error) {
      return this.#end('unreachable', this.#unlessLeft(error).message);
    }
    if (moved !== null) return this.#end('stale', moved);
    const begun = { at: around.now(), step: 'before', text: `system ${before.system}, ${before.health}` };
    const fresh = { startedAt: around.now(), accepted: null, evidence: [begun] };
    if (!(await this.#begin({ state: 'applying', text: '', ...fresh }))) return this.#now;
    const data = this.#data(this.#id, this.#step);
    const folders = stagedFolders(this.#step);
    const standing = await this.#ask({ verb: 'apply', data, folders, deadmanS: plan.policy.deadmanS });
    // A connection that broke in between says nothing of what became of it.
    return standing ? this.#applied(standing, before) : this.#waitFor();
  }

  /** Goes on where another console, or this one before it died, left off. */
  async settle(): Promise<HostChange> {
    const before = baselineOf(this.#now.evidence);
    if (this.#now.state === 'undoing') return this.#back(this.#now.text);
    // The host must refuse the old owner from here on, whatever it still has under way; one that is away may come back.
    const fenced = async () => ((await this.#ask({ verb: 'fence' })) ? this.#ask({ verb: 'read' }) : null);
    const standing = (await fenced()) ?? (await untilSettled(this.#tools, this.#now.host, fenced));
    if (standing?.state === 'none' && standing.steps.length === 0) {
      return this.#write({ state: 'waiting', text: 'it had not begun', startedAt: null }, 'let-go');
    }
    return this.#applied(standing, before);
  }

  /** Looks once more; one that is worse is put back, one of which that is not known is a person's to decide. */
  async lookAgain(): Promise<HostChange> {
    const found = await lookAgainAt(this.#tools, this.#step, this.#now);
    if (!found) return this.#now;
    this.#add([{ at: this.#tools.around.now(), step: found.step, text: found.text }]);
    if (found.verdict === 'inconclusive') return this.#end('inconclusive', found.text);
    this.#refuseInObserveMode();
    return (await this.#begin({ state: 'undoing', text: found.text })) ? this.#back(found.text) : this.#now;
  }

  /** Puts back what was confirmed, or is still waiting for it. */
  async undo(): Promise<HostChange> {
    return this.#back('');
  }

  /** `why` is what ails the host; empty where a person rolls it back. */
  async #back(why: string): Promise<HostChange> {
    const { around, plan } = this.#tools;
    const undone = (standing: HostStanding | null) => this.#undone(standing, why);
    this.#refuseInObserveMode();
    try {
      await guardActions(this.#tools, this.#now.host, this.#step.undo);
    } catch (error) {
      return this.#end('not-restored', because(why, `NOT restored: ${this.#unlessLeft(error).message}`));
    }
    await this.#write({ state: 'undoing', text: why, endedAt: null }, 'take');
    const waiting = await this.#ask({ verb: 'read' });
    if (waiting && waiting.state !== 'none')
      return undone(await this.#ask({ verb: 'restore', why: why || `rolled back by ${around.actor.name}` }));
    if (waiting && !waiting.steps.some(({ step }) => step === 'confirmed'))
      return this.#end(endOfBack(why), why || 'nothing of it was there');
    const id = `${this.#id}-back`;
    const data = this.#data(id, inverse(this.#step));
    const applied = await this.#ask({ verb: 'apply', data, deadmanS: plan.policy.deadmanS }, id);
    const last = applied?.steps.at(-1);
    if (last?.step === 'unchanged') return this.#end(endOfBack(why), because(why, 'it was as before already'));
    return undone(applied?.state === 'applied' ? await this.#confirm(id) : applied);
  }

  /** A person vouches for a host of which the gates could not tell: it is confirmed, where the change still is. */
  async accept(by: string): Promise<HostChange> {
    this.#refuseInObserveMode();
    const { text } = this.#now;
    if (!(await this.#begin({ state: 'confirming', text: vouchedBy(by) }))) return this.#now;
    const standing = await this.#ask({ verb: 'read' });
    if (!standing)
      return this.#end('inconclusive', `${text}; ${vouchedBy(by)}, but it cannot be reached to be confirmed`);
    if (standing.state === 'applied') return this.#confirmed(vouchedBy(by));
    if (wasDone(this.#now)) return this.#end('done', vouchedBy(by));
    if (standing.state === 'none' && standing.steps.at(-1)?.step === 'restored') {
      this.#note(standing);
      return this.#end('restored', `the host had taken the change back by itself before ${by} accepted it`);
    }
    return this.#applied(standing, baselineOf(this.#now.evidence));
  }

  /** Nobody vouched for it: the change is put back where it still is. */
  async giveBack(by: string): Promise<HostChange> {
    this.#refuseInObserveMode();
    const { text } = this.#now;
    if (!(await this.#begin({ state: 'undoing', text }))) return this.#now;
    const why = `${by} went on without it: ${text}`;
    if (wasDone(this.#now)) return this.#back(why);
    const standing = await this.#ask({ verb: 'read' });
    if (standing?.state !== 'applied') return this.#applied(standing, baselineOf(this.#now.evidence));
    return this.#takenBack(await this.#ask({ verb: 'restore', why }), why);
  }

  /** False when another change works on the host, which is then what is not known of it. */
  async #begin(change: Pick<HostChange, 'state' | 'text'> & Partial<HostChange>): Promise<boolean> {
    try {
      await this.#write({ ...change, endedAt: null }, 'take');
      return true;
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code !== 'busy') throw error;
      await this.#end('inconclusive', problem.message);
      return false;
    }
  }

  async #applied(standing: HostStanding | null, before: GateBaseline): Promise<HostChange> {
    if (!standing)
      return this.#end('unreachable', 'no connection: whether it applied is unknown, it takes itself back');
    this.#note(standing);
    if (standing.state === 'applied') return this.#verify(before);
    if (standing.state === 'not-restored')
      return this.#end('not-restored', `NOT restored: ${standing.steps.at(-1)?.text ?? ''}`);
    if (standing.state !== 'none') return this.#waitFor();
    const { state, text } = endOnHost(standing.steps);
    return this.#end(state, text);
  }

  /** Its program is at work, died, or the host was cut off: what becomes of it is seen by waiting. */
  async #waitFor(): Promise<HostChange> {
    const standing = await untilSettled(this.#tools, this.#now.host, () => this.#ask({ verb: 'read' }));
    if (!standing || (standing.state === 'none' && standing.steps.length === 0))
      return this.#end('unreachable', this.#lastTrouble());
    if (isSettled(standing)) return this.#applied(standing, baselineOf(this.#now.evidence));
    return this.#end('inconclusive', `the change is ${standing.state} there`);
  }

  #lastTrouble(): string {
    return this.#now.evidence.findLast(({ step }) => step.endsWith('not possible'))?.text ?? 'it cannot be reached';
  }

  async #verify(before: GateBaseline): Promise<HostChange> {
    const { around } = this.#tools;
    await this.#write({ state: 'verifying', text: '' }, 'keep');
    let unsure = '';
    for (const gate of this.#step.gates) {
      const { verdict, gate: name, text, cutOff } = await askGateOn(this.#tools, this.#now.host, gate, before);
      const why = `${name}: ${text}`;
      this.#add([{ at: around.now(), step: `gate ${verdict}`, text: why }]);
      if (verdict === 'fail') {
        const standing = await this.#ask({ verb: 'restore', why });
        // Whether it was asked for or not, the host takes it back: what comes of it is seen once it can be reached.
        return standing ? this.#takenBack(standing, why) : this.#waitFor();
      }
      // It is asked anew once it can be reached, unless it took the change back by then.
      if (cutOff) {
        await this.#write({ text: `${why}; asked again when it can be reached` }, 'keep');
        return this.#waitFor();
      }
      if (verdict === 'inconclusive') unsure = why;
    }
    if (unsure !== '')
      return this.#end('inconclusive', `${unsure}; the host takes the change back unless it is confirmed`);
    await this.#write({ state: 'confirming' }, 'keep');
    return this.#confirmed('');
  }

  async #confirmed(text: string): Promise<HostChange> {
    const confirmed = await this.#confirm(this.#id);
    if (!confirmed) return this.#end('unreachable', 'nobody could confirm: the host takes the change back by itself');
    this.#note(confirmed);
    const last = confirmed.steps.at(-1);
    if (last?.step === 'confirmed') return this.#end('done', text);
    return this.#takenBack(confirmed, 'it could not be reached again in time');
  }

  /** Null when it could not be reached in the time that is left. */
  async #confirm(id: string): Promise<HostStanding | null> {
    const { plan, sleep } = this.#tools;
    const anew = plan.policy.confirmOver === 'new-connection';
    const until = longestAlone(this.#tools);
    for (;;) {
      const standing = await this.#ask({ verb: 'confirm' }, id, anew);
      if (standing || performance.now() > until) return standing;
      await sleep(lookAgainMs);
    }
  }

  #takenBack(standing: HostStanding | null, why: string): Promise<HostChange> {
    if (!standing) return this.#end('unreachable', `${why}; whether it was taken back is unknown`);
    this.#note(standing);
    const last = standing.steps.at(-1);
    if (standing.state === 'none' && last?.step === 'restored') return this.#end('restored', why);
    return this.#end('not-restored', `${why}; NOT restored: ${last?.text ?? ''}`);
  }

  #undone(standing: HostStanding | null, why: string): Promise<HostChange> {
    if (!standing) return this.#end('not-restored', because(why, 'NOT restored: it cannot be reached'));
    this.#note(standing);
    const last = standing.steps.at(-1);
    const good = standing.state === 'none' && (last?.step === 'confirmed' || last?.step === 'restored');
    if (good) return this.#end(endOfBack(why), why);
    return this.#end('not-restored', because(why, `NOT restored: ${last?.text ?? standing.state}`));
  }

  #data(id: string, step: PlannedStep): string {
    const { base, plan, around } = this.#tools;
    const note = `${around.actor.name}: ${plan.title} (change ${id})`;
    return programData({ id, base, note, step, contents: plan.contents });
  }

  /** Null when the host cannot be asked now; anything else that goes wrong is told as such. */
  async #ask(act: HostVerb, id = this.#id, anew = false): Promise<HostStanding | null> {
    const { ownership } = this.#tools;
    if (ownership.lost) throw new ProblemError(ownership.lost);
    try {
      return await onHost(await this.#reach(), id, ownership.token, act, { anew });
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code === 'internal') throw error;
      const step = `${act.verb} not possible`;
      // One that is away is asked every second: that is told once.
      if (this.#now.evidence.at(-1)?.step !== step)
        this.#add([{ at: this.#tools.around.now(), step, text: problem.message }]);
      return null;
    }
  }

  async #reach(): Promise<HostReach> {
    const { around, scripts, base, password } = this.#tools;
    const access = this.#tools.around.hosts.access(this.#now.host);
    const known = around.records.get('host', this.#now.host, 'facts')?.elevation ?? 'unknown';
    return { access, scripts, base, elevation: await settleElevation(access, known), password: password() };
  }

  /** What went wrong with the host; rejects anew when this console was left meanwhile, which says nothing of the host. */
  #unlessLeft(error: unknown): Problem {
    const problem = toProblem(error);
    if (this.#tools.signal.aborted) throw error;
    return problem;
  }

  #access() {
    return this.#tools.around.hosts.access(this.#now.host);
  }

  #refuseInObserveMode(): void {
    if (this.#tools.around.mode() !== 'operate') {
      const problem: Problem = { code: 'refused', message: 'the cluster is in observe mode', host: this.#now.host };
      throw new ProblemError(problem);
    }
  }

  /** What the host wrote down itself, beside what was seen from here. */
  #note({ steps }: HostStanding): void {
    this.#add(steps.map(({ at, step, text }) => ({ at, step, text })));
  }

  #add(evidence: readonly Evidence[]): void {
    this.#now = { ...this.#now, evidence: mergeEvidence(this.#now.evidence, evidence) };
  }

  async #end(state: HostChange['state'], text: string): Promise<HostChange> {
    const { around } = this.#tools;
    // Of what is not known a person decides anew.
    const accepted = state === 'inconclusive' || state === 'done' ? null : this.#now.accepted;
    return this.#write({ state, text, endedAt: around.now(), accepted }, 'let-go');
  }

  async #write(change: Partial<HostChange>, claim: 'take' | 'keep' | 'let-go'): Promise<HostChange> {
    const next = { ...this.#now, ...change };
    await this.#tools.ownership.writeHost(next, claim);
    this.#now = next;
    this.#tools.told(next);
    return next;
  }
}
