import type { SimulatedHost } from '../world/simulated-host.ts';
import type { CommandCall, CommandRun, CommandStreams, CommandTable } from './command.ts';
import { containerCommands } from './commands/containers.ts';
import { deviceCommands } from './commands/devices.ts';
import { folderCommands } from './commands/folder-commands.ts';
import { fileCommands } from './commands/file-commands.ts';
import { journalCommands } from './commands/journalctl.ts';
import { processCommands } from './commands/processes.ts';
import { sessionCommands } from './commands/sessions.ts';
import { systemCommands } from './commands/system.ts';
import { systemctlCommands } from './commands/systemctl.ts';
import { textCommands } from './commands/text.ts';
import { textEditCommands } from './commands/text-edit.ts';
import { complain, eachChunk } from './commands/text-input.ts';
import { updateCommands } from './commands/updates.ts';
import type { Process } from './process.ts';
import { resolvePath } from './redirect.ts';
import { Shell } from './run.ts';
import { ShellState } from './state.ts';
import { tellOldFiles } from './old-files.ts';
import { startSampler } from './sampler.ts';

/** `sh -c TEXT NAME WORD…`, `sh FILE WORD…`, or a script on standard input. */
const sh: CommandRun = async (call) => {
  const words = [...call.words];
  let isText = false;
  while (/^-[a-z]+$/.test(words[0] ?? '')) {
    const option = words.shift() ?? '';
    isText ||= option.includes('c');
    if (option === '-s') break;
  }
  if (isText) {
    const [text = '', name = call.name, ...rest] = words.map(shared);
    const told = startSampler(call, name, rest) ?? tellOldFiles(call, name);
    return told ?? shell.run(text, stateFor(call, name, rest), call);
  }
  const [file, ...rest] = words;
  if (file !== undefined) {
    const text = call.host.files.read(resolvePath('/home/core', file), call.user);
    if (typeof text !== 'string') return complain(call, `${call.name}: ${file}: ${text.problem}`, 127);
    return shell.run(text, stateFor(call, file, rest), call);
  }
  let script = '';
  await eachChunk(call, call.input, (chunk) => void (script += chunk));
  return shell.run(script, stateFor(call, call.name, []), call);
};

const scripts = new Map<string, string>();

/** The same string for the same script, which else every host would hold for itself. */
function shared(text: string): string {
  if (text.length < 400) return text;
  const known = scripts.get(text);
  if (known !== undefined) return known;
  if (scripts.size >= 100) scripts.clear();
  scripts.set(text, text);
  return text;
}

function stateFor(call: CommandCall, name: string, words: readonly string[]): ShellState {
  const { host, user, process } = call;
  return new ShellState({ host, user, process, name, words, directory: '/home/core' }, environment(user));
}

const homeOf = (user: string) => (user === 'root' ? '/root' : '/home/core');

function environment(user: string): [string, string][] {
  const home = homeOf(user);
  return [
    ['HOME', home],
    ['USER', user],
    ['LOGNAME', user],
    ['SHELL', '/bin/bash'],
    ['PWD', home],
    ['PATH', '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin'],
    ['LANG', 'C.UTF-8'],
  ];
}

const commands: CommandTable = {
  ...textCommands,
  ...textEditCommands,
  ...systemCommands,
  ...sessionCommands,
  ...deviceCommands,
  ...fileCommands,
  ...folderCommands,
  ...processCommands,
  ...systemctlCommands,
  ...journalCommands,
  ...containerCommands,
  ...updateCommands,
  sh,
  bash: sh,
  dash: sh,
};

const shell = new Shell(commands);

/** The login shell of one session: variables, functions and directory stay from one command to the next. */
export class LoginShell {
  readonly #host: SimulatedHost;
  readonly #user: string;
  #last: ShellState | null = null;

  constructor(host: SimulatedHost, user: string) {
    this.#host = host;
    this.#user = user;
  }

  /** Runs a command line; answers the exit code. Throws Killed and BrokenPipe. */
  run(command: string, process: Process, streams: CommandStreams): Promise<number> {
    const last = this.#last;
    const state = new ShellState(
      {
        host: this.#host,
        user: this.#user,
        process,
        name: 'bash',
        words: [],
        directory: last?.directory ?? homeOf(this.#user),
      },
      last?.variables ?? environment(this.#user),
      last?.functions ?? [],
    );
    this.#last = state;
    return shell.run(command, state, streams);
  }
}
