import { expect, test } from 'vitest';
import { until } from '#kit/etcd.ts';
import { onBothServers, type Reply, under } from '#kit/etcd-raw.ts';

const bytes = (text: string) => Buffer.from(text);

onBothServers('watches', (etcd) => {
  const put = async (key: string, value: string | Buffer): Promise<number> => {
    const reply = await etcd().call('KV', 'Put', { key: bytes(key), value: Buffer.from(value) });
    return Number(reply.header.revision);
  };
  const remove = (fields: object): Promise<Reply> => etcd().call('KV', 'DeleteRange', fields);
  const watch = (...creates: object[]) => {
    const stream = etcd().stream('Watch', 'Watch');
    for (const create_request of creates) stream.write({ create_request });
    return stream;
  };
  const told = (replies: Reply[]): string[] =>
    replies.flatMap((reply) =>
      (reply.events ?? []).map((event: Reply) => `${event.type} ${event.kv.key}=${event.kv.value}`),
    );

  test('tell what happens from now on, one reply a revision', async () => {
    await put('now/a', 'before');
    const { replies } = watch(under('now/'));
    const created = await until('created', 3000, () => replies[0]);
    expect(created).toMatchObject({ created: true, canceled: false, watch_id: '0', events: [] });
    const first = await put('now/a', '1');
    expect(Number(created.header.revision)).toBe(first - 1);
    await put('other', 'x');
    await etcd().call('KV', 'Txn', {
      success: [
        { request_put: { key: bytes('now/b'), value: bytes('2') } },
        { request_delete_range: { key: bytes('now/a') } },
        { request_put: { key: bytes('other'), value: bytes('y') } },
      ],
    });
    await until('both events', 3000, () => replies.length === 3);
    expect(told(replies)).toEqual(['Put now/a=1', 'Put now/b=2', 'Delete now/a=']);
    expect(replies[1].header.revision).toBe(`${first}`);
    expect(replies[2].events.map((event: Reply) => event.kv.mod_revision)).toEqual([`${first + 2}`, `${first + 2}`]);
    expect(replies[2].events[1].kv).toMatchObject({ create_revision: '0', version: '0', lease: '0' });
  });

  test('replay history from a revision, then go on, with the values before', async () => {
    const first = await put('past/a', '1');
    await put('past/a', '2');
    await remove({ key: bytes('past/a') });
    await put('past/b', '3');
    const { replies } = watch({ ...under('past/'), start_revision: first + 1, prev_kv: true });
    await until('history', 3000, () => told(replies).length === 3);
    await put('past/b', '4');
    await until('next', 3000, () => told(replies).length === 4);
    expect(told(replies)).toEqual(['Put past/a=2', 'Delete past/a=', 'Put past/b=3', 'Put past/b=4']);
    const events = replies.flatMap((reply) => reply.events);
    expect(events.map((event: Reply) => event.prev_kv && String(event.prev_kv.value))).toEqual(['1', '2', null, '3']);
  });

  test('leave out what is filtered, and what comes before a future start', async () => {
    const now = await put('filter/a', '0');
    const { replies } = watch(
      { ...under('filter/'), filters: ['Noput'] },
      { ...under('filter/'), filters: ['Nodelete'] },
      { ...under('filter/'), start_revision: now + 3 },
    );
    await until('created', 3000, () => replies.length === 3);
    await put('filter/a', '1');
    await remove({ key: bytes('filter/a') });
    await put('filter/a', '3');
    await until('events', 3000, () => told(replies).length === 4);
    const by = (id: string) => told(replies.filter((reply) => reply.watch_id === id));
    expect(by('0')).toEqual(['Delete filter/a=']);
    expect(by('1')).toEqual(['Put filter/a=1', 'Put filter/a=3']);
    expect(by('2')).toEqual(['Put filter/a=3']);
  });

  test('end when told, and keep ids apart', async () => {
    const stream = watch({ ...under('id/'), watch_id: 7 }, { ...under('id/'), watch_id: 7 }, under('id/'));
    const { replies } = stream;
    await until('created', 3000, () => replies.length === 3);
    expect(replies.map(({ created, canceled }) => [created, canceled])).toEqual([
      [true, false],
      [true, true],
      [true, false],
    ]);
    expect([replies[0].watch_id, replies[1].cancel_reason]).toEqual([
      '7',
      'mvcc: duplicate watch ID provided on the WatchStream',
    ]);
    stream.write({ cancel_request: { watch_id: 7 } });
    await until('canceled', 3000, () => replies.length === 4);
    expect(replies[3]).toMatchObject({ watch_id: '7', canceled: true, created: false, compact_revision: '0' });
    await put('id/a', '1');
    await until('the other', 3000, () => told(replies).length === 1);
    expect(replies[4].watch_id).toBe(replies[2].watch_id);
  });

  test('answer a progress request with the revision reached', async () => {
    const stream = watch(under('progress/'));
    const revision = await put('elsewhere', 'x');
    await until('created', 3000, () => stream.replies.length === 1);
    stream.write({ progress_request: {} });
    const answer = await until('progress', 3000, () => stream.replies[1]);
    expect(answer).toMatchObject({ watch_id: '-1', created: false, canceled: false, events: [] });
    expect(Number(answer.header.revision)).toBeGreaterThanOrEqual(revision);
  });

  test('are canceled with the compact revision when their start is gone', async () => {
    const first = await put('gone/a', '1');
    await put('gone/a', '2');
    const at = await put('gone/a', '3');
    await etcd().call('KV', 'Compact', { revision: at, physical: true });
    const { replies } = watch(
      { ...under('gone/'), start_revision: first },
      { ...under('gone/'), start_revision: at, watch_id: 9 },
    );
    await until('all replies', 3000, () => replies.length === 4);
    const canceled = replies.find((reply) => reply.canceled);
    expect(canceled).toMatchObject({ created: false, compact_revision: `${at}`, cancel_reason: '', watch_id: '0' });
    expect(told(replies.filter((reply) => reply.watch_id === '9'))).toEqual(['Put gone/a=3']);
  });

  test('refuse an empty range', async () => {
    const { replies } = watch({ key: bytes('b'), range_end: bytes('a') });
    const reply = await until('refusal', 3000, () => replies[0]);
    expect(reply).toMatchObject({ created: true, canceled: true, watch_id: '-1' });
  });

  test('cut a large revision in fragments only for those who allow it', async () => {
    const value = Buffer.alloc(700_000, 'x');
    const first = await put('big/0', value);
    for (let at = 1; at < 6; at++) await put(`big/${at}`, value);
    const cut = watch({ ...under('big/'), start_revision: first, fragment: true });
    const whole = watch({ ...under('big/'), start_revision: first });
    await until('both', 5000, () => [cut, whole].every(({ replies }) => told(replies).length === 6));
    const parts = cut.replies.filter((reply) => reply.events.length > 0);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.map((reply) => reply.fragment)).toEqual(parts.map((_, at) => at < parts.length - 1));
    expect(whole.replies.filter((reply) => reply.events.length > 0)).toHaveLength(1);
    expect(told(cut.replies)).toEqual(told(whole.replies));
  });
});
