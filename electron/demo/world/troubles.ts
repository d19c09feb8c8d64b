import { dataPath } from '../files/mounts.ts';
import { rebootMarker } from '../shell/commands/updates.ts';
import { stagedMarker } from '../updates/simulated-systems.ts';
import type { Illness } from '../systemd/simulated-systemd.ts';
import { updatedMarker } from '../updates/simulated-engine.ts';
import { mix, pick } from './chance.ts';
import type { Family } from './release.ts';
import type { Role } from './roster.ts';
import type { SimulatedHost } from './simulated-host.ts';
import type { World } from './world.ts';

const hourMs = 3_600_000;

/** A unit that dies some time after each start; `null` for good. */
function ill(afterMs: number, status: number, restartMs: number | null): Illness {
  return { afterMs, end: { how: 'exited', status }, restartMs };
}

/** A trouble that a host has from the start, and has again after a reboot unless that cured it. */
type Trouble = (host: SimulatedHost, afresh: boolean) => void;

function failed(unit: string, illness: Illness, hours: number): Trouble {
  return (host, afresh) => {
    const sinceMs = afresh ? host.schedule.now() + 4000 : host.schedule.now() - hours * hourMs;
    host.systemd.setIllness(unit, illness);
    host.systemd.leaveFailed(unit, illness.end, sinceMs);
  };
}

/** Dies again and again, and is started again by somebody who does not look why. */
function flapping(unit: string): Trouble {
  const illness = ill(50_000, 3, null);
  return (host, afresh) => {
    const { systemd, schedule } = host;
    systemd.setIllness(unit, illness);
    schedule.after(18_000, () => systemd.crash(unit, illness));
    if (afresh) return;
    systemd.listen((event) => {
      if (event.kind !== 'changed' || event.unit !== unit || systemd.get(unit)?.active !== 'failed') return;
      schedule.after(25_000, () => {
        if (systemd.get(unit)?.active === 'failed') void systemd.run(unit, 'start');
      });
    });
  };
}

const rebootWanted: Trouble = (host, afresh) => {
  if (afresh) return;
  const { family } = host.spec.release;
  if (family === 'debian') {
    host.markers.set(rebootMarker, '*** System restart required ***\n');
    host.markers.set(`${rebootMarker}.pkgs`, 'linux-image-amd64\nlibc6\n');
  } else if (family === 'flatcar') {
    host.markers.set(updatedMarker, '');
    host.systems.takesOther = true;
  } else host.markers.set(stagedMarker, '43.20261109.3.0\n');
};

/** Somebody installed a new libssl and restarted nothing; a reboot cures it. */
const oldLibrary: Trouble = ({ packages, schedule }, afresh) => {
  if (!afresh) packages.replacedMs = schedule.now() - 5 * hourMs;
};

const fullDisk: Trouble = (host) => void host.filled.set(dataPath(host.spec), 0.91);

const wrongClock: Trouble = (host) => {
  host.clockOffsetMs = -3000;
};

interface Cast {
  readonly roles: readonly Role[];
  readonly trouble: Trouble;
  /** Only hosts of this system; any where it is left out. */
  readonly family?: Family;
  /** One in so many hosts of a large fleet; at least one in any. */
  readonly oneIn: number;
}

const casts: readonly Cast[] = [
  { roles: ['worker'], trouble: failed('report-worker.service', ill(0, 1, null), 7), oneIn: 400 },
  { roles: ['worker'], trouble: failed('mail-worker.service', ill(3000, 3, null), 2), oneIn: 500 },
  { roles: ['web'], trouble: flapping('image-resizer.service'), oneIn: 250 },
  { roles: ['db'], trouble: fullDisk, oneIn: 300 },
  { roles: ['build', 'db'], trouble: rebootWanted, oneIn: 120 },
  { roles: ['web', 'worker'], trouble: rebootWanted, oneIn: 90 },
  { roles: ['lb', 'web'], trouble: wrongClock, oneIn: 500 },
  { roles: ['lb', 'db', 'web', 'build'], family: 'debian', trouble: oldLibrary, oneIn: 9 },
];

/** Gives some hosts a lasting trouble each; answers the hosts that have one. */
export function spreadTroubles(world: World): Set<SimulatedHost> {
  const troubled = new Set<SimulatedHost>();
  for (const [at, { roles, family, trouble, oneIn }] of casts.entries()) {
    const count = Math.max(1, Math.round(world.hosts.length / oneIn));
    for (let turn = 0; turn < count; turn++) {
      const free = world.hosts.filter(
        (host) =>
          roles.includes(host.spec.role) &&
          (family === undefined || host.spec.release.family === family) &&
          !troubled.has(host),
      );
      if (free.length === 0) break;
      const host = pick(free, mix(world.seed + at, turn) / 0x1_0000_0000);
      troubled.add(host);
      trouble(host, false);
      let wasOff = false;
      host.onNetwork((network) => {
        if (network === 'off') wasOff = true;
        else if (network === 'up' && wasOff) {
          wasOff = false;
          trouble(host, true);
        }
      });
    }
  }
  return troubled;
}
