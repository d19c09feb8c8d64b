import { type Jump, parseProxyJump } from '../ssh-config/jump.ts';
import { jumpOfProxyCommand } from '../ssh-config/proxy-command.ts';
import { splitArguments, takeWord } from '../ssh-config/split-line.ts';

/** What ssh arguments say about the way to a host; null where they say nothing. */
export interface SshArguments {
  readonly jumps: readonly Jump[] | null;
  readonly identityFiles: readonly string[];
  /** What changes the way to the host and is not understood. */
  readonly lost: readonly string[];
}

/** Reads `-J`, `-i` and `-o ProxyJump/ProxyCommand/IdentityFile` of an ssh command line; other options do not matter here. */
export function readSshArguments(text: string): SshArguments {
  const words = splitArguments(text) ?? [];
  let jumps: readonly Jump[] | null = null;
  const identityFiles: string[] = [];
  const lost: string[] = [];
  const jump = (value: string): void => {
    const parsed = parseProxyJump(value);
    if (parsed === null) lost.push('ProxyJump');
    else jumps ??= parsed;
  };
  for (let at = 0; at < words.length; at++) {
    const flag = /^-([JioF])(.*)$/s.exec(words[at] ?? '');
    if (!flag) continue;
    const value = flag[2] || (words[++at] ?? '');
    if (flag[1] === 'J') jump(value);
    else if (flag[1] === 'i') identityFiles.push(value);
    else if (flag[1] === 'F') lost.push('-F');
    else {
      const option = takeWord(value.trim());
      const keyword = option?.word.toLowerCase();
      const argument = option?.rest ?? '';
      if (keyword === 'proxyjump') jump(argument);
      else if (keyword === 'identityfile') identityFiles.push(argument);
      else if (keyword === 'proxycommand' && argument.toLowerCase() !== 'none') {
        const hop = jumpOfProxyCommand(splitArguments(argument.replace(/^"(.*)"$/s, '$1')) ?? []);
        if (hop === null) lost.push('ProxyCommand');
        else jumps ??= [hop];
      }
    }
  }
  return { jumps, identityFiles, lost };
}
