import type { ChangeDraft, ChangePart, ChangePlan, FileState, PlannedFile, WishedFile } from '../../contract/change.ts';

/** What a plan does on these hosts as a draft again, to be planned against what stands there now. */
export function redraft(plan: ChangePlan, hosts: readonly string[]): ChangeDraft {
  return draftOf(plan, hosts, plan.title, (file) => file);
}

/** What leads back from a plan on these hosts as a draft: its files as they were, resting on what the change left. */
export function undoDraft(plan: ChangePlan, hosts: readonly string[]): ChangeDraft {
  const back = (file: PlannedFile) => ({ ...file, before: file.after, after: file.before });
  const inverse = { ...plan, steps: plan.steps.map((step) => ({ ...step, actions: step.undo })) };
  return draftOf(inverse, hosts, `Undo: ${plan.title}`.slice(0, 200), back);
}

function draftOf(
  plan: ChangePlan,
  hosts: readonly string[],
  title: string,
  turn: (file: PlannedFile) => PlannedFile,
): ChangeDraft {
  const wanted = new Set(hosts);
  const parts: ChangePart[] = [];
  for (const step of plan.steps) {
    const own = step.hosts.filter((host) => wanted.has(host));
    if (own.length === 0) continue;
    const files = step.files.map((file) => wished(turn(file), own, plan.contents));
    const { actions, validators, gates } = step;
    parts.push({ hosts: own, files, actions, validators, gates });
  }
  return { title, parts, policy: plan.policy };
}

/** Mode and owner are wished only where the plan changes them: elsewhere what stands there now is kept. */
function wished(
  { path, before, after }: PlannedFile,
  hosts: readonly string[],
  contents: Readonly<Record<string, string>>,
): WishedFile {
  const seen = Object.fromEntries(hosts.map((host) => [host, before.kind === 'file' ? before.hash : null]));
  if (after.kind === 'absent') return { path, content: null, mode: null, owner: null, seen };
  const was: Partial<Extract<FileState, { kind: 'file' }>> = before.kind === 'file' ? before : {};
  const isOtherOwner = was.uid !== after.uid || was.gid !== after.gid;
  return {
    path,
    content: contents[after.hash] ?? '',
    mode: was.mode === after.mode ? null : after.mode.padStart(3, '0'),
    owner: isOtherOwner ? { uid: after.uid, gid: after.gid } : null,
    seen,
  };
}
