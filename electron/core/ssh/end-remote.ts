import type { SshChannel, SshConnection } from './ssh-connection.ts';

/** How long a command may take to die before its channel is closed over its head. */
const patienceMs = 4000;

/**
 * Ends a command on the host, children included: sshd is asked to signal it, and a second channel ends its process group
 * (closing a channel alone leaves the command running). `killCommand` makes the command for a group.
 */
export function endRemote(
  connection: SshConnection,
  channel: SshChannel,
  group: number | null,
  killCommand: (group: number) => string,
): void {
  channel.signal('TERM');
  const closeAnyway = setTimeout(() => channel.close(), patienceMs);
  channel.onEnd(() => clearTimeout(closeAnyway));
  channel.resume();
  if (group === null) {
    channel.close();
    return;
  }
  connection.exec(killCommand(group), { reserved: true }).then(
    (killer) => {
      killer.onData(() => {});
      killer.endInput();
    },
    // The connection is gone, or allows no other channel: sshd's own signal has to do.
    () => {},
  );
}
