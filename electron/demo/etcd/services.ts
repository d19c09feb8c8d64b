import { createHash } from 'node:crypto';
import {
  type handleBidiStreamingCall,
  type handleUnaryCall,
  type Metadata,
  type ServerDuplexStream,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { EnsembleMember } from './ensemble.ts';
import { EtcdError, etcdError } from './etcd-error.ts';
import type { KeyServer } from './key-server.ts';
import type { DeleteRangeRequest, PutRequest, RangeRequest, TxnRequest, WatchRequest } from './messages.ts';

/** What the in-process etcd says it is; it answers as 3.4 does, without the calls that later versions added. */
const version = '3.4.0+demo';

type AlarmRequest = {
  action: 'Get' | 'Activate' | 'Deactivate';
  memberID: string;
  alarm: 'None' | 'Nospace' | 'Corrupt';
};

/** The services of one member, by etcd's names. Calls that are not here are answered UNIMPLEMENTED by gRPC. */
export function memberServices(
  server: KeyServer,
  member: EnsembleMember,
): Record<string, UntypedServiceImplementation> {
  const header = () => server.header(member);
  const unary =
    <Request>(answer: (request: Request) => object): handleUnaryCall<Request, object> =>
    (call, done) => {
      try {
        const needsLeader = call.metadata.get('hasleader')[0] === 'true';
        if (needsLeader && !server.ensemble.leader) throw etcdError('no-leader');
        const answered = answer(call.request);
        done(null, { header: header(), ...answered });
      } catch (error) {
        done(grpcError(error));
      }
    };
  const nothing = () => ({});

  return {
    KV: {
      Range: unary((request: RangeRequest) => server.range(request)),
      Put: unary((request: PutRequest) => server.put(request)),
      DeleteRange: unary((request: DeleteRangeRequest) => server.delete(request)),
      Txn: unary((request: TxnRequest) => server.txn(request)),
      Compact: unary((request: { revision: string }) => {
        server.compact(Number(request.revision));
        return {};
      }),
    },
    Watch: { Watch: watch(server, header) },
    Lease: {
      LeaseGrant: unary((request: { TTL: string; ID: string }) => {
        const { id, seconds } = server.grantLease(request.ID, Number(request.TTL));
        return { ID: id, TTL: seconds };
      }),
      LeaseRevoke: unary((request: { ID: string }) => {
        server.revokeLease(request.ID);
        return {};
      }),
      LeaseKeepAlive: keepAlive(server, header),
      LeaseTimeToLive: unary((request: { ID: string; keys: boolean }) => {
        const left = server.leases.left(request.ID);
        if (!left) return { ID: request.ID, TTL: -1 };
        return { ID: request.ID, TTL: left.seconds, grantedTTL: left.granted, keys: request.keys ? left.keys : [] };
      }),
      LeaseLeases: unary(() => ({ leases: server.leases.ids().map((ID) => ({ ID })) })),
    },
    Maintenance: {
      Status: unary(() => memberStatus(server)),
      Alarm: unary((request: AlarmRequest) => ({ alarms: alarm(server, request) })),
      Defragment: unary(nothing),
      Hash: unary(() => ({ hash: hash(server, server.store.history.revision) })),
      HashKV: unary(({ revision }: { revision: string }) => {
        const { history } = server.store;
        return { hash: hash(server, Number(revision) || history.revision), compact_revision: history.compacted };
      }),
      MoveLeader: unary(({ targetID }: { targetID: string }) => {
        server.ensemble.moveLeader(member, targetID);
        return {};
      }),
    },
    Cluster: {
      MemberList: unary(() => ({
        members: server.ensemble.members.map(({ id, name, url }) => ({
          ID: id,
          name,
          clientURLs: [url],
          peerURLs: [url],
        })),
      })),
    },
    Auth: {
      Authenticate: unary(() => {
        throw etcdError('auth-off');
      }),
    },
  };
}

function memberStatus(server: KeyServer): object {
  const { leader, index, term } = server.ensemble;
  const { all, inUse } = server.store.history.bytes();
  const alarms = server.alarms.map(({ memberID, alarm }) => `memberID:${memberID} alarm:${alarm.toUpperCase()} `);
  return {
    version,
    dbSize: all,
    dbSizeInUse: inUse,
    leader: leader?.id ?? '0',
    raftIndex: index,
    raftAppliedIndex: index,
    raftTerm: term,
    errors: [...(leader ? [] : ['etcdserver: no leader']), ...alarms],
  };
}

function alarm(server: KeyServer, request: AlarmRequest): object[] {
  server.ensemble.decide();
  const { alarms } = server;
  const same = ({ memberID, alarm }: (typeof alarms)[number]) =>
    memberID === request.memberID && alarm === request.alarm;
  if (request.action === 'Get')
    return alarms.filter(({ alarm }) => request.alarm === 'None' || alarm === request.alarm);
  const held = alarms.findIndex(same);
  if (request.action === 'Deactivate') return held < 0 ? [] : alarms.splice(held, 1);
  if (request.alarm === 'None') return [];
  const raised = { memberID: request.memberID, alarm: request.alarm };
  if (held < 0) alarms.push(raised);
  return [raised];
}

function hash(server: KeyServer, revision: number): number {
  const whole = { start: Buffer.from([0]), end: null };
  const digest = createHash('sha1');
  for (const { key, value, modRevision } of server.store.history.at(whole, revision))
    digest.update(key).update(value).update(String(modRevision));
  return digest.digest().readUInt32BE();
}

function watch(server: KeyServer, header: () => object): handleBidiStreamingCall<WatchRequest, object> {
  return (call) => {
    const needsLeader = wantsLeader(call.metadata);
    if (needsLeader && !server.ensemble.leader) {
      fail(call, etcdError('no-leader'));
      return;
    }
    const client = server.watch(
      ({ revision, ...reply }) => void call.write({ header: { ...header(), revision }, ...reply }),
      () => {
        if (needsLeader) fail(call, etcdError('no-leader'));
      },
    );
    call.on('data', (request: WatchRequest) => client.watchers.take(request));
    untilEnd(call, () => server.unwatch(client));
  };
}

function keepAlive(server: KeyServer, header: () => object): handleBidiStreamingCall<{ ID: string }, object> {
  return (call) => {
    call.on('data', ({ ID }: { ID: string }) => {
      try {
        call.write({ header: header(), ID, TTL: server.keepAlive(ID) });
      } catch (error) {
        fail(call, error);
      }
    });
    untilEnd(call, () => {});
  };
}

function untilEnd<A, B>(call: ServerDuplexStream<A, B>, ended: () => void): void {
  call.on('end', () => {
    ended();
    call.end();
  });
  call.on('cancelled', ended);
  call.on('close', ended);
  call.on('error', ended);
}

function fail<A, B>(call: ServerDuplexStream<A, B>, error: unknown): void {
  call.emit('error', grpcError(error));
}

function wantsLeader(metadata: Metadata): boolean {
  return metadata.get('hasleader')[0] === 'true';
}

function grpcError(error: unknown): { code: status; details: string } {
  if (error instanceof EtcdError) return { code: error.code, details: error.message };
  return { code: status.INTERNAL, details: error instanceof Error ? error.message : String(error) };
}
