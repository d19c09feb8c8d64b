import { hostname, userInfo } from 'node:os';

/** Who uses this console, as the activity log and the hosts' journals name them. */
export interface Actor {
  readonly name: string;
}

/** The operating system's user at this machine, as `alice@laptop`. */
export function localActor(): Actor {
  let user = 'unknown';
  try {
    user = userInfo().username;
  } catch {
    // A uid without a passwd entry (containers) has no name; the log still says from which machine.
  }
  return { name: `${user}@${hostname()}` };
}
