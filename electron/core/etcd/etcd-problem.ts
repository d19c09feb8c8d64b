import { status as codes } from '@grpc/grpc-js';
import { EtcdLeaseInvalidError } from 'etcd3';
import { type ProblemCode, ProblemError } from '#shared/contract/problem.ts';

/** A gRPC status taken out of whatever grpc-js or etcd3 threw. */
export interface EtcdStatus {
  readonly code: codes;
  /** The server's words without grpc's decoration. */
  readonly details: string;
}

/** What the token interceptor answers instead of etcd's own words, which etcd3 would repeat for ever. */
export const tokenRefused = 'etcd asks for a new token';

/** The status inside a thrown value, or null when it is not one. etcd3 keeps grpc-js's `<code> <NAME>: <details>` text only. */
export function statusOf(error: unknown): EtcdStatus | null {
  if (!(error instanceof Error) || error instanceof ProblemError) return null;
  if (error instanceof EtcdLeaseInvalidError) return { code: codes.NOT_FOUND, details: 'requested lease not found' };
  const match = /^\d{1,2} ([A-Z_]+): (.*)$/s.exec(error.message);
  const name = match?.[1];
  return name !== undefined && name in codes
    ? { code: codes[name as keyof typeof codes], details: match?.[2] ?? '' }
    : null;
}

const byCode: Readonly<Record<number, ProblemCode>> = {
  [codes.CANCELLED]: 'cancelled',
  [codes.INVALID_ARGUMENT]: 'invalid-input',
  [codes.DEADLINE_EXCEEDED]: 'timeout',
  [codes.NOT_FOUND]: 'not-found',
  [codes.ALREADY_EXISTS]: 'conflict',
  [codes.PERMISSION_DENIED]: 'permission',
  [codes.RESOURCE_EXHAUSTED]: 'refused',
  [codes.FAILED_PRECONDITION]: 'refused',
  [codes.ABORTED]: 'conflict',
  [codes.OUT_OF_RANGE]: 'invalid-input',
  [codes.UNIMPLEMENTED]: 'unsupported',
  [codes.INTERNAL]: 'lost',
  [codes.UNAVAILABLE]: 'unreachable',
  [codes.DATA_LOSS]: 'refused',
  [codes.UNAUTHENTICATED]: 'authentication',
};

const byWords: readonly (readonly [string, ProblemCode, string?])[] = [
  ['mvcc: required revision has been compacted', 'stale', 'List again: the history before this revision is gone.'],
  ['authentication failed, invalid user ID or password', 'authentication'],
  ['revision of auth store is old', 'stale'],
  ['too many requests', 'busy'],
  [
    'mvcc: database space exceeded',
    'refused',
    'Compact, defragment each member, then disarm the NOSPACE alarm; deletes and reads still work.',
  ],
];

/** True for grpc-js's own refusal of a reply over the receive limit, as against etcd's refusals. */
export function replyTooLarge(status: EtcdStatus | null): boolean {
  return status?.code === codes.RESOURCE_EXHAUSTED && !status.details.startsWith('etcdserver:');
}

/** True when a call surely did nothing: it never left for want of a connection, or etcd said before all else that it has no leader. */
export function neverDone(status: EtcdStatus | null): boolean {
  const words = status?.details ?? '';
  return words === 'etcdserver: no leader' || words.startsWith('No connection established');
}

/** True when another member, or the same one later, may well answer. */
export function worthRepeating(status: EtcdStatus | null): boolean {
  return (
    status?.code === codes.UNAVAILABLE || status?.code === codes.DEADLINE_EXCEEDED || status?.code === codes.INTERNAL
  );
}

/** Any thrown value as a ProblemError that names the endpoint; what is already one passes through. */
export function etcdProblem(error: unknown, endpoint: string): ProblemError {
  if (error instanceof ProblemError) return error;
  const status = statusOf(error);
  if (!status) {
    const message = error instanceof Error ? error.message : String(error);
    return new ProblemError({ code: 'internal', message }, { cause: error });
  }
  const known = byWords.find(([words]) => status.details.includes(words));
  const code = known?.[1] ?? byCode[status.code] ?? 'protocol';
  const hint = known?.[2] ? { hint: known[2] } : {};
  return new ProblemError({ code, message: `etcd at ${endpoint}: ${inWords(status)}`, ...hint }, { cause: error });
}

/** A status as a person would say it, one line, at most 300 characters. */
export function inWords(status: EtcdStatus): string {
  if (status.code === codes.DEADLINE_EXCEEDED) return 'no answer in time';
  const cause = /Last error: (?:Error: )?(.*?)(?:\. Resolution note:.*)?$/s.exec(status.details)?.[1] ?? status.details;
  if (cause.includes('ECONNREFUSED')) return 'connection refused';
  if (cause.includes('ECONNRESET') || cause.includes('Connection dropped')) return 'connection lost';
  const words = cause
    .replace(/^etcdserver: /, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return words.slice(0, 300) || `gRPC status ${status.code}`;
}
