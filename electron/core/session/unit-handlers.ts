import type { unitCalls } from '#shared/contract/unit-calls.ts';
import { planUnitAction } from '../actions/plan-unit-action.ts';
import { startUnitAction } from '../actions/unit-actions.ts';
import { refuseSeveral } from '../fleet/protection.ts';
import { readUnitDetail } from '../probes/units/read-unit-detail.ts';
import { readUnitOverHosts } from '../probes/units/read-unit-over-hosts.ts';
import type { Handlers } from './session.ts';

/** What is asked of units, on one host and over many. */
export function unitHandlers(): Pick<Handlers, keyof typeof unitCalls> {
  return {
    'host.unit': async ({ host, unit }, { cluster }) => readUnitDetail(cluster().hosts.access(host), unit),
    'unit.find': async ({ text, most }, { cluster }) => {
      const found = await cluster().hosts.findUnits(text, most);
      const units = found.map(({ hosts, ...unit }) => ({ ...unit, hosts: hosts.length, first: hosts[0] ?? '' }));
      return { units };
    },
    'unit.counts': ({ type }, { cluster }) => cluster().hosts.countUnits(type),
    'unit.hosts': ({ unit }, { cluster }) => cluster().hosts.hostsOfUnit(unit),
    'unit.files': ({ unit, hosts }, { cluster, signal }) =>
      readUnitOverHosts((host) => cluster().hosts.access(host), hosts, unit, signal),
    'unit.plan': ({ hosts, unit, verb }, { cluster }) => {
      refuseSeveral(cluster(), hosts, `to ${verb} a unit`);
      return planUnitAction(cluster().around, hosts, unit, verb);
    },
    'unit.act': async ({ plan, password }, { cluster }) => {
      refuseSeveral(
        cluster(),
        plan.steps.map(({ host }) => host),
        `to ${plan.verb} a unit`,
      );
      return { action: await startUnitAction(cluster().around, plan, password) };
    },
  };
}
