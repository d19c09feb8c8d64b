/** What is true of a unit on every host that has it; what a host changes lives in that host. */
export interface UnitKind {
  readonly name: string;
  readonly description: string;
  /** Sub state that it settles in after boot. */
  readonly sub: string;
  /** State of its file: enabled, disabled, static, generated, transient, alias, indirect; empty when it has none. */
  readonly file: string;
  /** Command line of the main process or of the one-shot; empty when it runs nothing. */
  readonly exec: string;
  readonly load: 'loaded' | 'not-found' | 'masked';
}

/** The part after the last dot: service, socket, timer … */
export function unitType(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

const inactive = new Set(['dead']);

/** The active state that belongs to a settled sub state. */
export function activeOf(sub: string): string {
  if (inactive.has(sub)) return 'inactive';
  if (sub === 'failed') return 'failed';
  return 'active';
}

/**
 * Reads rows of `name | description | sub | file | command`, one unit a line; file and command may be left out.
 * A load state other than loaded is written as the sub state `dead` with file `not-found` or `masked`.
 */
export function unitKinds(rows: string): UnitKind[] {
  return rows
    .split('\n')
    .filter((row) => row.trim() !== '')
    .map((row) => {
      const [name = '', description = '', sub = '', file = '', exec = ''] = row.split('|').map((field) => field.trim());
      const load = file === 'not-found' || file === 'masked' ? file : 'loaded';
      return { name, description, sub, file: file === 'not-found' ? '' : file, exec, load };
    });
}

/** The main program of a command line, as the journal names it. */
export function programOf(kind: UnitKind): string {
  const path = kind.exec.split(' ')[0] ?? '';
  return path.slice(path.lastIndexOf('/') + 1) || kind.name.replace(/\.\w+$/, '');
}
