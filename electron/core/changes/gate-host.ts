import { elevate, settleElevation } from '../actions/elevation.ts';
import type { HostAccess } from '../hosts/host-access.ts';
import type { Gate } from '#shared/contract/change.ts';
import { askGate, type GateBaseline, type GateHost, type GateVerdict, notAsked } from './gates.ts';
import type { HostCourseTools } from './host-course.ts';

/** Asks one gate of a host as its change asks; what cannot be asked is inconclusive. Rejects when the change is left meanwhile. */
export async function askGateOn(
  tools: HostCourseTools,
  host: string,
  gate: Gate,
  before: GateBaseline,
): Promise<GateVerdict> {
  let verdict: GateVerdict;
  try {
    verdict = await askGate(gate, await gateHost(tools, host), before);
  } catch (error) {
    verdict = notAsked(gate, error);
  }
  // Left meanwhile: what a gate said of it then is worth nothing.
  await tools.sleep(0);
  return verdict;
}

/** What the gates of a change ask a host with; what they still ask when the change is left is ended. */
async function gateHost(tools: HostCourseTools, host: string): Promise<GateHost> {
  const { around, sleep, watch, password, signal } = tools;
  const access = around.hosts.access(host);
  const known = around.records.get('host', host, 'facts')?.elevation ?? 'unknown';
  const elevation = await settleElevation(access, known);
  const asRoot = (words: readonly string[]) => elevate(host, words, elevation, password());
  return { access: endedBy(access, signal), records: around.records, now: around.now, sleep, watch, asRoot };
}

function endedBy(access: HostAccess, signal: AbortSignal): HostAccess {
  return {
    host: access.host,
    exec: (command, options = {}) => access.exec(command, { ...options, signal }),
    follow: (command) => access.follow(command),
    bus: () => access.bus(),
  };
}
