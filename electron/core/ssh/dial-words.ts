import { cleanLine } from '#shared/lib/clean-text.ts';
import type { Problem } from '#shared/contract/problem.ts';

interface SocketError {
  readonly code?: unknown;
  readonly level?: unknown;
  readonly message?: unknown;
}

const bySocketCode: Record<string, (at: string) => Problem> = {
  ECONNREFUSED: (at) => ({
    code: 'unreachable',
    message: `${at} refused the connection`,
    hint: 'Is sshd running there, on that port?',
  }),
  ENOTFOUND: (at) => ({
    code: 'unreachable',
    message: `The name in ${at} does not resolve`,
    hint: 'Check the address in the cluster file, or the resolver of this machine.',
  }),
  EAI_AGAIN: (at) => ({
    code: 'unreachable',
    message: `The name in ${at} could not be looked up`,
    hint: 'The resolver of this machine does not answer.',
  }),
  EHOSTUNREACH: (at) => ({ code: 'unreachable', message: `No route to ${at}`, hint: 'Is the network or VPN up?' }),
  ENETUNREACH: (at) => ({
    code: 'unreachable',
    message: `No network towards ${at}`,
    hint: 'Is the network or VPN up?',
  }),
  ETIMEDOUT: (at) => ({
    code: 'timeout',
    message: `${at} did not answer`,
    hint: 'The host is down, or a firewall drops the packets.',
  }),
  ECONNRESET: (at) => ({
    code: 'lost',
    message: `${at} hung up`,
    hint: 'sshd may be starting, or limits new connections (MaxStartups).',
  }),
};

/** Words for a connection attempt that failed before anyone was asked to log in; `at` is `address:port`. */
export function dialProblem(error: unknown, at: string): Problem {
  const { code, level, message } = (error ?? {}) as SocketError;
  const text = cleanLine(typeof message === 'string' ? message : String(error), 300);
  if (typeof code === 'string' && bySocketCode[code]) return bySocketCode[code](at);
  if (level === 'client-timeout') {
    return {
      code: 'timeout',
      message: `${at} accepted the connection but did not finish the SSH handshake`,
      hint: 'The host may be overloaded or hung.',
    };
  }
  if (/no matching/i.test(text)) {
    return {
      code: 'unsupported',
      message: `${at} and the console share no way to encrypt: ${text}`,
      hint: 'The host allows only algorithms this console lacks; allow curve25519-sha256 and a common host key type there.',
    };
  }
  if (text === 'Connection lost before handshake') {
    return {
      code: 'lost',
      message: `${at} hung up before the SSH handshake`,
      hint: 'sshd may be starting, or limits new connections (MaxStartups).',
    };
  }
  if (level === 'handshake' || level === 'protocol' || (level === undefined && code === undefined)) {
    return {
      code: 'protocol',
      message: `${at} broke the SSH handshake: ${text}`,
      hint: 'Is it really an SSH server on that port?',
    };
  }
  return { code: 'unreachable', message: `${at}: ${text}`, hint: 'The console tries again by itself.' };
}
