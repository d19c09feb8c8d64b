import { unitPath } from '../../dbus/unit-path.ts';
import type { HostAccess } from '../../hosts/host-access.ts';
import type { UpdateAgent, UpdateEvents } from './update-agent.ts';

const properties = { interface: 'org.freedesktop.DBus.Properties', member: 'PropertiesChanged' } as const;

/** A place on the bus whose changes mean that an agent is to be read again. */
interface Watched {
  readonly sender: string;
  readonly path: string;
}

/** These units, as systemd tells of them to whoever follows units over the same connection. */
export function unitsOnBus(...units: readonly string[]): Watched[] {
  return units.map((unit) => ({ sender: 'org.freedesktop.systemd1', path: unitPath(unit) }));
}

/** For agents that tell nothing themselves but show it in properties on the bus. */
export function followProperties(watched: readonly Watched[]): NonNullable<UpdateAgent['follow']> {
  return async (access: HostAccess, events: UpdateEvents) => {
    const bus = await access.bus();
    let open = true;
    bus.onClose(() => {
      if (open) events.ended();
    });
    const forget = await Promise.all(
      watched.map((place) =>
        bus.match({ ...place, ...properties }, () => {
          if (open) events.reread();
        }),
      ),
    );
    return () => {
      open = false;
      for (const each of forget) each();
    };
  };
}
