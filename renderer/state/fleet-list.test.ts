import { describe, expect, it } from 'vitest';
import type { HealthState } from '#shared/contract/host.ts';
import type { RecordOf } from '#shared/contract/records.ts';
import { askedStates, toggleState } from './fleet-filter.ts';
import { deriveFleet, isUrgent } from './fleet-list.ts';
import { groupKey } from './group-key.ts';

function host(
  name: string,
  state: HealthState,
  labels: Record<string, string>,
  cpu: number | null = null,
): [string, RecordOf<'host'>] {
  const load = {
    readAt: 0,
    intervalMs: 2000,
    uptimeS: 1,
    cpu: cpu ?? 0,
    iowait: 0,
    steal: 0,
    load1: 0,
    load5: 0,
    load15: 0,
    running: 0,
    memoryTotalBytes: 0,
    memoryUsedBytes: 0,
    swapTotalBytes: 0,
    swapUsedBytes: 0,
    pressure: null,
    netReceiveBps: 0,
    netSendBps: 0,
    diskReadBps: 0,
    diskWriteBps: 0,
    clockOffsetMs: null,
    latencyMs: 0,
  };
  return [
    name,
    {
      identity: { name, address: '10.0.0.1', port: 22, user: 'core', jump: [], labels },
      health: { state, since: 0, reasons: [] },
      ...(cpu === null ? {} : { load }),
    },
  ];
}

const hosts = new Map([
  host('web-10', 'healthy', { role: 'web' }, 0.2),
  host('web-9', 'failing', { role: 'web' }, 0.9),
  host('db-1', 'failing', { role: 'db' }),
  host('lone', 'healthy', {}, 0.5),
]);
const byName = { column: 'name', descending: false };
const derive = (filter: string, groupBy = '', sort = byName, folded: string[] = []) =>
  deriveFleet(hosts, { filter, groupBy, sort }, new Set(folded), 0);

describe('deriveFleet', () => {
  it('sorts names as people number machines, and what is unknown last either way', () => {
    expect(derive('').rows).toEqual(['db-1', 'lone', 'web-9', 'web-10']);
    expect(derive('', '', { column: 'cpu', descending: true }).rows).toEqual(['web-9', 'lone', 'web-10', 'db-1']);
    expect(derive('', '', { column: 'cpu', descending: false }).rows).toEqual(['web-10', 'lone', 'web-9', 'db-1']);
    expect(derive('', '', { column: 'state', descending: false }).rows.slice(0, 2)).toEqual(['db-1', 'web-9']);
    expect(derive('', '', { column: 'no such column', descending: true }).rows).toEqual(derive('').rows);
  });

  it('counts states of all that match apart from their state', () => {
    const list = derive('label:role=web state:failing');
    expect(list.matched).toEqual(['web-9']);
    expect(list.counts).toEqual({ failing: 1, healthy: 1 });
    expect(list.total).toBe(4);
  });

  it('groups by a label, those without it last, and folds', () => {
    const list = derive('', 'label:role', byName, [groupKey('web')]);
    expect(list.rows).toEqual([groupKey('db'), 'db-1', groupKey('web'), groupKey(''), 'lone']);
    expect(list.hosts).toEqual(['db-1', 'lone']);
    expect(list.matched).toHaveLength(4);
    expect(list.groups.get(groupKey('web'))).toMatchObject({
      members: ['web-9', 'web-10'],
      folded: true,
      counts: { failing: 1, healthy: 1 },
    });
  });

  it('groups by state from the gravest on', () => {
    expect([...derive('', 'state').groups.keys()]).toEqual([groupKey('failing'), groupKey('healthy')]);
  });

  it('tells the label keys there are', () => {
    expect(derive('').labelKeys).toEqual(['role']);
  });
});

describe('isUrgent', () => {
  it('does not hurry for figures, but does for health and for new hosts', () => {
    const [name, record] = host('web-9', 'failing', { role: 'web' }, 0.95);
    const before = hosts.get('web-9') ?? {};
    expect(isUrgent(hosts, new Map([...hosts, [name, { ...before, load: record.load! }]]))).toBe(false);
    expect(
      isUrgent(hosts, new Map([...hosts, [name, { ...before, health: { state: 'healthy', since: 1, reasons: [] } }]])),
    ).toBe(true);
    expect(isUrgent(hosts, new Map([...hosts, host('new', 'healthy', {})]))).toBe(true);
  });
});

describe('states in the filter', () => {
  it('toggle among each other and leave the rest as written', () => {
    const one = toggleState('label:role=web', 'failing');
    expect(askedStates(one)).toEqual(['failing']);
    const other = toggleState(one, 'healthy');
    expect(askedStates(other)).toEqual(['healthy']);
    expect(toggleState(other, 'healthy')).toBe('label:role=web');
    expect(askedStates('-state:failing')).toEqual([]);
  });
});
