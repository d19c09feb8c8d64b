import type { Problem } from '#shared/contract/problem.ts';
import type { Reach } from '../hosts/hosts.ts';
import { DialError, type SecretNeed, type SeenKey } from './dial-error.ts';
import type { KeyVerdict } from './dial.ts';

/** The server took none of what was offered, and there is nothing left that a person could be asked for. */
export function refusedProblem(at: string, user: string, keys: number, methods: readonly string[]): Problem {
  const offered =
    keys === 0 ? 'no key was there to offer' : `none of ${keys} offered ${keys === 1 ? 'key' : 'keys'} is accepted`;
  const takes = methods.length > 0 ? ` (it takes ${methods.slice(0, 6).join(', ')})` : '';
  return {
    code: 'authentication',
    message: `${at} refused ${user}: ${offered}${takes}`,
    hint: 'Load the right key into the agent or name its file in the cluster file, then connect again.',
  };
}

/** sshd hangs up after MaxAuthTries keys. */
export function tooManyKeys(at: string, keys: number): Problem {
  return {
    code: 'authentication',
    message: `${at} hung up after too many of ${keys} keys were offered`,
    hint: 'Name the right key file in the cluster file; it is then offered first.',
  };
}

/** A secret is missing; says which. */
export function needProblem(need: SecretNeed, at: string): Problem {
  return need.kind === 'passphrase'
    ? {
        code: 'authentication',
        message: `The key ${need.file} is encrypted`,
        hint: 'Enter its passphrase once; it serves every host that uses the key.',
      }
    : {
        code: 'authentication',
        message: `${at} asks for a password`,
        hint: 'Enter it in the prompt, or set up a key.',
      };
}

/** The error for a key that is not simply known; null when it is. */
export function keyProblem(verdict: KeyVerdict, seen: SeenKey, reach: Reach, at: string): DialError | null {
  if (verdict.verdict === 'known') return null;
  if (verdict.verdict === 'unknown') {
    return new DialError(
      { kind: 'key-unknown', seen },
      {
        code: 'host-key',
        message: `${at} shows a key nobody has accepted yet: ${seen.type} ${seen.fingerprint}`,
        hint: 'Compare the fingerprint with the host and accept it.',
      },
      reach,
    );
  }
  const recorded = verdict.known.map((key) => `${key.type} ${key.fingerprint} (${key.place})`).join(', ');
  const message =
    verdict.verdict === 'revoked'
      ? `${at} shows a key marked as revoked: ${seen.type} ${seen.fingerprint}`
      : `THE HOST KEY OF ${at} CHANGED: now ${seen.type} ${seen.fingerprint}, known is ${recorded}`;
  return new DialError(
    { kind: 'key-changed', seen, known: verdict.known },
    {
      code: 'host-key',
      message,
      hint: 'Someone may be in between, or the host was reinstalled. If you know why, remove the old line from known_hosts and connect again.',
    },
    reach,
  );
}
