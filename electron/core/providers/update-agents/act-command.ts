import { commandLine } from '../../lib/shell-quote.ts';
import { scriptText } from './run-script.ts';
import type { ActCommand } from './update-agent.ts';

/** A program and its words. */
export function program(...words: readonly string[]): ActCommand {
  return { words, shown: commandLine(words) };
}

/** A script of resources/host and its words. */
export function hostScript(name: string, ...words: readonly string[]): ActCommand {
  return {
    words: ['/bin/sh', '-c', scriptText(name), `quarterdeck-${name}`, ...words],
    shown: commandLine([`resources/host/${name}.sh`, ...words]),
  };
}
