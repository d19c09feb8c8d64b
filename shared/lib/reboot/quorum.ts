/** A member of etcd as the arithmetic sees it: learners have no vote, and only one known to be up counts as healthy. */
export interface QuorumMember {
  readonly name: string;
  readonly votes: boolean;
  readonly healthy: boolean;
}

/** How many members may go now, and the sum that says so. */
export interface QuorumSum {
  readonly voting: number;
  readonly healthy: number;
  readonly quorum: number;
  /** Members that may be taken away on purpose: none while one is away by accident, and never more than one at a time. */
  readonly mayGo: 0 | 1;
  readonly text: string;
}

/**
 * A reboot on purpose is allowed only while all are healthy and the rest is a quorum: with one away already, the next
 * fault would be the cluster's, even where the numbers would still do.
 */
export function quorumSum(members: readonly QuorumMember[]): QuorumSum {
  const voters = members.filter(({ votes }) => votes);
  const away = voters.filter(({ healthy }) => !healthy).map(({ name }) => name);
  const voting = voters.length;
  const healthy = voting - away.length;
  const quorum = Math.floor(voting / 2) + 1;
  const mayGo = away.length === 0 && healthy - 1 >= quorum ? 1 : 0;
  const sum = `${voting} ${voting === 1 ? 'member' : 'members'}, ${healthy} healthy, quorum ${quorum}`;
  return { voting, healthy, quorum, mayGo, text: `${sum}: ${verdict(away, voting, mayGo)}` };
}

/** Why a host must not reboot now because of the member on it; null when it may. Takes its own ill member as leave to mend it by a reboot only where all others are healthy. */
export function quorumRefusal(members: readonly QuorumMember[], going: string): string | null {
  const mine = members.find(({ name }) => name === going);
  if (!mine?.votes) return null;
  const others = members.filter((member) => member.votes && member !== mine);
  const away = others.filter(({ healthy }) => !healthy).map(({ name }) => name);
  const sum = quorumSum(members);
  const left = others.length - away.length;
  // Alone it has nobody to keep the cluster for it, and two cannot spare one of them.
  if (away.length === 0 && (left >= sum.quorum || !mine.healthy)) return null;
  const why =
    away.length > 0 ? `${list(away)} ${away.length === 1 ? 'is' : 'are'} not healthy` : 'no member can be spared';
  return `${going} must not go: ${why}; without it ${left} of ${sum.voting} would be left, and quorum is ${sum.quorum}.`;
}

function verdict(away: readonly string[], voting: number, mayGo: 0 | 1): string {
  if (voting === 0) return 'nobody votes';
  if (away.length > 0) return `with ${list(away)} down none may go`;
  return mayGo === 1 ? 'one may go' : 'none may go';
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
