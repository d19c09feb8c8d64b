import type { HostUpdate } from '../../contract/update.ts';

/** What the next boot does with an update that is prepared for it, in a sentence. */
export function offlineInWords({ by, to }: NonNullable<HostUpdate['offline']>): string {
  const who = by === 'somebody' ? `what lies in ${to}` : `the update that ${by} prepared`;
  return `The next boot installs ${who}, before anything else is started, and boots once more.`;
}
