import { elevate, settleElevation } from '../actions/elevation.ts';
import type { HostAccess } from '../hosts/host-access.ts';
import type { GateHost } from './gates.ts';
import type { HostCourseTools } from './host-course.ts';

/** What the gates of a change ask a host with; what they still ask when the change is left is ended. */
export async function gateHost(tools: HostCourseTools, host: string): Promise<GateHost> {
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
