import type { EtcdCluster, EtcdMember } from '#shared/contract/etcd.ts';
import { quorumRefusal, type QuorumMember, quorumSum } from '#shared/lib/reboot/quorum.ts';
import { memberFindings } from '../fleet/member-findings.ts';

/** Members are asked every 1.5 s; what is older than a few misses proves nothing. */
const freshMs = 10_000;

/** What the guard looks at: the cluster's etcd as last read, and the host of a member that was just told to go down. */
export interface QuorumSight {
  readonly etcd: EtcdCluster | undefined;
  readonly now: number;
  readonly goingDown: string | null;
}

/** Whether a member of etcd with a vote runs on the host. */
export function votesOn(etcd: EtcdCluster | undefined, host: string): boolean {
  return etcd?.members.some((member) => member.host === host && !member.learner) ?? false;
}

/** Why a host must not go down, or lose its etcd, because of the quorum; the sum is in the text. Null when it may. */
export function quorumObstacle({ etcd, now, goingDown }: QuorumSight, host: string): string | null {
  if (!etcd || etcd.state === 'none') return null;
  if (etcd.members.length === 0)
    return `The members of the cluster's etcd were not read yet, so that it is not known whether ${host} is one of them.`;
  if (!votesOn(etcd, host)) return null;
  const voters = etcd.members.filter(({ learner }) => !learner);
  const old = voters.filter((member) => member.state === 'up' && now - (member.readAt ?? 0) > freshMs);
  if (old.length > 0) {
    const names = old.map((member) => nameOf(member, goingDown)).join(', ');
    return `${host} must not go: how etcd's ${names} ${old.length === 1 ? 'is' : 'are'} was not read in the last ${freshMs / 1000} s.`;
  }
  const members = voters.map((member): QuorumMember => {
    const away = member.host !== host && member.host === goingDown;
    return { name: nameOf(member, goingDown), votes: true, healthy: !away && isHealthy(etcd, member) };
  });
  const mine = voters.flatMap((member, at) => (member.host === host ? [members[at]?.name ?? ''] : []));
  for (const going of mine) {
    // Others on the same host go with it.
    const seen = members.map((member) =>
      mine.includes(member.name) && member.name !== going ? { ...member, healthy: false } : member,
    );
    const refusal = quorumRefusal(seen, going);
    if (refusal !== null) return `etcd's ${refusal} (${quorumSum(seen).text})`;
  }
  return null;
}

/** Known to be up, with a leader and without an alarm. */
export function isHealthy(etcd: EtcdCluster, member: EtcdMember): boolean {
  const alarms = etcd.alarms.filter(({ memberId }) => memberId === member.id).map(({ alarm }) => alarm);
  const findings = memberFindings({ member, alarms, quorumLost: etcd.state === 'no-quorum' });
  return member.state === 'up' && !findings.some(({ state }) => state === 'failing');
}

function nameOf({ name, id, host }: EtcdMember, goingDown: string | null): string {
  return `${name || id}${host !== null && host === goingDown ? ', which is being rebooted,' : ''}`;
}
