import type { BusVariant } from '#core/dbus/bus.ts';
import { type BusCall, type BusReply, busError } from '#core/dbus/serve-bus-peer.ts';
import { unitFromPath } from '#core/dbus/unit-path.ts';
import { variant } from '#core/dbus/variant.ts';
import type { SimulatedHost } from '../world/simulated-host.ts';
import { serviceProperties, unitPropertiesOf } from './bus-properties.ts';
import { unitType } from './unit-kind.ts';

export const manager = 'org.freedesktop.systemd1.Manager';
export const managerPath = '/org/freedesktop/systemd1';
export const unitInterface = 'org.freedesktop.systemd1.Unit';

/** The interface of a unit's own type, e.g. org.freedesktop.systemd1.Service. */
export function typeInterface(unit: string): string {
  const type = unitType(unit);
  return `org.freedesktop.systemd1.${type.charAt(0).toUpperCase()}${type.slice(1)}`;
}

export function unknownMethod(call: BusCall): Error {
  return busError(
    'org.freedesktop.DBus.Error.UnknownMethod',
    `Unknown method ${call.member} or interface ${call.interface}.`,
  );
}

/** Answers Get and GetAll of any object. */
export function answerProperties(host: SimulatedHost, call: BusCall): BusReply {
  const [iface, name] = call.body.map((each) => (typeof each === 'string' ? each : ''));
  const all = propertiesAt(host, call.path, iface ?? '');
  if (!all) throw busError('org.freedesktop.DBus.Error.UnknownInterface', `Unknown interface ${iface ?? ''}.`);
  if (call.member === 'GetAll') return { signature: 'a{sv}', body: [{ ...all }] };
  if (call.member !== 'Get') throw unknownMethod(call);
  const value = Object.hasOwn(all, name ?? '') ? all[name ?? ''] : undefined;
  if (!value) throw busError('org.freedesktop.DBus.Error.UnknownProperty', `Unknown property ${name ?? ''}.`);
  return { signature: 'v', body: [value] };
}

function propertiesAt(host: SimulatedHost, path: string, iface: string): Record<string, BusVariant> | null {
  const { systemd, spec } = host;
  if (path === managerPath && iface === manager) {
    const failed = systemd.failed().length;
    return {
      Version: variant('s', /\((.*)\)/.exec(spec.release.systemd)?.[1] ?? ''),
      Architecture: variant('s', 'x86-64'),
      Virtualization: variant('s', 'kvm'),
      SystemState: variant('s', failed > 0 ? 'degraded' : 'running'),
      NNames: variant('u', systemd.list().length),
      NFailedUnits: variant('u', failed),
      NJobs: variant('u', systemd.jobs().length),
    };
  }
  if (path === '/org/freedesktop/hostname1' && iface === 'org.freedesktop.hostname1')
    return {
      Hostname: variant('s', spec.name),
      StaticHostname: variant('s', spec.name),
      KernelRelease: variant('s', spec.release.kernel),
    };
  if (path === '/org/freedesktop/timedate1' && iface === 'org.freedesktop.timedate1')
    return {
      Timezone: variant('s', 'Etc/UTC'),
      NTP: variant('b', true),
      NTPSynchronized: variant('b', host.clockOffsetMs === 0),
    };
  const job = /^\/org\/freedesktop\/systemd1\/job\/(\d+)$/.exec(path)?.[1];
  if (job) {
    const found = systemd.jobs().find((unit) => unit.job.id === Number(job));
    return found
      ? { Id: variant('u', found.job.id), JobType: variant('s', found.job.type), State: variant('s', 'running') }
      : null;
  }
  const name = unitFromPath(path);
  if (name === null) return null;
  if (iface === unitInterface) return unitPropertiesOf(host, name);
  const unit = systemd.get(name);
  if (!unit || iface !== typeInterface(name)) return null;
  return serviceProperties(host, unit);
}
