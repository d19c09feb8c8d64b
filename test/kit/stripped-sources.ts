import { execFileSync } from 'node:child_process';

/**
 * Keeps the sources of our threads as Node strips them, so that no thread of a test loads Node's own type stripper: it is
 * WebAssembly, and V8 crashes now and then when threads that use it come and go (seen once as a SIGSEGV of a whole test file).
 */
export function setup(): void {
  const load = 'import(process.argv[1]).catch((error) => { if (!/worker thread only/.test(error)) throw error; })';
  for (const entry of ['../../electron/core/hosts/worker.ts', '../../electron/demo/worker.ts']) {
    execFileSync(process.execPath, ['--input-type=module', '-e', load, new URL(entry, import.meta.url).href]);
  }
}
