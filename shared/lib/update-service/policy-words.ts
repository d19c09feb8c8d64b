import { type ServiceGroup, unlimitedUpdates } from '#shared/contract/update-service.ts';

/** A span as a policy says it: `15 minutes`, `1 hour`, `90 seconds`. */
export function spanInWords(seconds: number): string {
  for (const [size, name] of [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
  ] as const) {
    if (seconds >= size && seconds % size === 0) return plural(seconds / size, name);
  }
  return plural(seconds, 'second');
}

/** The policy of a group in one sentence. */
export function policyInWords(group: ServiceGroup): string {
  const { maxUpdatesPerPeriod: most, periodS, updateTimeoutS, timeZone } = group;
  if (!group.updatesEnabled) return 'Updates are disabled: machines are told so and stay as they are.';
  const every =
    periodS % 60 === 0 && spanInWords(periodS).startsWith('1 ') ? spanInWords(periodS).slice(2) : spanInWords(periodS);
  const limited = most < unlimitedUpdates;
  const parts = [
    limited ? `At most ${plural(most, 'update')} per ${every}, and as many at once` : 'No limit',
    group.safeMode && 'the first one alone (safe mode)',
    group.officeHours && `only Mon–Fri 09:00–17:00 ${timeZone}`,
    limited && `one that takes longer than ${spanInWords(updateTimeoutS)} no longer counts`,
  ];
  return `${parts.filter((part) => part !== false).join('; ')}.`;
}

function plural(amount: number, name: string): string {
  return `${amount.toLocaleString('en')} ${name}${amount === 1 ? '' : 's'}`;
}
