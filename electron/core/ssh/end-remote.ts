import { ProblemError } from '#shared/contract/problem.ts';
import type { SshChannel, SshConnection } from './ssh-connection.ts';

/** How long a command that was told to end may take before its channel is closed over its head. */
const patienceMs = 4000;
/** A second channel that sshd refuses is asked for again for about ten seconds. */
const refusedAttempts = 50;
const refusedPauseMs = 200;
/** How long one that has not told its process group may take to do so: its host may be busy starting it. */
const greetingMs = 30_000;

/**
 * Ends a command on the host, children included: sshd is asked to signal it, and a second channel ends its process group
 * (closing a channel alone leaves the command running, and a signal that comes before the command began is lost).
 * `group` resolves with the process group once it is known, or null when it never will be; `killCommand` makes the command
 * that ends one.
 */
export function endRemote(
  connection: SshConnection,
  channel: SshChannel,
  group: Promise<number | null>,
  killCommand: (group: number) => string,
): void {
  let closeAnyway = setTimeout(() => channel.close(), greetingMs);
  channel.onEnd(() => clearTimeout(closeAnyway));
  channel.signal('TERM');
  channel.resume();
  const end = async () => {
    const told = await group;
    clearTimeout(closeAnyway);
    if (told === null) {
      channel.close();
      return;
    }
    closeAnyway = setTimeout(() => channel.close(), patienceMs);
    const killer = await openKiller(connection, killCommand(told));
    killer.onData(() => {});
    killer.endInput();
  };
  // The connection is gone: there is no way left to the host.
  end().catch(() => {});
}

/** Where others hold all the sessions that sshd gives, one of them ends soon: asked again until then. */
async function openKiller(connection: SshConnection, command: string): Promise<SshChannel> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connection.exec(command, { reserved: true });
    } catch (error) {
      if (attempt === refusedAttempts || (error instanceof ProblemError && error.problem.code === 'lost')) throw error;
      await new Promise((resolve) => setTimeout(resolve, refusedPauseMs));
    }
  }
}
