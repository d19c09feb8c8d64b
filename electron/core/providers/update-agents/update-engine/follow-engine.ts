import type { HostAccess } from '../../../hosts/host-access.ts';
import type { UpdateEvents } from '../update-agent.ts';
import { statusOfBus, withStatus } from './status.ts';

/** Where update_engine is on the system bus. */
export const updateBus = {
  name: 'com.coreos.update1',
  path: '/com/coreos/update1',
  interface: 'com.coreos.update1.Manager',
} as const;

/** Listens to StatusUpdate, and to update_engine coming and going. */
export async function followEngine(access: HostAccess, events: UpdateEvents): Promise<() => void> {
  const bus = await access.bus();
  let open = true;
  bus.onClose(() => {
    if (open) events.ended();
  });
  let phase = '';
  const { name, path, interface: iface } = updateBus;
  const forgetStatus = await bus.match({ path, interface: iface, member: 'StatusUpdate', sender: name }, ({ body }) => {
    const status = statusOfBus(body);
    if (!open || !status) return;
    events.told((before) => ({ ...withStatus(before, status), how: 'bus' }));
    // Slots, and what holds a reboot, are read anew where it came a step further; not for each per cent.
    if (status.operation !== phase) events.reread();
    phase = status.operation;
  });
  const daemon = 'org.freedesktop.DBus';
  const forgetOwner = await bus.match(
    { sender: daemon, interface: daemon, member: 'NameOwnerChanged', arg0: name },
    () => {
      if (open) events.reread();
    },
  );
  return () => {
    open = false;
    forgetStatus();
    forgetOwner();
  };
}
