import { describe, expect, it } from 'vitest';
import type { Change } from '#shared/contract/records.ts';
import { createReplica } from './replica.ts';

const identity = (name: string): Change => [
  'host',
  name,
  'identity',
  { name, address: '127.0.0.1', port: 22, user: 'core', jump: [], labels: {} },
];
const maintenance = (name: string, reason: string | null): Change => [
  'host',
  name,
  'maintenance',
  reason === null ? null : { reason, by: 'me', since: 0, until: 1 },
];

describe('createReplica', () => {
  it('replaces whole and applies section by section', () => {
    const replica = createReplica();
    replica.replace(1, 'lab', [identity('a'), identity('b')]);
    replica.apply(2, [maintenance('a', 'disk swap')]);
    expect([...replica.store.getState().records.host.keys()]).toEqual(['a', 'b']);
    expect(replica.section('host', 'a', 'maintenance')?.reason).toBe('disk swap');
    expect(replica.section('host', 'a', 'identity')?.name).toBe('a');
    replica.replace(3, 'other', [identity('c')]);
    expect([...replica.store.getState().records.host.keys()]).toEqual(['c']);
  });

  it('forgets a record with its last section', () => {
    const replica = createReplica();
    replica.replace(1, 'lab', [identity('a')]);
    replica.apply(2, [maintenance('a', 'x'), ['host', 'a', 'identity', null]]);
    expect(replica.store.getState().records.host.has('a')).toBe(true);
    replica.apply(3, [maintenance('a', null)]);
    expect(replica.store.getState().records.host.has('a')).toBe(false);
  });

  it('keeps what did not change identical, so that nothing renders for it', () => {
    const replica = createReplica();
    replica.replace(1, 'lab', [identity('a'), identity('b')]);
    const before = replica.store.getState().records;
    replica.apply(2, [maintenance('a', 'x')]);
    const after = replica.store.getState().records;
    expect(after.host.get('b')).toBe(before.host.get('b'));
    expect(after.ask).toBe(before.ask);
    expect(before.host.get('a')?.maintenance).toBeUndefined();
  });

  it('takes items of a list by host into their places and keeps the others identical', () => {
    const drift = (host: string, readAt: number) => ({
      host,
      state: 'same' as const,
      differs: [],
      reason: null,
      readAt,
    });
    const replica = createReplica();
    const [a, b, c] = [drift('a', 1), drift('b', 1), drift('c', 1)];
    replica.replace(1, 'lab', [['document', 'ntp', 'drift', [a, b, c]]]);
    const later = drift('b', 2);
    replica.apply(2, [
      ['document', 'ntp', 'drift', [drift('b', 1.5)], 'items'],
      ['document', 'ntp', 'drift', [later], 'items'],
    ]);
    const now = replica.section('document', 'ntp', 'drift') ?? [];
    expect(now).toEqual([a, later, c]);
    expect([now[0] === a, now[2] === c]).toEqual([true, true]);
    replica.apply(3, [['document', 'ntp', 'drift', [c]]]);
    expect(replica.section('document', 'ntp', 'drift')).toEqual([c]);
  });

  it('tells a listener of its own section only, once per step', () => {
    const replica = createReplica();
    replica.replace(1, 'lab', [identity('a')]);
    let heard = 0;
    const stop = replica.onSection('host', 'a', 'maintenance', () => (heard += 1));
    replica.apply(2, [identity('a'), maintenance('b', 'x')]);
    expect(heard).toBe(0);
    replica.apply(3, [maintenance('a', 'x'), maintenance('a', 'y')]);
    expect(heard).toBe(1);
    replica.replace(4, 'lab', []);
    expect(heard).toBe(2);
    stop();
    replica.apply(5, [maintenance('a', 'z')]);
    expect(heard).toBe(2);
  });
});
