import type { HostChange } from '#shared/contract/change.ts';

const words = 'accepted by';

/** What stands at a host for which a person vouched. */
export function vouchedBy(person: string): string {
  return `${words} ${person}`;
}

/** Whether a host is done because a person said so: its gates are not asked again. */
export function isVouchedFor({ state, text }: Pick<HostChange, 'state' | 'text'>): boolean {
  return state === 'done' && text.startsWith(`${words} `);
}
