import { expect, test } from 'vitest';
import { offerFor, withOffersSeen } from '#shared/lib/update/offers.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import { seenOffers, withSeen } from './first-seen.ts';

const version = (text: string) => ({ agent: 'update-engine' as const, channel: 'stable', version: text });

test('what others were offered until yesterday still waits for the rest; what only runs somewhere does not', () => {
  const first = withSeen(
    null,
    { offered: [version('2.0')], running: [version('1.0'), version('9.0')] },
    1,
    '2026-01-01',
  );
  expect(withSeen(first, { offered: [version('2.0')], running: [version('1.0')] }, 2, '2026-01-01')).toBeNull();
  const done = withSeen(first, { offered: [], running: [version('2.0')] }, 3, '2026-01-02');
  const seen = seenOffers(done, [], '2026-01-01');
  expect(seen).toEqual([{ ...version('2.0'), at: 1 }]);
  expect(seenOffers(done, [], '2026-01-02')).toEqual([]);
  const host = (running: string) =>
    ({ agent: 'update-engine', channel: 'stable', running, offered: null }) as HostUpdate;
  expect(offerFor(host('1.0'), withOffersSeen(new Map(), seen))).toBe('2.0');
  expect(offerFor(host('2.0'), withOffersSeen(new Map(), seen))).toBeNull();
});
