import { join } from 'node:path';
import type { CoreOptions } from '#core/index.ts';
import type { Log } from '#core/lib/log.ts';

/** What starts the embedded demo fleet for a core; its files lie below the data folder, and its code is loaded only then. */
export function demoStarter(dataDir: string, log: Log): NonNullable<CoreOptions['startDemo']> {
  return async (hosts) => {
    const { startDemoFleet } = await import('#demo/index.ts');
    return startDemoFleet({ hosts, dir: join(dataDir, 'demo'), log });
  };
}
