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
}

/** Reads the scripts once. Throws when they are not there: the program is then not whole. */
export function loadHostScripts(folder: string = hostScriptFolder()): HostScripts {
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  const run = (script: string, ...words: string[]) => `exec /bin/sh -c ${[script, ...words].map(quote).join(' ')}`;
  const samplers = {
    auto: run(text('sampler-start.sh'), 'quarterdeck-sampler', text('sampler.awk'), text('sampler.sh'), 'auto'),
    sh: run(text('sampler-start.sh'), 'quarterdeck-sampler', '', text('sampler.sh'), 'sh'),
  };
  return { sampler: (kind) => samplers[kind] };
}
