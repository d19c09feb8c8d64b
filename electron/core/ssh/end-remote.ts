import type { SshChannel, SshConnection } from './ssh-connection.ts';

/** How long a command that was told to end may take before its channel is closed over its head. */
const patienceMs = 4000;
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
    const killer = await connection.exec(killCommand(told), { reserved: true });
    killer.onData(() => {});
    killer.endInput();
  };
  // The connection is gone, or allows no other channel: sshd's own signal has to do.
  end().catch(() => {});
}
