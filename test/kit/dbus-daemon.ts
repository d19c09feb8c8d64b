import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real dbus-daemon with a bus of its own on a socket in a temporary folder. */
export interface PrivateBus {
  readonly socket: string;
  /** The address as bus tools take it in DBUS_SESSION_BUS_ADDRESS. */
  readonly address: string;
  readonly process: ChildProcess;
  connect(): Promise<Socket>;
  end(): Promise<void>;
}

/** Starts dbus-daemon; `policy` is what stands inside its <policy context="default">. */
export async function startPrivateBus(
  policy = '<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>',
): Promise<PrivateBus> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-bus-'));
  const socket = join(folder, 'bus');
  const config = join(folder, 'bus.conf');
  await writeFile(
    config,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=${socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/>${policy}</policy></busconfig>`,
  );
  const daemon = spawn('dbus-daemon', ['--config-file', config, '--nofork', '--nopidfile', '--print-address'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  daemon.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const started = await Promise.race([
    once(daemon.stdout, 'data').then(() => true),
    once(daemon, 'exit').then(() => false),
  ]);
  if (!started) throw new Error(`dbus-daemon did not start: ${complaint}`);
  return {
    socket,
    address: `unix:path=${socket}`,
    process: daemon,
    async connect() {
      const stream = connect(socket);
      await once(stream, 'connect');
      return stream;
    },
    async end() {
      if (daemon.exitCode === null && daemon.signalCode === null) {
        daemon.kill('SIGKILL');
        await once(daemon, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
