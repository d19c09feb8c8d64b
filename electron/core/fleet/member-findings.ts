import type { EtcdCluster, EtcdMember } from '#shared/contract/etcd.ts';
import { farBehind } from '../etcd/cluster-state.ts';
import type { Finding } from './finding.ts';

/** An etcd member as its host sees it: itself, the alarms it raised, and whether the cluster has lost its quorum. */
export interface MemberSight {
  readonly member: EtcdMember;
  readonly alarms: readonly string[];
  readonly quorumLost: boolean;
}

/** The members of a cluster by the hosts they run on; those of no known host are left out. */
export function membersByHost(etcd: EtcdCluster | undefined): Map<string, MemberSight[]> {
  const found = new Map<string, MemberSight[]>();
  for (const member of etcd?.members ?? []) {
    if (member.host === null) continue;
    const alarms = (etcd?.alarms ?? []).filter(({ memberId }) => memberId === member.id).map(({ alarm }) => alarm);
    const sight = { member, alarms, quorumLost: etcd?.state === 'no-quorum' };
    found.set(member.host, [...(found.get(member.host) ?? []), sight]);
  }
  return found;
}

/** What is wrong with an etcd member; one that may not be asked, or cannot be reached from here, proves nothing. */
export function memberFindings({ member, alarms, quorumLost }: MemberSight): Finding[] {
  const name = member.name || member.id;
  const bad = (text: string, about = ''): Finding => ({
    code: 'etcd-member',
    state: 'failing',
    text: `etcd member ${name} ${text}`,
    subject: about === '' ? name : `${name} ${about}`,
  });
  const raised = alarms.map((alarm) => bad(alarmWords[alarm] ?? `raised the alarm ${alarm}`, alarm));
  const { state, since, reason } = member;
  if (state === 'unreachable') return [{ ...bad(`does not answer: ${reason}`), since }, ...raised];
  if (state === 'not-started') return [{ ...bad(`was ${reason}`), since }, ...raised];
  if (state !== 'up') return raised;
  const own = member.errors.filter((error) => !error.startsWith('memberID:'));
  const leaderless = own.filter((error) => /no leader/i.test(error));
  const out = [...raised];
  if (quorumLost) out.push(bad('has no leader, as the cluster has lost its quorum: nothing can be written'));
  else if (leaderless.length > 0) out.push(bad('has no leader: it is cut off from the others'));
  const others = own.filter((error) => !leaderless.includes(error));
  if (others.length > 0) out.push({ ...bad(`says: ${others.join('; ')}`, 'errors'), state: 'attention' });
  if (member.raftLag > farBehind)
    out.push({ ...bad(`is ${member.raftLag} entries behind the others`, 'lag'), state: 'attention', hold: true });
  return out;
}

const alarmWords: Readonly<Record<string, string>> = {
  NOSPACE: 'is out of space (NOSPACE): the cluster refuses writes',
  CORRUPT: 'found its data corrupt (CORRUPT): it may not be believed',
};
