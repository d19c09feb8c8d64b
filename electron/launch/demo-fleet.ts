import type { DemoFleet } from '#core/index.ts';

/** Starts the embedded demo fleet; its code is loaded only then. */
export async function startDemoFleet(hosts: number): Promise<DemoFleet> {
  const { startDemo } = await import('#demo/index.ts');
  return startDemo(hosts);
}
