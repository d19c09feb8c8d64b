import { changeHandlers } from './change-handlers.ts';
import { clusterHandlers, type ConsoleParts } from './cluster-handlers.ts';
import type { Handlers } from './session.ts';
import { unitHandlers } from './unit-handlers.ts';
import { updateHandlers } from './update-handlers.ts';

/** Every call's handler, one line of meaning each; the wall for `change` calls is in the session. */
export function makeHandlers(parts: ConsoleParts): Handlers {
  return { ...clusterHandlers(parts), ...unitHandlers(), ...changeHandlers(), ...updateHandlers() };
}
