import { createTwoFilesPatch } from 'diff';
import type { ChangePlan, FileState, PlannedStep } from '#shared/contract/change.ts';
import { defaultReboots } from '#shared/contract/reboot.ts';
import { stepCommand } from '#shared/lib/change/step-command.ts';
import { rebootsInWords, wayBackInWords, workInWords } from '#shared/lib/change/work-words.ts';
import { foldSteps } from './fold-steps.ts';

/** A plan as a text for a change request: hosts, exact differences, what is done and checked, in which waves. */
export function planMarkdown(plan: ChangePlan): string {
  const targets = plan.waves.reduce((sum, { length }) => sum + length, 0);
  const lines = [
    `# ${oneLine(plan.title)}`,
    '',
    `Change ${plan.id}, by ${oneLine(plan.by)}, planned ${new Date(plan.at).toISOString()}.`,
    `Plan hash: ${plan.hash}`,
    '',
    `${targets} hosts would change, ${plan.unchanged.length} are already as wished, ${plan.leftOut.length} are left out.`,
    '',
    '## Waves',
    '',
    ...plan.waves.map((hosts, at) => `${at + 1}. ${hosts.join(', ')}`),
    '',
    ...courseLines(plan),
    '',
    '## What becomes of the hosts',
  ];
  for (const { hosts, steps } of foldSteps(plan)) {
    const [step] = steps;
    if (!step) continue;
    lines.push('', `### ${hosts.length} hosts`, '', hosts.join(', '), '');
    if (steps.length > 1)
      lines.push(`The same lines change on each; the difference is that of ${step.hosts.join(', ')}.`, '');
    lines.push(...stepLines(step, plan.contents));
  }
  if (plan.leftOut.length > 0) {
    lines.push('', '## Left out', '');
    for (const { host, reason } of plan.leftOut) lines.push(`- ${host}: ${oneLine(reason.message)}`);
  }
  return `${lines.join('\n')}\n`;
}

function courseLines({ policy, steps }: ChangePlan): string[] {
  const works = steps.flatMap(({ work }) => work ?? []);
  const look = policy.soakS > 0 ? ' and another look at those done' : '';
  const pace = `${policy.soakS} s between waves${look}, pauses after ${policy.failureBudget + 1} failures`;
  if (works.length === 0)
    return [
      `At most ${policy.maxUnavailable} at a time, ${pace}; each host takes the change back by itself unless it is ` +
        `confirmed within ${policy.deadmanS} s.`,
    ];
  const reboot = policy.reboot ?? defaultReboots;
  const told = rebootsInWords(reboot, works).map(({ name, text }) => `- ${name}: ${text}`);
  return [`${pace}.`, '', ...told, `- Undone: ${wayBackInWords(reboot, works)}`];
}

function stepLines(step: PlannedStep, contents: ChangePlan['contents']): string[] {
  const lines: string[] = [];
  for (const { path, before, after } of step.files) {
    const patch = createTwoFilesPatch(
      before.kind === 'absent' ? '/dev/null' : path,
      after.kind === 'absent' ? '/dev/null' : path,
      textOf(before, contents),
      textOf(after, contents),
      stateWords(before),
      stateWords(after),
    );
    const fence = fenceFor(patch);
    lines.push(`${fence}diff`, patch.slice(patch.indexOf('--- ')).trimEnd(), fence, '');
  }
  for (const action of step.actions) lines.push(`- then \`${stepCommand(action)}\``);
  if (step.work) lines.push(`- ${workInWords(step.work)}`);
  for (const { name, path } of step.validators) lines.push(`- checked before: ${oneLine(name)} of ${path}`);
  for (const gate of step.gates) lines.push(`- checked after: ${oneLine(JSON.stringify(gate))}`);
  for (const action of step.undo) lines.push(`- to undo: \`${stepCommand(action)}\``);
  return lines;
}

function textOf(state: FileState, contents: ChangePlan['contents']): string {
  return state.kind === 'absent' ? '' : (contents[state.hash] ?? '');
}

function stateWords(state: FileState): string {
  return state.kind === 'absent' ? 'absent' : `mode ${state.mode} owner ${state.uid}:${state.gid} sha256 ${state.hash}`;
}

/** Longer than any row of backticks in the text. */
function fenceFor(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  return '`'.repeat(longest + 1);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
