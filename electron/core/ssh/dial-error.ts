import { ProblemError, type Problem } from '#shared/contract/problem.ts';
import type { Reach } from '../hosts/hosts.ts';

/** A host key as the server showed it. */
export interface SeenKey {
  readonly type: string;
  readonly blob: Buffer;
  /** `SHA256:` and base64 without padding, as OpenSSH prints it. */
  readonly fingerprint: string;
}

/** A key that known_hosts already holds for the same name. */
export interface RecordedKey {
  readonly type: string;
  readonly fingerprint: string;
  readonly place: string;
}

/** A secret that would let the login go on. */
export type SecretNeed =
  | { readonly kind: 'passphrase'; readonly file: string }
  | { readonly kind: 'password'; readonly account: string };

/** Why a connection could not be made, by what has to happen next. */
export type DialFailure =
  | { readonly kind: 'transient' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'secret'; readonly need: SecretNeed; readonly error: string }
  | { readonly kind: 'key-unknown'; readonly seen: SeenKey }
  | { readonly kind: 'key-changed'; readonly seen: SeenKey; readonly known: readonly RecordedKey[] };

/** A failed connection attempt: the problem in words, what it waits for, and at which machine (a jump host, or the host itself). */
export class DialError extends ProblemError {
  readonly failure: DialFailure;
  readonly reach: Reach;
  constructor(failure: DialFailure, problem: Problem, reach: Reach) {
    super(problem);
    this.name = 'DialError';
    this.failure = failure;
    this.reach = reach;
  }
}
