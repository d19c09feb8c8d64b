import { expect, it } from 'vitest';
import type { HealthReason, HealthState } from '#shared/contract/host.ts';
import type { NamedHost } from './fleet-order.ts';
import { worstReason } from './worst-reason.ts';

function host(name: string, state: HealthState, ...reasons: Partial<HealthReason>[]): NamedHost {
  const full = reasons.map((reason) => ({ code: 'disk', state, text: '', subject: '', since: 0, ...reason }) as const);
  return [name, { health: { state, since: 0, reasons: full } }];
}

it('tells what most hosts of the gravest state have, whatever its figures', () => {
  const disk = (percent: number) => ({ text: `/ is ${percent} % full`, subject: '/' });
  expect(
    worstReason([
      host('a', 'attention', { code: 'clock', text: 'clock is off' }),
      host('b', 'failing', { code: 'unit-failed', text: 'x.service failed', subject: 'x.service' }),
      host('c', 'failing', disk(97)),
      host('d', 'failing', { state: 'attention', text: 'hot' }, disk(99)),
    ]),
  ).toEqual({ state: 'failing', text: '/ is 97 % full', hosts: ['c', 'd'] });
});

it('is nothing for hosts that need nobody', () => {
  expect(worstReason([host('a', 'healthy'), host('b', 'down-on-purpose', { text: 'new disk' })])).toBeNull();
});
