import { readFlags } from '../flags.ts';
import type { CommandCall, CommandRun, CommandTable } from '../command.ts';
import { complain, put } from './text-input.ts';

const properties: Readonly<Record<string, (session: CommandCall['host']['sessions'][number]) => string>> = {
  Id: ({ id }) => id,
  Name: ({ name }) => name,
  TTY: ({ tty }) => tty,
  Display: () => '',
  RemoteHost: ({ from }) => from,
  Class: () => 'user',
  State: () => 'active',
};

const loginctl: CommandRun = async (call) => {
  const flags = readFlags(call.words, ['p', 'P', 'property']);
  const [verb = 'list-sessions', ...ids] = flags.rest;
  const { sessions } = call.host;
  if (verb === 'list-sessions') {
    for (const { id, name, tty } of sessions) await put(call, `${id.padStart(7)} 1000 ${name} - ${tty}\n`);
    return 0;
  }
  if (verb !== 'show-session') return complain(call, `Unknown command verb '${verb}'.`);
  for (const id of ids) {
    const session = sessions.find((one) => one.id === id);
    if (!session) return complain(call, `Failed to get session path: No session '${id}' known`);
    for (const name of flags.values('p', 'property'))
      if (Object.hasOwn(properties, name)) await put(call, `${name}=${properties[name]?.(session) ?? ''}\n`);
  }
  return 0;
};

const who: CommandRun = async (call) => {
  for (const { name, tty, from, sinceMs } of call.host.sessions) {
    const since = new Date(sinceMs).toISOString().slice(0, 16).replace('T', ' ');
    await put(call, `${name.padEnd(8)} ${tty.padEnd(12)} ${since} (${from})\n`);
  }
  return 0;
};

const wall: CommandRun = async (call) => {
  const text = call.words.length > 0 ? call.words.join(' ') : ((await call.input.line()) ?? '');
  call.host.journal.note('', 'wall', `broadcast message from ${call.user}: ${text.trim().slice(0, 500)}`, 5);
  return 0;
};

/** Commands about people who are logged in. */
export const sessionCommands: CommandTable = {
  loginctl,
  who,
  wall,
  users: async (call) => {
    await put(call, `${call.host.sessions.map(({ name }) => name).join(' ')}\n`);
    return 0;
  },
};
