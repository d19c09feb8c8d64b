import { hostname, userInfo } from 'node:os';
import { cleanLine } from '#shared/lib/clean-text.ts';

/** Who uses this console, as the activity log and the hosts' journals name them. */
export interface Actor {
  readonly name: string;
}

/**
 * The operating system's user at this machine, as `alice@laptop`; on a machine where several share one account, the
 * name each gives as QUARTERDECK_PERSON.
 */
export function localActor(env: NodeJS.ProcessEnv = process.env): Actor {
  const given = cleanLine(env['QUARTERDECK_PERSON'] ?? '', 60).trim();
  if (given !== '') return { name: `${given}@${hostname()}` };
  let user = 'unknown';
  try {
    user = userInfo().username;
  } catch {
    // A uid without a passwd entry (containers) has no name; the log still says from which machine.
  }
  return { name: `${user}@${hostname()}` };
}
