import type { ChangePlan, PlannedFile, PlannedStep } from '../../contract/change.ts';
import { secretTokens } from '../secret-tokens.ts';
import { stepCommand } from './step-command.ts';
import { workCommands } from './work-commands.ts';

const quote = (word: string): string =>
  /^[A-Za-z0-9_\-.,:/@%+=]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** A plan as far as its commands need it. */
type Source = Pick<ChangePlan, 'id' | 'title' | 'contents'>;

/** The secrets of which a step would write the marks instead, as its texts hold no more than those. */
export function marksIn({ contents }: Pick<ChangePlan, 'contents'>, { files }: Pick<PlannedStep, 'files'>): string[] {
  const written = files.flatMap(({ after }) => (after.kind === 'file' ? [contents[after.hash] ?? ''] : []));
  return [...new Set(written.flatMap(secretTokens))];
}

/**
 * What a plan does to one of the hosts of a step, as shell commands that a person could type as root: for reading and for
 * a change request, without backup, timer and journal. Each file is written beside its place, where nobody else can read
 * it, and put there by one rename. Null when it would write the marks of secrets: see `marksIn`.
 */
export function shellScript(plan: Source, step: PlannedStep): string | null {
  if (marksIn(plan, step).length > 0) return null;
  const title = plan.title.replaceAll(/\p{Cc}/gu, ' ');
  const lines = [`# ${title} (change ${plan.id})`, 'set -eu', 'umask 077'];
  for (const file of step.files) lines.push(...fileLines(plan, file));
  for (const action of step.actions) lines.push(stepCommand(action, quote));
  if (step.work) lines.push(...workCommands(step.work));
  return `${lines.join('\n')}\n`;
}

function fileLines({ contents }: Source, { path, before, after }: PlannedFile): string[] {
  const at = quote(path);
  const beside = quote(`${path}.new`);
  const stands =
    before.kind === 'absent'
      ? `[ ! -e ${at} ] && [ ! -L ${at} ] || { echo there is a ${at} already >&2; exit 1; }`
      : `printf '%s  %s\\n' ${before.hash} ${at} | sha256sum -c -`;
  if (after.kind === 'absent') return [stands, `rm ${at}`];
  const { hash, mode, uid, gid } = after;
  const folder = path.slice(0, path.lastIndexOf('/'));
  return [
    stands,
    // What is at the place is kept: its label and access list come with it.
    before.kind === 'absent'
      ? `${folder === '' ? '' : `(umask 022; mkdir -p ${quote(folder)}); `}(set -C; : >${beside})`
      : `cp -a --attributes-only ${at} ${beside}; chmod 600 ${beside}`,
    `printf %s ${quote(contents[hash] ?? '')} >${beside}`,
    `chown ${uid}:${gid} ${beside}; chmod ${mode} ${beside}`,
    `mv -f ${beside} ${at}`,
    ...(before.kind === 'absent' ? [`! command -v restorecon >/dev/null || restorecon ${at}`] : []),
  ];
}
