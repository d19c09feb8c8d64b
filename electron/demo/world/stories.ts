import { roleUnits } from '../systemd/catalogue/roles.ts';
import { isOneShot } from '../systemd/unit-state.ts';
import { unitsOf } from '../systemd/catalogue/units-of.ts';
import { between, part, pick, seedOf } from './chance.ts';
import type { SimulatedHost } from './simulated-host.ts';
import { spreadTroubles } from './troubles.ts';
import type { World } from './world.ts';

/** The part of the fleet's etcd that stories touch. */
export interface StoryEtcd {
  /** Takes a member away as if its machine had died. */
  stop(member: string): Promise<void>;
  resume(member: string): Promise<void>;
}

const second = 1000;
const minute = 60 * second;

/** Lets things happen to the hosts for as long as the world goes on: the same things for the same seed. */
export function tellStories(world: World, etcd: StoryEtcd | null): void {
  const { schedule, hosts } = world;
  const seed = seedOf('stories', world.seed);
  let turn = 0;
  const chance = () => part(seed, ++turn);
  const troubled = spreadTroubles(world);
  const calm = hosts.filter((host) => !troubled.has(host));
  const members = hosts.filter((host) => host.spec.role === 'etcd');
  const others = calm.filter((host) => host.spec.role !== 'etcd');
  // A small fleet should not be in flames, a large one not be quiet.
  const scale = Math.sqrt(Math.max(hosts.length, 1) / 24);

  /** Something that happens again and again, a different host each time. */
  const again = (firstMs: number, lowMs: number, highMs: number, happen: () => void) => {
    schedule.after(firstMs, () => {
      happen();
      again(between(lowMs, highMs, chance()), lowMs, highMs, happen);
    });
  };
  const someone = (from: readonly SimulatedHost[]): SimulatedHost | null => {
    if (from.length === 0) return null;
    const host = pick(from, chance());
    return host.network === 'up' ? host : null;
  };

  again(75 * second, (4 * minute) / scale, (7 * minute) / scale, () => {
    const host = someone(others);
    if (host) cutOff(host, between(30 * second, 50 * second, chance()));
  });
  again(3.5 * minute, (8 * minute) / scale, (11 * minute) / scale, () => {
    someone(others)?.reboot(between(22 * second, 36 * second, chance()));
  });
  again(40 * second, (50 * second) / scale, (110 * second) / scale, () => {
    const host = someone(calm);
    if (host) crashSomething(host, chance(), chance());
  });
  again(6 * minute, 14 * minute, 18 * minute, () => {
    const host = members.length >= 3 ? someone(members) : null;
    if (!host || !etcd) return;
    const { name } = host.spec;
    const awayMs = between(35 * second, 55 * second, chance());
    cutOff(host, awayMs);
    etcd.stop(name).catch(() => {});
    schedule.after(awayMs, () => void etcd.resume(name).catch(() => {}));
  });
  // A roll-out in its first days: some hosts are at it, one in three fails, few are done and wait for their window.
  const updatable = calm.filter(({ spec }) => spec.release.family === 'flatcar' && spec.role !== 'etcd');
  const mostDone = Math.ceil(updatable.length / 12);
  let done = 0;
  for (const [at, host] of updatable.slice(0, Math.ceil(updatable.length / 20)).entries())
    schedule.after(5 * second + at * second, () => void host.engine.begin(8 * minute, true, 0.2 + 0.1 * (at % 5)));
  again(2 * minute, (3 * minute) / scale, (6 * minute) / scale, () => {
    const host = someone(updatable);
    const fails = chance() < 0.33 || done >= mostDone;
    if (host?.engine.begin(between(4 * minute, 9 * minute, chance()), fails) && !fails) done++;
  });
  // Every host's timers elapse about every five minutes.
  const timerMs = Math.max(20, (300 * second) / Math.max(1, hosts.length));
  again(timerMs, timerMs * 0.6, timerMs * 1.4, () => {
    const host = someone(hosts);
    if (host) elapseSomething(host, chance(), chance());
  });
}

function cutOff(host: SimulatedHost, ms: number): void {
  host.setNetwork('cut');
  host.schedule.after(ms, () => {
    if (host.network === 'cut') host.setNetwork('up');
  });
}

/** A service of the host's role dies; two in three times systemd starts it again, else somebody does after a while. */
function crashSomething(host: SimulatedHost, which: number, how: number): void {
  const running = roleUnits[host.spec.role].filter(
    ({ name, sub, exec }) => sub === 'running' && exec !== '' && name !== 'node-exporter.service',
  );
  if (running.length === 0) return;
  const { name } = pick(running, which);
  const end =
    how < 0.2 ? ({ how: 'killed', status: 9 } as const) : ({ how: 'exited', status: how < 0.6 ? 1 : 2 } as const);
  const recovers = how < 0.66;
  host.systemd.crash(name, { afterMs: 0, end, restartMs: recovers ? 5000 : null });
  if (recovers) return;
  host.schedule.after(between(40_000, 150_000, how), () => {
    if (host.systemd.get(name)?.active === 'failed') void host.systemd.run(name, 'start');
  });
}

function elapseSomething(host: SimulatedHost, which: number, long: number): void {
  const kinds = unitsOf(host.spec);
  const timers = [...kinds.values()].filter((kind) => {
    const service = kinds.get(kind.name.replace(/timer$/, 'service'));
    return kind.name.endsWith('.timer') && service !== undefined && isOneShot(service);
  });
  if (timers.length > 0) host.systemd.elapse(pick(timers, which).name, 400 + 9000 * long ** 3);
}
