import { expect, test } from 'vitest';
import { until } from '#kit/etcd.ts';
import { onBothServers, refusal, type Reply, under } from '#kit/etcd-raw.ts';

const bytes = (text: string) => Buffer.from(text);

onBothServers('leases', (etcd) => {
  const grant = (TTL: number, ID: number | string = 0): Promise<Reply> =>
    etcd().call('Lease', 'LeaseGrant', { TTL, ID });
  const left = (ID: string): Promise<Reply> => etcd().call('Lease', 'LeaseTimeToLive', { ID, keys: true });
  const put = (key: string, lease: string): Promise<Reply> =>
    etcd().call('KV', 'Put', { key: bytes(key), value: bytes('v'), lease });
  const keysUnder = async (prefix: string): Promise<string[]> =>
    (await etcd().call('KV', 'Range', under(prefix))).kvs.map((kv: Reply) => String(kv.key));

  test('hold keys until revoked, and delete them in one revision', async () => {
    const { ID, TTL, error } = await grant(60);
    expect([TTL, error]).toEqual(['60', '']);
    await put('hold/b', ID);
    const last = await put('hold/a', ID);
    const holding = await left(ID);
    expect([holding.grantedTTL, holding.keys.map(String).toSorted()]).toEqual(['60', ['hold/a', 'hold/b']]);
    expect(Number(holding.TTL)).toBeGreaterThan(55);
    expect((await etcd().call('Lease', 'LeaseLeases')).leases).toContainEqual({ ID });
    const revoked = await etcd().call('Lease', 'LeaseRevoke', { ID });
    expect(Number(revoked.header.revision)).toBe(Number(last.header.revision) + 1);
    expect(await keysUnder('hold/')).toEqual([]);
    expect(await left(ID)).toMatchObject({ ID, TTL: '-1', grantedTTL: '0', keys: [] });
    expect(await refusal(etcd().call('Lease', 'LeaseRevoke', { ID }))).toBe('5 etcdserver: requested lease not found');
  });

  test('let go of a key that is put without them, and keep it with ignore_lease', async () => {
    const { ID } = await grant(60);
    await put('move/a', ID);
    await put('move/b', ID);
    await etcd().call('KV', 'Put', { key: bytes('move/a'), value: bytes('w'), ignore_lease: true });
    await put('move/b', '0');
    expect((await left(ID)).keys.map(String)).toEqual(['move/a']);
    await etcd().call('Lease', 'LeaseRevoke', { ID });
    expect(await keysUnder('move/')).toEqual(['move/b']);
  });

  test('expire by themselves after their time, which is 2 s at least', async () => {
    const { ID, TTL } = await grant(1);
    expect(TTL).toBe('2');
    await put('expire/a', ID);
    const stream = etcd().stream('Watch', 'Watch');
    stream.write({ create_request: under('expire/') });
    const started = performance.now();
    const gone = await until('expiry', 8000, () => stream.replies.find((reply) => reply.events.length > 0));
    expect([gone.events[0].type, String(gone.events[0].kv.key)]).toEqual(['Delete', 'expire/a']);
    expect(performance.now() - started).toBeGreaterThan(1500);
  });

  test('live on while they are kept alive, and say 0 once gone', async () => {
    const { ID } = await grant(2);
    const stream = etcd().stream('Lease', 'LeaseKeepAlive');
    const timer = setInterval(() => stream.write({ ID }), 500);
    await until('renewals', 10_000, () => stream.replies.length >= 8);
    clearInterval(timer);
    expect(stream.replies.every((reply) => reply.ID === ID && reply.TTL === '2')).toBe(true);
    await etcd().call('Lease', 'LeaseRevoke', { ID });
    const before = stream.replies.length;
    stream.write({ ID });
    expect(await until('refusal', 3000, () => stream.replies[before])).toMatchObject({ ID, TTL: '0' });
  });

  test('take an id of one’s own once', async () => {
    const ID = '1234567890123456789';
    expect((await grant(60, ID)).ID).toBe(ID);
    expect(await refusal(grant(60, ID))).toBe('9 etcdserver: lease already exists');
    expect(await refusal(grant(9_000_000_001))).toBe('11 etcdserver: too large lease TTL');
  });
});

onBothServers('maintenance', (etcd) => {
  test('says who it is, who leads, and the same in every header', async () => {
    const status = await etcd().call('Maintenance', 'Status');
    const { members, header } = await etcd().call('Cluster', 'MemberList');
    expect(members).toHaveLength(1);
    expect(members[0]).toMatchObject({ ID: status.header.member_id, name: 'etcd-1', isLearner: false });
    expect(members[0].clientURLs).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)]);
    expect([status.leader, status.header.cluster_id]).toEqual([status.header.member_id, header.cluster_id]);
    expect(status.version).toMatch(/^3\.\d+\.\d+/);
    expect([status.errors, status.isLearner]).toEqual([[], false]);
    for (const field of ['dbSize', 'raftIndex', 'raftAppliedIndex', 'raftTerm'])
      expect(Number(status[field])).toBeGreaterThan(0);
    await etcd().call('KV', 'Put', { key: bytes('m'), value: bytes('1') });
    const after = await etcd().call('Maintenance', 'Status');
    expect(Number(after.raftIndex)).toBe(Number(status.raftIndex) + 1);
  });

  test('refuses growth under a NOSPACE alarm until it is disarmed, and tells it in Status', async () => {
    const memberID = (await etcd().call('Maintenance', 'Status')).header.member_id;
    const raised = { memberID, alarm: 'Nospace' };
    expect((await etcd().call('Maintenance', 'Alarm', { action: 'Activate', ...raised })).alarms).toEqual([raised]);
    const noSpace = '8 etcdserver: mvcc: database space exceeded';
    expect(await refusal(etcd().call('KV', 'Put', { key: bytes('m'), value: bytes('2') }))).toBe(noSpace);
    expect(await refusal(etcd().call('Lease', 'LeaseGrant', { TTL: 60 }))).toBe(noSpace);
    const txn = { success: [{ request_put: { key: bytes('m'), value: bytes('2') } }] };
    expect(await refusal(etcd().call('KV', 'Txn', txn))).toBe(noSpace);
    expect(await refusal(etcd().call('KV', 'DeleteRange', { key: bytes('m') }))).toBe('answered');
    expect((await etcd().call('Maintenance', 'Status')).errors).toEqual([`memberID:${memberID} alarm:NOSPACE `]);
    expect((await etcd().call('Maintenance', 'Alarm', { action: 'Get' })).alarms).toEqual([raised]);
    await etcd().call('Maintenance', 'Alarm', { action: 'Deactivate', ...raised });
    expect((await etcd().call('Maintenance', 'Alarm', { action: 'Get' })).alarms).toEqual([]);
    expect(await refusal(etcd().call('KV', 'Put', { key: bytes('m'), value: bytes('3') }))).toBe('answered');
  });

  test('refuses a login while authentication is off, and calls that 3.4 does not know', async () => {
    const login = etcd().call('Auth', 'Authenticate', { name: 'root', password: 'x' });
    expect(await refusal(login)).toBe('9 etcdserver: authentication is not enabled');
    expect(await refusal(etcd().call('Maintenance', 'Downgrade'))).toMatch(/^12 /);
    expect(await refusal(etcd().call('Maintenance', 'Defragment'))).toBe('answered');
    expect(await refusal(etcd().call('Maintenance', 'MoveLeader', { targetID: 1 }))).toBe(
      '9 etcdserver: bad leader transferee',
    );
  });

  test('hashes equal content equally, and changed content differently', async () => {
    const hash = async () => (await etcd().call('Maintenance', 'HashKV', { revision: 0 })).hash;
    const before = await hash();
    expect(await hash()).toBe(before);
    await etcd().call('KV', 'Put', { key: bytes('hash'), value: bytes('x') });
    expect(await hash()).not.toBe(before);
  });
});
