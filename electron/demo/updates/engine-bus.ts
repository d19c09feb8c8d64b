import { type BusCall, type BusEmission, type BusReply, busError } from '#core/dbus/serve-bus-peer.ts';
import { unknownMethod } from '../systemd/bus-objects.ts';
import type { SimulatedHost } from '../world/simulated-host.ts';
import type { EngineTold } from './simulated-engine.ts';

const signature = 'xdssx';

/** The name of update_engine on the bus. */
export const engineName = 'com.coreos.update1';

const bodyOf = ({ lastCheckedS, progress, operation, version, bytes }: EngineTold) => [
  BigInt(lastCheckedS),
  progress,
  operation,
  version,
  BigInt(bytes),
];

/** The signal that update_engine sends at every step. */
export function engineSignal(told: EngineTold): BusEmission {
  const about = { path: '/com/coreos/update1', interface: `${engineName}.Manager`, member: 'StatusUpdate' };
  return { ...about, signature, body: bodyOf(told) };
}

/** Answers what is asked of update_engine. */
export function answerEngine(host: SimulatedHost, call: BusCall): BusReply {
  if (host.systemd.get('update-engine.service')?.active !== 'active')
    throw busError('org.freedesktop.DBus.Error.ServiceUnknown', `The name ${engineName} was not provided`);
  switch (call.member) {
    case 'GetStatus':
      return { signature, body: bodyOf(host.engine.told()) };
    case 'AttemptUpdate':
      host.engine.begin(host.engine.downloadMs, false);
      return { signature: '', body: [] };
    case 'ResetStatus':
      host.engine.reset();
      return { signature: '', body: [] };
    default:
      throw unknownMethod(call);
  }
}
