import type { Bus, BusValue } from '../../dbus/bus.ts';

/** Names of systemd on the message bus. */
export const systemdName = 'org.freedesktop.systemd1';
export const managerPath = '/org/freedesktop/systemd1';
export const managerInterface = 'org.freedesktop.systemd1.Manager';
export const unitInterface = 'org.freedesktop.systemd1.Unit';
export const unitRoot = '/org/freedesktop/systemd1/unit';
export const propertiesInterface = 'org.freedesktop.DBus.Properties';

/** Calls a method of systemd's manager. */
export function callManager(bus: Bus, member: string, signature = '', body: BusValue[] = []): Promise<BusValue[]> {
  return bus.call(systemdName, managerPath, managerInterface, member, signature, body);
}
