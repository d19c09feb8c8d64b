import { z } from 'zod';
import { hostName, unitName } from './ids.ts';
import { countedUnits, foundUnit, hostsOfUnit, unitDetail, unitFilesOverHosts, unitPlan, unitVerb } from './unit.ts';
import type { CallShape } from './call-shape.ts';

const hosts = z.array(hostName).min(1).max(5000);

/** Calls about units of hosts. */
export const unitCalls = {
  'host.unit': { kind: 'query', input: z.object({ host: hostName, unit: unitName }), output: unitDetail },
  /** Units of all connected hosts whose name holds a text, the likeliest first. */
  'unit.find': {
    kind: 'query',
    input: z.object({ text: z.string().min(1).max(200), most: z.int().min(1).max(50) }),
    output: z.object({ units: z.array(foundUnit) }),
  },
  /** All unit names of the cluster's hosts, counted by state; `type` is a suffix as `service`, or `all`. */
  'unit.counts': { kind: 'query', input: z.object({ type: z.string().max(40) }), output: countedUnits },
  'unit.hosts': { kind: 'query', input: z.object({ unit: unitName }), output: hostsOfUnit },
  /** Reads the unit's files on these hosts. */
  'unit.files': { kind: 'query', input: z.object({ unit: unitName, hosts }), output: unitFilesOverHosts },
  'unit.plan': { kind: 'query', input: z.object({ hosts, unit: unitName, verb: unitVerb }), output: unitPlan },
  'unit.act': {
    kind: 'change',
    input: z.object({ plan: unitPlan, password: z.string().max(1000).nullable() }),
    output: z.object({ action: z.string() }),
  },
} as const satisfies Record<string, CallShape>;
