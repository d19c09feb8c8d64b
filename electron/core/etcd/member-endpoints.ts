import { isLocal, urlHost } from './member-hosts.ts';
import type { MemberReading } from './member-reading.ts';

/** A member as the cluster's own list says it; the name is empty until it has started. */
export interface ListedMember {
  readonly id: string;
  readonly name: string;
  readonly clientUrls: readonly string[];
  readonly peerUrls: readonly string[];
  readonly learner: boolean;
}

/** An endpoint and what is known of it; `dialledFor` is the member whose advertised address it is, when not configured. */
export interface EndpointReading {
  readonly url: string;
  readonly dialledFor: string | null;
  readonly reading: MemberReading;
}

export interface Assignment {
  readonly byMember: ReadonlyMap<string, EndpointReading>;
  /** Configured endpoints that no member could be found for. */
  readonly loose: readonly EndpointReading[];
  /** Members whose advertised addresses should be dialled, since no configured endpoint can be theirs. */
  readonly toDial: readonly ListedMember[];
}

/**
 * Finds which configured endpoint serves which member: by the id it answered with (endpoints may be port forwards that
 * no advertised address resembles), else by the same address, else by being the only ones left over.
 */
export function assignEndpoints(members: readonly ListedMember[], endpoints: readonly EndpointReading[]): Assignment {
  const byMember = new Map<string, EndpointReading>();
  let loose: EndpointReading[] = [];
  for (const endpoint of endpoints) {
    if (endpoint.dialledFor !== null) continue;
    const id = endpoint.reading.figures?.memberId;
    const held = id === undefined ? undefined : byMember.get(id);
    if (id === undefined) loose.push(endpoint);
    else if (!held || held.reading.state !== 'up') byMember.set(id, endpoint);
  }
  const free = () => members.filter((member) => !byMember.has(member.id));
  loose = loose.filter((endpoint) => {
    const like = free().filter((member) => sameAddress(endpoint.url, member));
    if (like.length === 1 && like[0]) byMember.set(like[0].id, endpoint);
    return like.length !== 1;
  });
  const [left, ...others] = free();
  if (left && others.length === 0 && loose.length === 1 && loose[0]) {
    byMember.set(left.id, loose[0]);
    loose = [];
  }
  const unserved = free();
  for (const endpoint of endpoints) if (endpoint.dialledFor !== null) dialled(endpoint, unserved, byMember);
  const secure = endpoints.some(({ url, dialledFor }) => dialledFor === null && url.startsWith('https:'));
  const local = endpoints.every(({ url, dialledFor }) => dialledFor !== null || isLocal(urlHost(url)));
  const toDial =
    loose.length < unserved.length
      ? unserved.filter((member) => member.clientUrls.some((url) => dialable(url, secure, local)))
      : [];
  return { byMember, loose, toDial };
}

/** The advertised address to dial: never plain text when the cluster file speaks TLS, never our own machine in its place. */
export function dialable(url: string, secure: boolean, local: boolean): boolean {
  if (!URL.canParse(url) || !/^https?:/.test(url)) return false;
  const { pathname, username } = new URL(url);
  if (pathname !== '/' || username !== '') return false;
  return (url.startsWith('https:') || !secure) && (local || !isLocal(urlHost(url)));
}

function dialled(
  endpoint: EndpointReading,
  unserved: readonly ListedMember[],
  byMember: Map<string, EndpointReading>,
): void {
  const member = unserved.find(({ id }) => id === endpoint.dialledFor);
  if (!member) return;
  const answeredAs = endpoint.reading.figures?.memberId;
  const other = answeredAs !== undefined && answeredAs !== member.id;
  const reason = `its advertised address ${endpoint.url} answers as another member`;
  const reading: MemberReading = { ...endpoint.reading, state: 'unknown', reason, figures: null, readAt: null };
  byMember.set(member.id, other ? { ...endpoint, reading } : endpoint);
}

function sameAddress(endpoint: string, member: ListedMember): boolean {
  const plain = (url: string) => url.replace(/\/+$/, '').toLowerCase();
  if (member.clientUrls.some((url) => plain(url) === plain(endpoint))) return true;
  const host = urlHost(endpoint);
  return !isLocal(host) && [...member.clientUrls, ...member.peerUrls].some((url) => urlHost(url) === host);
}
