import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectBus } from '#core/dbus/connect-bus.ts';
import { type CommandAccess, commandAccess } from './command-access.ts';

/** HostAccess over the machine's own `ssh`: a second, independent transport for tests of what runs on top. */
export interface SshAccess extends CommandAccess {
  /** Cuts every connection that carries a bus. */
  dropBus(): void;
}

/** Reaches `host` of an ssh config file, as `user` when given. */
export async function sshAccess(config: string, host: string, user?: string): Promise<SshAccess> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-ssh-'));
  const words = ['-F', config, '-o', 'BatchMode=yes', ...(user ? ['-l', user] : [])];
  const forwards: ChildProcess[] = [];
  const openBus = async () => {
    const socket = join(folder, `bus${forwards.length}`);
    forwards.push(spawn('ssh', [...words, '-N', '-L', `${socket}:/run/dbus/system_bus_socket`, host]));
    for (let waited = 0; !existsSync(socket) && waited < 100; waited++) await sleep(50);
    const stream = connect(socket);
    await once(stream, 'connect');
    return connectBus(stream, { timeoutMs: 5000 });
  };
  const access = commandAccess(host, (command) => ['ssh', ...words, host, command], openBus);
  const dropBus = () => {
    for (const forward of forwards) forward.kill('SIGKILL');
  };
  return {
    ...access,
    dropBus,
    async end() {
      await access.end();
      dropBus();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
