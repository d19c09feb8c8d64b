import type { DownGuard } from '../actions/unit-actions.ts';
import { commandTakesDown, unitTakesDown } from './goes-down.ts';
import type { Reboots } from './reboots.ts';

/** The quorum guard for all that may make a host, or its etcd, go down beside the door of reboots. */
export function downGuard(reboots: () => Pick<Reboots, 'refuseWithoutQuorum' | 'claimQuorum'>): DownGuard {
  return {
    async unit(host, unit, verb) {
      if (unitTakesDown(unit, verb)) await reboots().refuseWithoutQuorum(host, `To ${verb} ${unit} on ${host}`);
    },
    async unitNow(host, unit, verb) {
      const what = unitTakesDown(unit, verb);
      if (what) await reboots().claimQuorum(host, what);
    },
    async command(host, command) {
      const what = commandTakesDown(command);
      if (what) await reboots().refuseWithoutQuorum(host, `A command that takes ${whatGoes(host, what)} down`);
    },
    async commandNow(host, command) {
      const what = commandTakesDown(command);
      if (what) await reboots().claimQuorum(host, what);
    },
  };
}

function whatGoes(host: string, what: 'host' | 'etcd'): string {
  return what === 'host' ? host : `etcd on ${host}`;
}
