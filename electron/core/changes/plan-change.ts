import type {
  ChangeDraft,
  ChangePart,
  ChangePlan,
  FileState,
  PlannedFile,
  PlannedStep,
  ToldOfFiles,
  Validator,
  WishedFile,
} from '#shared/contract/change.ts';
import { fail, type Problem, ProblemError, toProblem } from '#shared/contract/problem.ts';
import { defaultReboots } from '#shared/contract/reboot.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import type { HostWork } from '#shared/contract/work.ts';
import type { FileCheck } from '#shared/formats/cluster-file/cluster-file.ts';
import { parseError } from '#shared/formats/parse-error.ts';
import { settleElevation } from '../actions/elevation.ts';
import { onceConnected } from '../actions/once-connected.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { Limiter } from '../lib/limiter.ts';
import { newChangeId, planHash, sha256 } from './plan-hash.ts';
import { type FoundFile, readFiles } from './read-files.ts';
import { unitsHere } from './units-here.ts';
import { readUnits, undoOf } from './unit-undo.ts';
import { validatorsFor } from './validators.ts';
import { splitWaves } from './waves.ts';
import { checkWork, planWork } from './work/plan-work.ts';
import { needConnected } from '../actions/need-connected.ts';

const atOnce = 20;
/** Of all texts of a plan together: it travels to the window and back in one message. */
const mostTextChars = 24_000_000;

type Step = Omit<PlannedStep, 'hosts'>;

interface HostResult {
  readonly step: Step | null;
  readonly reason: Problem | null;
  readonly texts: readonly string[];
  /** What was found, by path. */
  readonly found: ReadonlyMap<string, FoundFile>;
}

const nothing: ReadonlyMap<string, FoundFile> = new Map();

/** What a plan is made with, beside the hosts themselves. */
export interface PlanTools {
  readonly around: ActionSurroundings;
  readonly readScript: string;
  /** Checks of files that the cluster declares. */
  readonly checks: readonly FileCheck[];
  /** What a host's update agent says now. */
  readonly readUpdate: (host: string) => Promise<HostUpdate>;
}

/**
 * Reads what stands on every host and says exactly what would become of it, without touching anything. Hosts that are alike
 * share one step. A host that it cannot be done on is left out with the reason.
 */
export async function planChange(tools: PlanTools, draft: ChangeDraft, password: string | null): Promise<ChangePlan> {
  const { around } = tools;
  checkDraft(draft);
  checkWork(draft);
  const hosts = [...new Set(draft.parts.flatMap((part) => part.hosts))];
  const partsOf = groupByHost(draft.parts);
  await onceConnected(around, hosts);
  const limiter = new Limiter(atOnce);
  const results = await Promise.all(
    hosts.map((host) => limiter.run(() => planHost(tools, partsOf.get(host) ?? [], host, password))),
  );
  const steps = new Map<string, { hosts: string[]; step: Step }>();
  const contents: Record<string, string> = {};
  let chars = 0;
  const unchanged: string[] = [];
  const leftOut: ChangePlan['leftOut'] = [];
  for (const [at, host] of hosts.entries()) {
    const result = results[at];
    if (!result) continue;
    for (const text of result.texts) {
      const hash = sha256(text);
      if (contents[hash] === undefined) chars += text.length;
      contents[hash] = text;
    }
    if (chars > mostTextChars)
      throw fail('refused', `the files of this change hold more than ${mostTextChars / 1e6} million characters`, {
        hint: 'Choose fewer hosts, or make several changes of it.',
      });
    if (result.reason) leftOut.push({ host, reason: result.reason });
    else if (!result.step) unchanged.push(host);
    else {
      const key = JSON.stringify(result.step);
      const same = steps.get(key);
      if (same) same.hosts.push(host);
      else steps.set(key, { hosts: [host], step: result.step });
    }
  }
  const foundOn = new Map(hosts.map((host, at) => [host, results[at]?.found ?? nothing]));
  const grouped = [...steps.values()].map(({ hosts: alike, step }): PlannedStep => {
    const found = (path: string) => alike.flatMap((host) => foundOn.get(host)?.get(path) ?? []);
    return { hosts: alike, ...step, files: step.files.map((file) => withTold(file, found(file.path))) };
  });
  const { reboot = defaultReboots, ...policy } = draft.policy;
  const targets = hosts.filter((_, at) => results[at]?.step);
  const labelOf = (host: string, label: string) => around.records.get('host', host, 'identity')?.labels[label] ?? '';
  const plan: Omit<ChangePlan, 'hash'> = {
    id: newChangeId(around.now()),
    title: draft.title,
    by: around.actor.name,
    at: around.now(),
    steps: grouped,
    unchanged,
    leftOut,
    waves: splitWaves(targets, draft.policy, labelOf),
    policy: draft.parts.some(({ work }) => work) ? { ...policy, reboot } : policy,
    contents,
  };
  return { ...plan, hash: planHash(plan) };
}

function checkDraft({ parts }: ChangeDraft): void {
  if (parts.every(({ files, actions, work }) => files.length === 0 && actions.length === 0 && !work)) {
    throw fail('invalid-input', 'the change names neither a file nor a unit', { hint: 'Add what is to be changed.' });
  }
  const named = new Set<string>();
  for (const { hosts, files } of parts) {
    for (const { path, content } of files) {
      if (content?.includes('\0')) throw fail('invalid-input', `${path} would hold a NUL byte, which is no text`);
      for (const host of new Set(hosts)) {
        const key = `${host} ${path}`;
        if (named.has(key)) throw fail('invalid-input', `${path} is named twice`, { host });
        named.add(key);
      }
    }
  }
}

function groupByHost(parts: readonly ChangePart[]): Map<string, ChangePart[]> {
  const byHost = new Map<string, ChangePart[]>();
  for (const part of parts) {
    for (const host of new Set(part.hosts)) {
      const known = byHost.get(host);
      if (known) known.push(part);
      else byHost.set(host, [part]);
    }
  }
  return byHost;
}

async function planHost(
  tools: PlanTools,
  parts: readonly ChangePart[],
  host: string,
  password: string | null,
): Promise<HostResult> {
  try {
    return await planOn(tools, parts, host, password);
  } catch (error) {
    const reason = toProblem(error);
    if (reason.code === 'internal') throw error;
    return { step: null, reason: { ...reason, host }, texts: [], found: nothing };
  }
}

async function planOn(
  { around, readScript, checks, readUpdate }: PlanTools,
  parts: readonly ChangePart[],
  host: string,
  password: string | null,
): Promise<HostResult> {
  if (!around.records.get('host', host, 'identity')) throw fail('not-found', 'not a host of this cluster');
  needConnected(around.records, host);
  const access = around.hosts.access(host);
  const elevation = await settleElevation(access, around.records.get('host', host, 'facts')?.elevation ?? 'unknown');
  if (elevation === 'none') {
    throw fail('permission', 'this user may not become root on this host', {
      hint: 'Log in as root or as a user that may use sudo.',
    });
  }
  const busy = parts.find((part): part is ChangePart & { work: HostWork } => part.work !== undefined);
  if (busy) return { step: await planWork(busy, () => readUpdate(host)), reason: null, texts: [], found: nothing };
  const paths = parts.flatMap((part) => part.files.map(({ path }) => path));
  const found = paths.length === 0 ? [] : await readFiles(access, readScript, paths, { elevation, password });
  const texts: string[] = [];
  const files: PlannedFile[] = [];
  const moved: ChangePart[] = [];
  let at = 0;
  for (const part of parts) {
    const changing: PlannedFile[] = [];
    for (const wanted of part.files) {
      const now = found[at++];
      const file = now ? planFile(wanted, now, host, texts) : null;
      if (file) changing.push(file);
    }
    files.push(...changing);
    if (changing.length > 0 || part.files.length === 0) moved.push(part);
  }
  if (moved.length === 0) return { step: null, reason: null, texts: [], found: nothing };
  const named = await unitsHere(access, {
    actions: unlike(moved.flatMap((part) => part.actions)),
    gates: unlike(moved.flatMap((part) => part.gates)),
  });
  const actions = unlike(named.actions);
  for (const { unit, verb } of actions) if (unit !== null) await around.guard.unit(host, unit, verb);
  const units = [...new Set(actions.flatMap(({ unit }) => (unit === null ? [] : [unit])))];
  const before = await readUnits(access, units);
  const changed = new Set(files.filter(({ after }) => after.kind === 'file').map(({ path }) => path));
  const validators: Validator[] = unlike([
    ...[...changed].flatMap((path) => validatorsFor(path, checks)),
    ...moved.flatMap((part) => part.validators).filter(({ path }) => changed.has(path)),
  ]);
  const gates = unlike(named.gates);
  for (const { command } of validators) await around.guard.command(host, command);
  for (const gate of gates) if (gate.kind === 'command') await around.guard.command(host, gate.command);
  return {
    step: { files, actions, undo: undoOf(actions, before), validators, gates, undoByUnits: units.length > 0 },
    reason: null,
    texts,
    found: new Map(paths.flatMap((path, place) => (found[place] ? [[path, found[place]] as const] : []))),
  };
}

/** The file with what is told of it over the hosts of a step; as it was where there was none. */
function withTold(file: PlannedFile, found: readonly FoundFile[]): PlannedFile {
  const files = found.flatMap((one) => (one.kind === 'file' ? [one] : []));
  if (files.length === 0) return file;
  const told: ToldOfFiles = {
    writtenFrom: files.reduce((first, { modifiedS }) => Math.min(first, modifiedS), Infinity) * 1000,
    writtenTo: files.reduce((last, { modifiedS }) => Math.max(last, modifiedS), 0) * 1000,
    labels: unlike(files.flatMap(({ label }) => label ?? [])).slice(0, 20),
  };
  return { ...file, told };
}

/** Each once, where it comes first. */
function unlike<T>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** What a program could not read is refused here, with its line; one that it could not read before either is left to it. */
function refuseBroken(path: string, content: string, now: FoundFile): void {
  const wrong = parseError(path, content);
  const before = now.kind === 'file' ? now.text : null;
  if (!wrong || (before !== null && parseError(path, before) !== null)) return;
  throw new ProblemError({ ...wrong, message: `${path}, line ${wrong.place?.line ?? 1}: ${wrong.message}` });
}

/** Null when the file is already as wished. */
function planFile(wanted: WishedFile, now: FoundFile, host: string, texts: string[]): PlannedFile | null {
  const { path, content } = wanted;
  if (now.kind === 'link') throw fail('refused', `${path} is a link`, { hint: 'Change the file it leads to.' });
  if (now.kind === 'other') throw fail('refused', `${path} is not a regular file`);
  if (now.kind === 'unreadable') throw fail('permission', `${path} cannot be read`);
  const before: FileState = now.kind === 'file' ? now.state : { kind: 'absent' };
  const seen = wanted.seen?.[host];
  if (seen !== undefined && seen !== (before.kind === 'file' ? before.hash : null)) {
    throw fail('stale', `${path} is not what it was when you began to edit`, { hint: 'Look at it again.' });
  }
  if (now.kind === 'file') {
    // Its bytes are kept with the plan: for the diff, and to take the change back after it was confirmed.
    if (now.text === null && now.bytes > 0) throw fail('unsupported', `${path} is not text, or larger than 256 KiB`);
    if (now.text !== null) texts.push(now.text);
  }
  if (content === null) return before.kind === 'absent' ? null : { path, before, after: { kind: 'absent' } };
  refuseBroken(path, content, now);
  texts.push(content);
  const was = now.kind === 'file' ? now.state : { mode: '644', uid: 0, gid: 0 };
  const after: FileState = {
    kind: 'file',
    hash: sha256(content),
    mode: wanted.mode?.replace(/^0+(?=.)/, '') ?? was.mode,
    uid: wanted.owner?.uid ?? was.uid,
    gid: wanted.owner?.gid ?? was.gid,
  };
  const same =
    before.kind === 'file' &&
    before.hash === after.hash &&
    before.mode === after.mode &&
    before.uid === after.uid &&
    before.gid === after.gid;
  return same ? null : { path, before, after };
}
