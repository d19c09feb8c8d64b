import type { EtcdCluster, EtcdMember } from '#shared/contract/etcd.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { type Assignment, assignEndpoints, type EndpointReading, type ListedMember } from './member-endpoints.ts';
import { hostOfMember, type KnownHost, urlHost } from './member-hosts.ts';

/** Everything seen of a cluster at one moment. */
export interface ClusterSight {
  readonly now: number;
  readonly endpoints: readonly EndpointReading[];
  /** Null until a member gave it, `refused` when it was asked for in vain. */
  readonly listed: readonly ListedMember[] | 'refused' | null;
  readonly login: Problem | null;
  readonly hosts: readonly KnownHost[];
}

/** A member that is more entries behind the most advanced one asks for attention. */
export const farBehind = 10_000;

/** Judges what was seen; `before` gives each state its "since" and keeps last values of members that fell silent. */
export function clusterState(sight: ClusterSight, before: EtcdCluster | null): EtcdCluster {
  const listed = Array.isArray(sight.listed) ? sight.listed : unlisted(sight.endpoints);
  const assignment = assignEndpoints(listed, sight.endpoints);
  const seen = listed.map((member) => memberState(member, assignment, sight, before));
  const top = Math.max(0, ...seen.filter(({ state }) => state === 'up').map(({ raftIndex }) => raftIndex));
  const figures = sight.endpoints.flatMap(({ reading }) => (reading.state === 'up' ? (reading.figures ?? []) : []));
  const newest = figures.toSorted((a, b) => b.raftTerm - a.raftTerm).find(({ leader }) => leader !== '');
  const leaderId = newest?.leader ?? '';
  const members = seen.map(
    (member): EtcdMember => ({
      ...member,
      leader: member.id === leaderId,
      raftLag: member.state === 'up' ? Math.max(0, top - member.raftAppliedIndex) : member.raftLag,
    }),
  );
  const alarms = alarmsOf(figures.flatMap(({ errors }) => errors));
  const verdict = judge(members, alarms, leaderId, assignment, sight);
  const reads = sight.endpoints.flatMap(({ reading }) => reading.readAt ?? []);
  return {
    ...verdict,
    since: before?.state === verdict.state ? before.since : sight.now,
    readAt: reads.length > 0 ? Math.max(...reads) : null,
    clusterId: figures[0]?.clusterId ?? before?.clusterId ?? '',
    revision: Math.max(before?.revision ?? 0, ...figures.map(({ revision }) => revision)),
    leaderId,
    members,
    alarms,
  };
}

/** Before the first member list, each endpoint stands for a member of its own. */
function unlisted(endpoints: readonly EndpointReading[]): ListedMember[] {
  const seen = endpoints.map(({ url, reading }): ListedMember => {
    const learner = reading.figures?.learner ?? false;
    return { id: reading.figures?.memberId ?? url, name: urlHost(url), clientUrls: [url], peerUrls: [], learner };
  });
  return [...new Map(seen.map((member) => [member.id, member])).values()];
}

function memberState(
  member: ListedMember,
  assignment: Assignment,
  sight: ClusterSight,
  before: EtcdCluster | null,
): EtcdMember {
  const endpoint = assignment.byMember.get(member.id) ?? null;
  const old = before?.members.find(({ id }) => id === member.id);
  const { state, reason } = endpoint ? endpoint.reading : unserved(member, assignment);
  const figures = endpoint?.reading.figures;
  const { clientUrls, peerUrls } = member;
  const place = { name: member.name, clientUrls, peerUrls, endpoint: endpoint?.url ?? null };
  return {
    id: member.id,
    name: member.name,
    clientUrls: [...clientUrls],
    peerUrls: [...peerUrls],
    learner: member.learner,
    host: hostOfMember(place, sight.hosts),
    state,
    reason,
    since: old?.state === state ? old.since : sight.now,
    readAt: endpoint?.reading.readAt ?? old?.readAt ?? null,
    version: figures?.version ?? old?.version ?? '',
    dbBytes: figures?.dbBytes ?? old?.dbBytes ?? 0,
    dbUsedBytes: figures?.dbUsedBytes ?? old?.dbUsedBytes ?? 0,
    raftTerm: figures?.raftTerm ?? old?.raftTerm ?? 0,
    raftIndex: figures?.raftIndex ?? old?.raftIndex ?? 0,
    raftAppliedIndex: figures?.raftAppliedIndex ?? old?.raftAppliedIndex ?? 0,
    raftLag: old?.raftLag ?? 0,
    leader: false,
    latencyMs: endpoint?.reading.latencyMs ?? null,
    errors: state === 'up' ? [...(figures?.errors ?? [])] : [],
  };
}

function unserved(member: ListedMember, { loose, toDial }: Assignment): Pick<EtcdMember, 'state' | 'reason'> {
  if (member.name === '' && member.clientUrls.length === 0)
    return { state: 'not-started', reason: 'added to the cluster, but never started' };
  if (toDial.some(({ id }) => id === member.id)) return { state: 'unknown', reason: 'not asked yet' };
  if (loose.length > 0) {
    const silent = loose.map(({ url, reading }) => `${url}: ${reading.reason}`).join('; ');
    return { state: 'unreachable', reason: `no endpoint answers as this member (${silent})` };
  }
  return {
    state: 'unknown',
    reason: `its address ${member.clientUrls[0] ?? ''} cannot be reached from here; name an endpoint for it in the cluster file`,
  };
}

/** Status carries the alarms as text (asking for them outright would write to the raft log each time). */
function alarmsOf(errors: readonly string[]): EtcdCluster['alarms'] {
  const found = new Map<string, EtcdCluster['alarms'][number]>();
  for (const error of errors) {
    const match = /^memberID:\s*(\d{1,20})\s+alarm:\s*([A-Z]+)$/.exec(error);
    if (!match?.[1] || !match[2]) continue;
    found.set(error, { memberId: BigInt(match[1]).toString(16), alarm: match[2] });
  }
  return [...found.values()];
}

function judge(
  members: readonly EtcdMember[],
  alarms: EtcdCluster['alarms'],
  leaderId: string,
  { loose }: Assignment,
  { endpoints, login, listed }: ClusterSight,
): Pick<EtcdCluster, 'state' | 'reason'> {
  if (endpoints.length === 0) return { state: 'none', reason: 'The cluster file names no etcd endpoints.' };
  const up = members.filter(({ state }) => state === 'up');
  const denied = endpoints.find(({ reading }) => reading.state === 'unauthorized');
  const configured = endpoints.filter(({ dialledFor }) => dialledFor === null);
  if (configured.some(({ reading }) => reading.state === 'unknown'))
    return { state: 'connecting', reason: 'asking the members' };
  if (up.length === 0) {
    if (denied)
      return { state: 'unauthorized', reason: `etcd does not let us read its status: ${denied.reading.reason}` };
    const reasons = new Set(configured.map(({ url, reading }) => `${url}: ${reading.reason}`));
    return { state: 'unreachable', reason: `no member answers (${[...reasons].join('; ')})` };
  }
  if (listed === null) return { state: 'connecting', reason: 'reading the member list' };
  if (leaderId === '') {
    const count = `${up.length} of ${members.length} members answer`;
    return { state: 'no-quorum', reason: `${count}, but they have no leader: nothing can be written` };
  }
  if (login) return { state: 'unauthorized', reason: login.message };
  const wrong = [...members.flatMap(complaint), ...alarms.map((alarm) => alarmWords(alarm, members))];
  if (wrong.length > 0) return { state: 'degraded', reason: wrong.join('; ') };
  const spare = loose.map(({ url, reading }) => `${url} is no member's endpoint (${reading.reason})`);
  return { state: 'healthy', reason: spare.join('; ') };
}

function complaint(member: EtcdMember): string[] {
  const name = member.name || member.id;
  if (member.state === 'unreachable') return [`${name} does not answer: ${member.reason}`];
  if (member.state === 'not-started') return [`${name} was ${member.reason}`];
  if (member.state === 'up' && member.raftLag > farBehind) return [`${name} is ${member.raftLag} entries behind`];
  return member.errors.filter((error) => !error.startsWith('memberID:')).map((error) => `${name}: ${error}`);
}

function alarmWords({ memberId, alarm }: EtcdCluster['alarms'][number], members: readonly EtcdMember[]): string {
  const name = members.find(({ id }) => id === memberId)?.name || memberId;
  if (alarm === 'NOSPACE') return `${name} is out of space (NOSPACE): writes are refused`;
  return `${name} raised ${alarm}`;
}
