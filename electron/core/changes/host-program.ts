import type { FileState, PlannedStep, UnitStep } from '#shared/contract/change.ts';
import { quote } from '../lib/shell-quote.ts';

/** Where hosts keep the journal of changes, and a change while it is not confirmed. */
export const hostBase = '/var/lib/quarterdeck';

/** What one host's program is made of. */
export interface HostProgram {
  readonly id: string;
  readonly base: string;
  /** Who and what, for the journals of the host. */
  readonly note: string;
  readonly step: Omit<PlannedStep, 'hosts'>;
  readonly contents: Readonly<Record<string, string>>;
}

/** The first line that the start script looks for on its input. */
export const programMarker = '# quarterdeck program\n';

/** Verbs after which systemd has read all unit files anew. */
const reloading: ReadonlySet<UnitStep['verb']> = new Set(['daemon-reload', 'enable', 'disable', 'mask', 'unmask']);

/**
 * The data of the program that makes one change on a host, as shell text; the script of changes below it is the program,
 * and sets it going, so that a text that was cut short does nothing. Throws RangeError for a text with a NUL.
 */
export function programData({ id, base, note, step, contents }: HostProgram): string {
  const texts = step.files.map(({ after }, at) => {
    if (after.kind === 'absent') return `${at}) ;;`;
    const text = contents[after.hash];
    if (text === undefined) throw new RangeError(`the plan lacks the text ${after.hash}`);
    return `${at}) printf %s ${quote(text)} ;;`;
  });
  return [
    `qd_base=${quote(base)} qd_id=${quote(id)} qd_note=${quote(note)} qd_count=${step.files.length} qd_checks=${step.validators.length}`,
    `qd_staging=${step.validators.some(({ when }) => when === 'staged') ? 'yes' : 'no'}`,
    `qd_reloads=${step.actions.some(({ verb }) => reloading.has(verb)) ? 'yes' : 'no'}`,
    shellFunction(
      'qd_files',
      step.files.map(
        ({ path, before, after }, at) => `"$1" ${at} ${quote(path)} ${stateWord(before)} ${stateWord(after)}`,
      ),
    ),
    shellFunction('qd_content', ['case $1 in', ...texts, 'esac']),
    shellFunction(
      'qd_validators',
      step.validators.map(
        ({ name, when, path, command }) => `"$1" ${when} ${quote(name)} ${quote(path)} ${quote(command)}`,
      ),
    ),
    shellFunction('qd_actions', step.actions.map(actionLine)),
    shellFunction('qd_undo', step.undo.map(actionLine)),
    '',
  ].join('\n');
}

/** The folders of the files that are copied for validators. */
export function stagedFolders({ files, validators }: Pick<PlannedStep, 'files' | 'validators'>): string[] {
  if (!validators.some(({ when }) => when === 'staged')) return [];
  const written = files.filter(({ after }) => after.kind !== 'absent');
  return [...new Set(written.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))];
}

function actionLine({ verb, unit }: UnitStep): string {
  return `"$1" ${verb}${unit === null ? '' : ` ${quote(unit)}`}`;
}

function shellFunction(name: string, lines: readonly string[]): string {
  return `${name}() {\n:\n${lines.join('\n')}\n}`;
}

/** A file's state as the host's script writes it: `absent`, or `HASH:MODE:UID:GID`. */
export function stateWord(state: FileState): string {
  return state.kind === 'absent' ? 'absent' : `${state.hash}:${state.mode}:${state.uid}:${state.gid}`;
}
