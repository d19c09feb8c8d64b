import { resolve } from 'node:path';
import { fail } from '#shared/contract/problem.ts';
import type { Folders } from './folders.ts';

/** Options that both shells understand, for `parseArgs`. */
export const launchOptions = {
  demo: { type: 'boolean' },
  'demo-hosts': { type: 'string' },
  'data-dir': { type: 'string' },
  'config-dir': { type: 'string' },
} as const;

/** What those options ask for. */
export interface Launch extends Folders {
  /** Null: no demo fleet. */
  readonly demoHosts: number | null;
}

/** `--demo` alone means 24 hosts. Throws `invalid-input` for a count that is none. */
export function readLaunch(
  values: Partial<Record<keyof typeof launchOptions, string | boolean | undefined>>,
  folders: Folders,
): Launch {
  const { demo, 'demo-hosts': hosts, 'data-dir': dataDir, 'config-dir': configDir } = values;
  return {
    demoHosts: typeof hosts === 'string' ? wholeNumber('--demo-hosts', hosts, 1, 2000) : demo ? 24 : null,
    dataDir: typeof dataDir === 'string' ? resolve(dataDir) : folders.dataDir,
    configDir: typeof configDir === 'string' ? resolve(configDir) : folders.configDir,
  };
}

/** Reads a decimal number within bounds; throws `invalid-input` naming the option otherwise. */
export function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw fail('invalid-input', `${option} is a whole number from ${min} to ${max}, not “${text}”`);
  }
  return value;
}
