import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quote } from '../lib/shell-quote.ts';

/** Finds `resources/host` from the source tree or from any bundle below a folder that holds it. */
export function hostScriptFolder(from: string = import.meta.url): string {
  let folder = dirname(fileURLToPath(from));
  for (;;) {
    const candidate = join(folder, 'resources', 'host');
    if (existsSync(join(candidate, 'sampler.awk'))) return candidate;
    const above = dirname(folder);
    if (above === folder) throw new Error('resources/host is missing beside this program');
    folder = above;
  }
}

/** Commands that are run on hosts, put together from the scripts in resources/host. */
export interface HostScripts {
  /** Starts the resident sampler; `auto` picks the best awk there is. */
  sampler(kind: 'auto' | 'sh'): string;
  /** Starts the resident shell; `mark` ends each answer. */
  shell(mark: string): string;
  /** What the resident shell is asked to run scripts it holds. */
  inShell(probe: Probe): string;
  /** The same for a channel of its own. */
  alone(probe: Probe): string;
  /** Runs a command in a process group that it tells first. */
  exec(command: string): string;
  /** Ends a process group. */
  kill(group: number): string;
}

/** The scripts of resources/host that changes are made of, without what is there for people: each byte is read by a host's shell by itself. */
export interface ChangeScripts {
  readonly change: string;
  readonly start: string;
}

/** Reads them once. */
export function loadChangeScripts(folder: string = hostScriptFolder()): ChangeScripts {
  const text = (name: string) => withoutRemarks(readFileSync(join(folder, name), 'utf8'));
  return { change: text('change.sh'), start: text('change-start.sh') };
}

/** A script without indentation and remarks on lines or behind `{` of their own; its first line, which names it, stays. */
function withoutRemarks(script: string): string {
  const [first, ...lines] = script.split('\n');
  const kept = lines
    .map((line) => line.trimStart().replace(/^(qd_\w+\(\) \{) +#.*$/, '$1'))
    .filter((line) => line !== '' && !line.startsWith('#'));
  return `${[first, ...kept].join('\n')}\n`;
}

/**
 * What is read of a host at once: `first` are all facts, `all` and `changing` facts with the disks, `facts` what changes
 * without them.
 */
export type Probe = 'first' | 'facts' | 'disks' | 'all' | 'changing';

/** Reads the scripts once. Throws when they are not there: the program is then not whole. */
export function loadHostScripts(folder: string = hostScriptFolder()): HostScripts {
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  const run = (script: string, ...words: string[]) => `exec /bin/sh -c ${[script, ...words].map(quote).join(' ')}`;
  const samplers = {
    auto: run(text('sampler-start.sh'), 'quarterdeck-sampler', text('sampler.awk'), text('sampler.sh'), 'auto'),
    sh: run(text('sampler-start.sh'), 'quarterdeck-sampler', '', text('sampler.sh'), 'sh'),
  };
  const facts = text('facts.sh');
  const disks = text('disks.sh');
  const shell = text('shell.sh');
  const { change, start } = loadChangeScripts(folder);
  const exec = text('exec.sh');
  const kill = text('kill.sh');
  return {
    sampler: (kind) => samplers[kind],
    shell: (mark) => run(shell, 'quarterdeck-shell', mark, facts, disks, change, start),
    inShell: (probe) => probed(probe, 'eval "$qd_facts"', 'eval "$qd_disks"', '; '),
    alone: (probe) => probed(probe, facts, disks, '\n'),
    exec: (command) => run(exec, 'quarterdeck-exec', command),
    kill: (group) => run(kill, 'quarterdeck-kill', String(group)),
  };
}

/** `between`: what parts the two scripts; a line feed behind whole texts, as a `;` at the head of a line is an error. */
function probed(probe: Probe, facts: string, disks: string, between: string): string {
  if (probe === 'disks') return `set -- ; ${disks}`;
  if (probe === 'first') return `set -- first; ${facts}`;
  return probe === 'facts' ? `set -- changing; ${facts}` : `set -- ${probe}; ${facts}${between}${disks}`;
}
