import type { CommandCall, CommandTable } from '../command.ts';
import { readFlags } from '../flags.ts';
import { Killed, type Process, signalNumbers } from '../process.ts';
import { columns } from './columns.ts';
import { complain, put } from './text-input.ts';

const msOf = (text: string) => {
  const found = /^(\d+(?:\.\d+)?|\.\d+)([smhd]?)$/.exec(text);
  return found
    ? Number(found[1]) * { s: 1e3, m: 6e4, h: 36e5, d: 864e5 }[(found[2] || 's') as 's' | 'm' | 'h' | 'd']
    : null;
};

/** Waits on the world's own timer; rejects with Killed when the process is ended. */
async function pause(call: CommandCall, ms: number): Promise<void> {
  let cancel = () => {};
  try {
    await call.process.until(new Promise<void>((resolve) => (cancel = call.host.schedule.after(ms, resolve))));
  } finally {
    cancel();
  }
}

async function sleep(call: CommandCall): Promise<number> {
  let ms = 0;
  for (const word of call.words) {
    if (word === 'infinity') ms += 2 ** 40;
    const each = msOf(word);
    if (each === null && word !== 'infinity') return complain(call, `sleep: invalid time interval '${word}'`);
    ms += each ?? 0;
  }
  if (call.words.length === 0) return complain(call, 'sleep: missing operand');
  await pause(call, ms);
  return 0;
}

async function timeout(call: CommandCall): Promise<number> {
  const at = call.words.findIndex(
    (word, index) => !word.startsWith('-') && !/^-[ks]$/.test(call.words[index - 1] ?? ''),
  );
  const ms = msOf(call.words[at] ?? '');
  if (at < 0 || ms === null) return complain(call, `timeout: invalid time interval '${call.words[at] ?? ''}'`, 125);
  const { processes, schedule } = call.host;
  const process = processes.start(
    { ...call.process.about, command: call.words.slice(at + 1).join(' ') },
    call.process.group,
  );
  const onKill = () => process.kill((call.process.signal.reason as Killed).signal);
  call.process.signal.addEventListener('abort', onKill, { once: true });
  let late = false;
  const cancel = schedule.after(ms, () => {
    late = true;
    process.kill('TERM');
  });
  try {
    return await process.until(call.run(call.words.slice(at + 1), { process }));
  } catch (error) {
    if (error instanceof Killed && late) return 124;
    throw error;
  } finally {
    cancel();
    call.process.signal.removeEventListener('abort', onKill);
    processes.ended(process);
  }
}

function signalOf(word: string): string | null {
  const name = word.replace(/^SIG/, '').toUpperCase();
  if (Object.hasOwn(signalNumbers, name) || name === '0') return name;
  return Object.entries(signalNumbers).find(([, number]) => String(number) === word)?.[0] ?? null;
}

async function kill(call: CommandCall): Promise<number> {
  const words = [...call.words];
  let signal = 'TERM';
  if (words[0] === '-s') signal = signalOf(words.splice(0, 2)[1] ?? '') ?? 'TERM';
  else if (/^-[A-Z0-9]/i.test(words[0] ?? '')) signal = signalOf((words.shift() ?? '').slice(1)) ?? 'TERM';
  if (words[0] === '--') words.shift();
  let status = 0;
  for (const word of words) {
    const pid = Number(word);
    const { processes, systemd } = call.host;
    const reached: Process[] =
      pid < 0 ? processes.inGroup(-pid) : [processes.get(pid)].filter((each) => each !== undefined);
    const unit = pid > 0 ? systemd.byPid(pid) : null;
    if (unit && call.user !== 'root')
      status = await complain(call, `bash: line 1: kill: (${word}) - Operation not permitted`);
    else if (unit) {
      if (signal === 'KILL' || signal === 'TERM')
        systemd.crash(unit.name, {
          afterMs: 0,
          end: { how: 'killed', status: signalNumbers[signal] ?? 15 },
          restartMs: 5000,
        });
    } else if (reached.length === 0) status = await complain(call, `bash: line 1: kill: (${word}) - No such process`);
    else if (signal !== '0') for (const process of reached) process.kill(signal);
  }
  return status;
}

async function pgrep(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words, ['g', 'u', 'P']);
  const group = flags.value('g');
  const { processes, systemd } = call.host;
  const found: { pid: number; command: string }[] = processes
    .list()
    .filter((process) => group === undefined || process.group === Number(group))
    .map(({ pid, shown }) => ({ pid, command: shown }));
  if (group === undefined)
    for (const { pid, kind } of systemd.list()) if (pid > 0) found.push({ pid, command: kind.exec });
  const [pattern = ''] = flags.rest;
  const fits = found.filter(({ command }) =>
    (flags.has('f') ? command : (command.split(' ')[0] ?? '')).includes(pattern),
  );
  for (const { pid, command } of fits) await put(call, `${pid}${flags.has('a', 'l') ? ` ${command}` : ''}\n`);
  return fits.length > 0 ? 0 : 1;
}

async function ps(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words, ['o', 'p', 'C', 'u']);
  const { processes, systemd } = call.host;
  const all = [
    ...systemd
      .list()
      .flatMap(({ pid, kind }) => (pid > 0 ? [{ user: 'root', pid, command: kind.exec || '/sbin/init' }] : [])),
    ...processes.list().map(({ pid, about, shown }) => ({ user: about.user, pid, command: shown })),
  ].sort((a, b) => a.pid - b.pid);
  const isAll = flags.has('e', 'A') || /^-?[a-z]*[ax]/.test(call.words[0] ?? '');
  const shown = isAll ? all : all.filter(({ pid }) => pid === call.process.pid);
  const only = flags.value('p');
  const rows = shown
    .filter(({ pid }) => only === undefined || only.split(',').includes(String(pid)))
    .map(({ user, pid, command }) => [user, String(pid), '?', command]);
  await put(call, columns([['USER', 'PID', 'TTY', 'CMD'], ...rows], [1]));
  return 0;
}

/** Runs the words after its own options as they are. */
const through =
  (taking: readonly string[]): CommandTable[string] =>
  (call) => {
    let at = 0;
    for (; at < call.words.length; at++) {
      const word = call.words[at] ?? '';
      if (word === '--') {
        at++;
        break;
      }
      if (!word.startsWith('-')) break;
      if (taking.includes(word)) at++;
    }
    return at < call.words.length ? call.run(call.words.slice(at)) : 0;
  };

async function env(call: CommandCall): Promise<number> {
  const at = call.words.findIndex((word) => !/^(?:-i|-u|-|[A-Za-z_]\w*=.*)$/s.test(word));
  if (at >= 0) return call.run(call.words.slice(at));
  for (const name of ['HOME', 'USER', 'PATH', 'LANG', 'SHELL']) await put(call, `${name}=${call.variable(name)}\n`);
  return 0;
}

async function sudo(call: CommandCall): Promise<number> {
  const words = [...call.words];
  let user = 'root';
  while (words[0]?.startsWith('-')) {
    const word = words.shift() ?? '';
    if (word === '--') break;
    if (word === '-l') {
      await put(call, `User core may run the following commands on ${call.host.spec.name}:\n    (ALL) NOPASSWD: ALL\n`);
      return 0;
    }
    if (word === '-u') user = words.shift() ?? 'root';
    else if (word === '-p') words.shift();
    else if (word === '-i' || word === '-s') if (words.length === 0) return call.run(['sh'], { user });
  }
  if (words[0] === '-v' || words.length === 0) return 0;
  while (/^[A-Za-z_]\w*=/.test(words[0] ?? '')) words.shift();
  call.host.journal.note(
    '',
    'sudo',
    `${call.user} : PWD=/home/core ; USER=${user} ; COMMAND=${words.join(' ').slice(0, 400)}`,
    5,
    call.process.pid,
  );
  return call.run(words, { user });
}

async function logger(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words, ['t', 'tag', 'p', 'priority', 'f', 'i', 'id']);
  const level = (flags.value('p', 'priority') ?? 'user.notice').split('.').at(-1) ?? 'notice';
  const priority = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'].indexOf(level);
  const text = flags.rest.join(' ').slice(0, 2000);
  call.host.journal.note('', flags.value('t', 'tag') ?? call.user, text, priority < 0 ? 5 : priority, call.process.pid);
  return 0;
}

/** Commands about processes, users and what is run. */
export const processCommands: CommandTable = {
  sleep,
  timeout,
  kill,
  pgrep,
  ps,
  env,
  printenv: env,
  sudo,
  logger,
  nohup: through([]),
  setsid: through([]),
  nice: through(['-n']),
  ionice: through(['-c', '-n']),
  stdbuf: through([]),
};
