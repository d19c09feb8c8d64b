import type { CommandCall, CommandTable } from '../command.ts';
import { readFlags } from '../flags.ts';
import { resolvePath } from '../redirect.ts';
import { syslogTime } from '../../journal/print-entry.ts';
import { complain, eachChunk, put } from './text-input.ts';

const fullPath = (call: CommandCall, path: string) => resolvePath(call.variable('PWD') || '/home/core', path);

async function ls(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words);
  const { files } = call.host;
  const paths = flags.rest.length > 0 ? flags.rest : ['.'];
  let status = 0;
  const show = async (folder: string, name: string, shown: string) => {
    if (!flags.has('l')) return put(call, `${shown}\n`);
    const path = resolvePath(folder, name);
    const isFolder = files.list(path) !== null;
    const text = files.read(path, 'root');
    const size = typeof text === 'string' ? Buffer.byteLength(text) : 4096;
    const link = files.link(path);
    const mode = link ? 'lrwxrwxrwx' : isFolder ? 'drwxr-xr-x' : '-rw-r--r--';
    const time = syslogTime(call.host.boot.fromMs).slice(0, 12);
    return put(call, `${mode} 1 root root ${String(size).padStart(8)} ${time} ${shown}${link ? ` -> ${link}` : ''}\n`);
  };
  for (const path of paths) {
    const full = fullPath(call, path);
    const names = flags.has('d') ? null : files.list(full);
    if (names) {
      if (paths.length > 1) await put(call, `${path}:\n`);
      for (const name of names) if (flags.has('a', 'A') || !name.startsWith('.')) await show(full, name, name);
    } else if (files.exists(full)) await show('/', full, path);
    else status = await complain(call, `ls: cannot access '${path}': No such file or directory`, 2);
  }
  return status;
}

async function readlink(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words);
  const full = fullPath(call, flags.rest[0] ?? '');
  const link = call.host.files.link(full);
  if (link === null && !flags.has('f', 'e', 'm')) return 1;
  const target =
    link === null ? full : flags.has('f', 'e', 'm') ? resolvePath(full.slice(0, full.lastIndexOf('/')), link) : link;
  await put(call, `${target}\n`);
  return 0;
}

/** `stat -f`: the file system that holds a path, in blocks of 1 KiB. */
async function statFileSystem(call: CommandCall, format: string, path: string): Promise<number> {
  const holding = call.host
    .mounts()
    .filter((mount) => path === mount.path || path.startsWith(`${mount.path.replace(/\/$/, '')}/`))
    .sort((a, b) => b.path.length - a.path.length)[0];
  if (!holding)
    return complain(call, `stat: cannot read file system information for '${path}': No such file or directory`);
  const free = holding.totalKib - holding.usedKib;
  const figures: Record<string, string | number> = {
    S: 1024,
    s: 1024,
    b: holding.totalKib,
    f: free,
    a: free,
    c: holding.inodes,
    d: holding.inodes - holding.usedInodes,
    n: path,
    T: holding.type,
  };
  await put(call, `${format.replaceAll(/%([SsbfacdnT])/g, (_, letter: string) => String(figures[letter]))}\n`);
  return 0;
}

const aptEveryMs = 43_200_000;

async function stat(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words, ['c', 'format']);
  if (flags.has('f', 'file-system')) {
    const format = flags.value('c', 'format') ?? '  File: "%n"\n Type: %T\nBlocks: Total: %b  Free: %f';
    let status = 0;
    for (const path of flags.rest) status = Math.max(status, await statFileSystem(call, format, path));
    return status;
  }
  for (const path of flags.rest) {
    const text = call.host.files.read(fullPath(call, path), 'root');
    if (!call.host.files.exists(fullPath(call, path)))
      return complain(call, `stat: cannot statx '${path}': No such file or directory`);
    const size = typeof text === 'string' ? Buffer.byteLength(text) : 4096;
    const format =
      flags.value('c', 'format') ?? '  File: %n\n  Size: %s\nAccess: (0644/-rw-r--r--)  Uid: (    0/    root)';
    // Every file of a simulated host is root's, for all to read, and as old as its boot, but for what somebody made since;
    // apt looks for packages twice a day.
    const changedMs = path.startsWith('/var/lib/apt/periodic/')
      ? Math.max(call.host.boot.fromMs, call.host.now() - (call.host.now() % aptEveryMs))
      : (call.host.files.madeMs(fullPath(call, path)) ?? call.host.boot.fromMs);
    const facts: Record<string, string | number> = {
      n: path,
      s: size,
      a: 644,
      U: 'root',
      G: 'root',
      u: 0,
      g: 0,
      Y: Math.floor(changedMs / 1000),
      C: '?',
    };
    await put(call, `${format.replaceAll(/%([nsaUGugYC])/g, (_, letter: string) => String(facts[letter]))}\n`);
  }
  return 0;
}

async function remove(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words);
  let status = 0;
  for (const path of flags.rest) {
    const full = fullPath(call, path);
    const { files } = call.host;
    const problem = flags.has('r', 'R') ? files.removeTree(full, call.user) : files.remove(full, call.user);
    if (!problem || (flags.has('f') && problem.startsWith('No such'))) continue;
    status = await complain(call, `rm: cannot remove '${path}': ${problem}`);
  }
  return status;
}

async function touch(call: CommandCall): Promise<number> {
  let status = 0;
  for (const path of readFlags(call.words).rest) {
    const full = fullPath(call, path);
    const before = call.host.files.read(full, call.user);
    const problem = call.host.files.write(full, typeof before === 'string' ? before : '', call.user);
    if (problem) status = await complain(call, `touch: cannot touch '${path}': ${problem}`);
  }
  return status;
}

async function copy(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words);
  const [from = '', to = ''] = flags.rest;
  const { files } = call.host;
  const text = files.read(fullPath(call, from), call.user);
  if (typeof text !== 'string') return complain(call, `${call.name}: cannot open '${from}': ${text.problem}`);
  if (flags.has('attributes-only')) return touch({ ...call, words: [to] });
  const target = fullPath(call, files.list(fullPath(call, to)) ? `${to}/${from.split('/').at(-1)}` : to);
  const problem =
    files.write(target, text, call.user) ?? (call.name === 'mv' ? files.remove(fullPath(call, from), call.user) : null);
  return problem ? complain(call, `${call.name}: cannot write '${to}': ${problem}`) : 0;
}

async function md5sum(call: CommandCall): Promise<number> {
  const { createHash } = await import('node:crypto');
  const kind = call.name.replace('sum', '');
  if (readFlags(call.words).rest.length === 0) {
    const hash = createHash(kind);
    await eachChunk(call, call.input, (chunk) => void hash.update(chunk));
    await put(call, `${hash.digest('hex')}  -\n`);
    return 0;
  }
  for (const path of readFlags(call.words).rest) {
    const text = call.host.files.read(fullPath(call, path), call.user);
    if (typeof text !== 'string') return complain(call, `${call.name}: ${path}: ${text.problem}`);
    await put(call, `${createHash(kind).update(text).digest('hex')}  ${path}\n`);
  }
  return 0;
}

/** Commands that look at files and write small ones. */
export const fileCommands: CommandTable = {
  ls,
  readlink,
  realpath: (call) => readlink({ ...call, words: ['-f', ...call.words] }),
  stat,
  rm: remove,
  touch,
  cp: copy,
  mv: copy,
  md5sum,
  sha256sum: md5sum,
};
