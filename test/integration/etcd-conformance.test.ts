import { expect, test } from 'vitest';
import { onBothServers, refusal, type Reply, under } from '#kit/etcd-raw.ts';

const bytes = (text: string) => Buffer.from(text);

onBothServers('keys', (etcd) => {
  const put = async (key: string, value: string, more: object = {}): Promise<number> => {
    const reply = await etcd().call('KV', 'Put', { key: bytes(key), value: bytes(value), ...more });
    return Number(reply.header.revision);
  };
  const range = (fields: object): Promise<Reply> => etcd().call('KV', 'Range', fields);
  const keysOf = (reply: Reply): string[] => reply.kvs.map((kv: Reply) => String(kv.key));

  test('counts revisions and versions as keys come, change, go and come back', async () => {
    const first = await put('rev/a', '1');
    expect(await put('rev/a', '2')).toBe(first + 1);
    expect(await put('rev/b', '1')).toBe(first + 2);
    const gone = await etcd().call('KV', 'DeleteRange', { key: bytes('rev/a'), prev_kv: true });
    expect([Number(gone.header.revision), gone.deleted, String(gone.prev_kvs[0].value)]).toEqual([first + 3, '1', '2']);
    const none = await etcd().call('KV', 'DeleteRange', { key: bytes('rev/a') });
    expect([Number(none.header.revision), none.deleted]).toEqual([first + 3, '0']);
    expect(await put('rev/a', '3')).toBe(first + 4);
    const [kv] = (await range({ key: bytes('rev/a') })).kvs;
    expect(kv).toMatchObject({
      create_revision: `${first + 4}`,
      mod_revision: `${first + 4}`,
      version: '1',
      lease: '0',
    });
    const old = await range({ key: bytes('rev/a'), revision: first + 1 });
    expect([String(old.kvs[0].value), old.kvs[0].version, Number(old.header.revision)]).toEqual(['2', '2', first + 4]);
    expect((await range({ key: bytes('rev/a'), revision: first + 3 })).kvs).toEqual([]);
  });

  test('answers a put with the previous key, and keeps value or lease when told to', async () => {
    await put('prev/a', 'one');
    const reply = await etcd().call('KV', 'Put', { key: bytes('prev/a'), value: bytes('two'), prev_kv: true });
    expect([String(reply.prev_kv.value), reply.prev_kv.version]).toEqual(['one', '1']);
    await etcd().call('KV', 'Put', { key: bytes('prev/a'), ignore_value: true });
    const [kv] = (await range({ key: bytes('prev/a') })).kvs;
    expect([String(kv.value), kv.version]).toEqual(['two', '3']);
    expect((await etcd().call('KV', 'Put', { key: bytes('prev/b'), prev_kv: true })).prev_kv).toBeNull();
  });

  test('sorts, limits, filters and counts', async () => {
    const from = await put('sort/b', '3');
    await put('sort/a', '2');
    await put('sort/c', '1');
    await put('sort/a', '9');
    const all = under('sort/');
    expect(keysOf(await range(all))).toEqual(['sort/a', 'sort/b', 'sort/c']);
    expect(keysOf(await range({ ...all, sort_order: 'Descend' }))).toEqual(['sort/c', 'sort/b', 'sort/a']);
    expect(keysOf(await range({ ...all, sort_target: 'Mod' }))).toEqual(['sort/b', 'sort/c', 'sort/a']);
    expect(keysOf(await range({ ...all, sort_target: 'Value', sort_order: 'Descend' }))[0]).toBe('sort/a');
    const cut = await range({ ...all, limit: 2, sort_target: 'Create', sort_order: 'Ascend' });
    expect([keysOf(cut), cut.more, cut.count]).toEqual([['sort/b', 'sort/a'], true, '3']);
    const exact = await range({ ...all, limit: 3 });
    expect([exact.more, exact.count]).toEqual([false, '3']);
    const count = await range({ ...all, count_only: true });
    expect([count.kvs, count.count, count.more]).toEqual([[], '3', false]);
    const names = await range({ ...all, keys_only: true, limit: 1 });
    expect([keysOf(names), names.kvs[0].value.length]).toEqual([['sort/a'], 0]);
    expect(keysOf(await range({ ...all, min_mod_revision: from + 2 }))).toEqual(['sort/a', 'sort/c']);
    expect(keysOf(await range({ ...all, max_create_revision: from }))).toEqual(['sort/b']);
    expect(keysOf(await range({ key: bytes('sort/b'), range_end: Buffer.from([0]), limit: 2 }))).toEqual([
      'sort/b',
      'sort/c',
    ]);
    expect(keysOf(await range({ key: bytes('sort/c'), range_end: bytes('sort/a') }))).toEqual([]);
  });

  test('pages through one revision while keys change', async () => {
    for (let at = 0; at < 25; at++) await put(`page/${String(at).padStart(2, '0')}`, 'old');
    const all = under('page/');
    const seen: string[] = [];
    let key = all.key;
    let revision = 0;
    for (;;) {
      const page = await range({ ...all, key, limit: 10, revision });
      revision ||= Number(page.header.revision);
      seen.push(...page.kvs.map((kv: Reply) => `${kv.key}=${kv.value}`));
      if (!page.more) break;
      key = Buffer.concat([page.kvs.at(-1).key, Buffer.from([0])]);
      await put('page/00', 'new');
      await put('page/24', 'new');
      await etcd().call('KV', 'DeleteRange', { key: bytes('page/12') });
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, at) => `page/${String(at).padStart(2, '0')}=old`));
  });

  test('runs transactions: guards, both branches, ranges that see the writes before them, one revision', async () => {
    const before = await put('txn/a', '1');
    const guard = { result: 'Equal', target: 'Mod', key: bytes('txn/a'), mod_revision: before };
    const reply = await etcd().call('KV', 'Txn', {
      compare: [guard, { result: 'Less', target: 'Version', key: bytes('txn/none'), version: 1 }],
      success: [
        { request_put: { key: bytes('txn/b'), value: bytes('2') } },
        { request_range: under('txn/') },
        { request_delete_range: { key: bytes('txn/a'), prev_kv: true } },
        { request_range: under('txn/') },
      ],
      failure: [{ request_range: under('txn/') }],
    });
    expect([reply.succeeded, Number(reply.header.revision)]).toEqual([true, before + 1]);
    expect(keysOf(reply.responses[1].response_range)).toEqual(['txn/a', 'txn/b']);
    expect(reply.responses[2].response_delete_range.deleted).toBe('1');
    expect(keysOf(reply.responses[3].response_range)).toEqual(['txn/b']);
    expect(reply.responses[3].response_range.kvs[0].mod_revision).toBe(`${before + 1}`);
    const stale = await etcd().call('KV', 'Txn', { compare: [guard], failure: [{ request_range: under('txn/') }] });
    expect([stale.succeeded, Number(stale.header.revision)]).toEqual([false, before + 1]);
    expect(keysOf(stale.responses[0].response_range)).toEqual(['txn/b']);
  });

  test('judges guards over ranges, missing keys and nested transactions before writing', async () => {
    await put('guard/a', 'x');
    await put('guard/b', 'x');
    const judge = async (...compare: object[]): Promise<boolean> =>
      (await etcd().call('KV', 'Txn', { compare })).succeeded;
    const all = under('guard/');
    const none = under('guard/none/');
    expect(await judge({ ...all, target: 'Value', result: 'Equal', value: bytes('x') })).toBe(true);
    expect(await judge({ ...all, target: 'Version', result: 'Greater', version: 1 })).toBe(false);
    expect(await judge({ ...none, target: 'Version', result: 'Equal', version: 0 })).toBe(true);
    expect(await judge({ ...none, target: 'Value', result: 'NotEqual', value: bytes('x') })).toBe(false);
    expect(await judge({ key: bytes('guard/no'), target: 'Lease', result: 'Equal', lease: 0 })).toBe(true);
    expect(await judge({ key: bytes('guard/no'), target: 'Create', result: 'NotEqual', create_revision: 0 })).toBe(
      false,
    );
    const nested = await etcd().call('KV', 'Txn', {
      success: [
        { request_put: { key: bytes('guard/a'), value: bytes('y') } },
        {
          request_txn: {
            compare: [{ key: bytes('guard/a'), target: 'Value', result: 'Equal', value: bytes('x') }],
            success: [{ request_put: { key: bytes('guard/c'), value: bytes('judged first') } }],
          },
        },
      ],
    });
    expect(nested.responses[1].response_txn.succeeded).toBe(true);
    expect(keysOf(await range(all))).toEqual(['guard/a', 'guard/b', 'guard/c']);
  });

  test('refuses with etcd’s codes and words, and a refused transaction changes nothing', async () => {
    const now = await put('bad/a', '1');
    const op = (key: string) => ({ request_put: { key: bytes(key), value: bytes('v') } });
    const txn = (...success: object[]) => refusal(etcd().call('KV', 'Txn', { success }));
    const bigValue = Buffer.alloc(1_600_000);
    expect(await refusal(range({ key: bytes('') }))).toBe('3 etcdserver: key is not provided');
    expect(await refusal(range({ key: bytes('a'), revision: now + 9 }))).toBe(
      '11 etcdserver: mvcc: required revision is a future revision',
    );
    expect(await refusal(put('', 'v'))).toBe('3 etcdserver: key is not provided');
    expect(await refusal(put('bad/none', '', { ignore_value: true }))).toBe('3 etcdserver: key not found');
    expect(await refusal(put('bad/a', 'v', { ignore_value: true }))).toBe('3 etcdserver: value is provided');
    expect(await refusal(put('bad/a', 'v', { ignore_lease: true, lease: 7 }))).toBe('3 etcdserver: lease is provided');
    expect(await refusal(put('bad/a', 'v', { lease: 7 }))).toBe('5 etcdserver: requested lease not found');
    expect(await refusal(etcd().call('KV', 'Put', { key: bytes('bad/a'), value: bigValue }))).toBe(
      '3 etcdserver: request is too large',
    );
    expect(await txn(op('bad/x'), op('bad/x'))).toBe('3 etcdserver: duplicate key given in txn request');
    expect(await txn(op('bad/x'), { request_delete_range: under('bad/') })).toBe(
      '3 etcdserver: duplicate key given in txn request',
    );
    const branches = { request_txn: { success: [op('bad/x')], failure: [op('bad/x')] } };
    expect(await txn(op('bad/x'), branches)).toBe('3 etcdserver: duplicate key given in txn request');
    expect(await txn(...Array.from({ length: 129 }, (_, at) => op(`bad/${at}`)))).toBe(
      '3 etcdserver: too many operations in txn request',
    );
    expect(await txn(op('bad/x'), { request_put: { key: bytes('bad/y'), lease: 7 } })).toBe(
      '5 etcdserver: requested lease not found',
    );
    expect(await txn(op('bad/x'), { request_range: { key: bytes('a'), revision: now + 9 } })).toBe(
      '11 etcdserver: mvcc: required revision is a future revision',
    );
    const after = await range(under('bad/'));
    expect([keysOf(after), Number(after.header.revision)]).toEqual([['bad/a'], now]);
    await expect(txn(branches)).resolves.toBe('answered');
  });

  test('forgets what a compaction covers, and nothing more', async () => {
    const first = await put('compact/a', '1');
    await put('compact/a', '2');
    await put('compact/gone', '1');
    await etcd().call('KV', 'DeleteRange', { key: bytes('compact/gone') });
    const at = await put('compact/b', '1');
    await put('compact/a', '3');
    await etcd().call('KV', 'Compact', { revision: at, physical: true });
    const compacted = '11 etcdserver: mvcc: required revision has been compacted';
    expect(await refusal(range({ key: bytes('compact/a'), revision: first }))).toBe(compacted);
    expect(await refusal(range({ key: bytes('compact/a'), revision: at - 1 }))).toBe(compacted);
    const standing = await range({ ...under('compact/'), revision: at });
    expect(standing.kvs.map((kv: Reply) => `${kv.key}=${kv.value}`)).toEqual(['compact/a=2', 'compact/b=1']);
    expect(await refusal(etcd().call('KV', 'Compact', { revision: at }))).toBe(compacted);
    expect(await refusal(etcd().call('KV', 'Compact', { revision: at + 100 }))).toBe(
      '11 etcdserver: mvcc: required revision is a future revision',
    );
  });
});
