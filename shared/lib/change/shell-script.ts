import type { ChangePlan, PlannedStep } from '../../contract/change.ts';
import { stepCommand } from './step-command.ts';

const quote = (word: string): string =>
  /^[A-Za-z0-9_\-.,:/@%+=]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/**
 * What a plan does to one of the hosts of a step, as shell commands that a person could type as root: for reading and for
 * a change request, without backup, timer and journal.
 */
export function shellScript(plan: Pick<ChangePlan, 'id' | 'title' | 'contents'>, step: PlannedStep): string {
  const lines = [`# ${plan.title.replaceAll('\n', ' ')} (change ${plan.id})`, 'set -e'];
  for (const { path, before, after } of step.files) {
    lines.push(
      before.kind === 'absent'
        ? `[ ! -e ${quote(path)} ]`
        : `echo '${before.hash}  ${path.replaceAll("'", "'\\''")}' | sha256sum -c -`,
    );
    if (after.kind === 'absent') {
      lines.push(`rm ${quote(path)}`);
      continue;
    }
    const { hash, mode, uid, gid } = after;
    lines.push(
      `printf %s ${quote(plan.contents[hash] ?? '')} >${quote(path)}`,
      `chown ${uid}:${gid} ${quote(path)}`,
      `chmod ${mode} ${quote(path)}`,
    );
  }
  for (const action of step.actions) lines.push(stepCommand(action, quote));
  return `${lines.join('\n')}\n`;
}
