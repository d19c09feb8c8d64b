import type { UpdatePolicy } from '../../contract/update-policy.ts';
import { tellError } from '../filter/chips.ts';
import { parseFilter } from '../filter/parse-filter.ts';
import { isTimeZone } from '../reboot/zoned-time.ts';

/** The fields of a policy that a person can get wrong. */
export type PolicyField = 'selector' | 'target' | 'waves' | 'windows' | 'timeZone' | 'rate' | 'atOnce';

/** What is wrong with one field, and what to write instead. */
export interface PolicyFault {
  readonly field: PolicyField;
  readonly message: string;
}

/** What a schema cannot see of a policy: filters, zones, windows that overlap themselves. */
export function policyFaults(policy: UpdatePolicy): PolicyFault[] {
  return [...selectorFaults(policy.selector), ...windowFaults(policy), ...waveFaults(policy)];
}

function selectorFaults(selector: string): PolicyFault[] {
  const { terms, errors } = parseFilter(selector);
  const [wrong] = errors;
  if (wrong) return [{ field: 'selector', message: tellError(wrong) }];
  if (terms.length === 0) return [{ field: 'selector', message: 'It has to select something, as label:role=web.' }];
  const figure = terms.find(({ condition }) => condition.kind === 'number');
  if (figure)
    return [
      {
        field: 'selector',
        message: 'A figure changes all the time, and hosts would wander between groups: ask for labels or names.',
      },
    ];
  return [];
}

function windowFaults({ reboot }: UpdatePolicy): PolicyFault[] {
  if (!reboot.windows) return [];
  const { timeZone, windows } = reboot.windows;
  const faults: PolicyFault[] = [];
  if (!isTimeZone(timeZone))
    faults.push({ field: 'timeZone', message: `${timeZone} is no time zone: as Europe/Rome or UTC.` });
  if (windows.some(({ days, lengthMs }) => days.length === 7 && lengthMs > 24 * 3_600_000))
    faults.push({ field: 'windows', message: 'A window of every day that lasts longer than one is any time.' });
  return faults;
}

function waveFaults({ waves, reboot }: UpdatePolicy): PolicyFault[] {
  const faults: PolicyFault[] = [];
  if (waves.some(({ size, unit }) => unit === 'percent' && size > 100))
    faults.push({ field: 'waves', message: 'A wave has at most 100 % of the hosts.' });
  if (waves.some(({ size, unit }) => unit === 'hosts' && !Number.isInteger(size)))
    faults.push({ field: 'waves', message: 'A wave has whole hosts.' });
  if (reboot.rate && reboot.rate.hosts < reboot.atOnce && reboot.rate.perS >= 604_800)
    faults.push({ field: 'rate', message: 'Fewer hosts in a week than at the same time: one of both is not meant.' });
  return faults;
}
