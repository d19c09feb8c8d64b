import { type Jump, parseUserHostPort } from './jump.ts';

/**
 * The hop that a ProxyCommand of the form `ssh [-q] [-l user] [-p port] -W %h:%p host` stands for, so that it can be gone
 * through without running it. Null for every other command.
 */
export function jumpOfProxyCommand(words: readonly string[]): Jump | null {
  const [program, ...rest] = words;
  if (program === undefined || !/^(.*\/)?ssh$/.test(program)) return null;
  let user: string | null = null;
  let port: number | null = null;
  let forwards = false;
  let target: Jump | null = null;
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? '';
    const flag = /^-([lpW])(.*)$/.exec(word);
    if (flag) {
      const value = flag[2] || (rest[++at] ?? '');
      if (flag[1] === 'l') user = value;
      else if (flag[1] === 'p') port = /^\d{1,5}$/.test(value) ? Number(value) : -1;
      else if (value === '%h:%p' || value === '[%h]:%p') forwards = true;
      else return null;
    } else if (/^-[qaxTnC46]+$/.test(word)) continue;
    else if (word.startsWith('-') || target !== null) return null;
    else {
      target = parseUserHostPort(word);
      if (target === null) return null;
    }
  }
  if (!forwards || target === null || port === -1) return null;
  return { user: target.user ?? user, host: target.host, port: target.port ?? port };
}
