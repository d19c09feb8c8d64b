import { fail } from '#shared/contract/problem.ts';

/** What a side of the handshake does with one line of the other: bytes to send, and whether messages follow. */
export interface AuthStep {
  readonly send: string;
  readonly done: boolean;
}

/** One side of the handshake. */
export interface AuthSide {
  /** Sent at once. */
  readonly opening: string;
  /** The single NUL byte that a client sends before its first line. */
  readonly expectsNul: boolean;
  /** Takes one line without its CR LF; throws a ProblemError when the handshake failed. */
  line(text: string): AuthStep;
}

const nothing: AuthStep = { send: '', done: false };

/**
 * The client's half. With `none` no identity is claimed and the server takes the one it sees on its socket: over a
 * forwarded socket that is the ssh user, whose number the console does not know. Everything is sent in one go, as
 * systemd's own library does, which saves two round trips.
 */
export function authClient(identity: 'none' | (string & {})): AuthSide {
  const hex = Buffer.from(identity, 'utf8').toString('hex');
  const claim = identity === 'none' ? 'AUTH EXTERNAL\r\nDATA\r\n' : `AUTH EXTERNAL ${hex}\r\n`;
  return {
    opening: `\0${claim}BEGIN\r\n`,
    expectsNul: false,
    line(text) {
      if (text === 'DATA' || text.startsWith('DATA ')) return nothing;
      if (text === 'OK' || text.startsWith('OK ')) return { send: '', done: true };
      if (text.startsWith('REJECTED'))
        throw fail('permission', 'the message bus did not accept the user of this connection');
      throw fail('protocol', `the message bus answered the handshake with ${JSON.stringify(text.slice(0, 80))}`);
    },
  };
}

/** The server's half: EXTERNAL with any identity or none, and ANONYMOUS; `guid` is 32 hex digits. */
export function authServer(guid: string): AuthSide {
  let state: 'start' | 'data' | 'accepted' = 'start';
  const accept = (): AuthStep => {
    state = 'accepted';
    return { send: `OK ${guid}\r\n`, done: false };
  };
  return {
    opening: '',
    expectsNul: true,
    line(text) {
      const [command, mechanism, initial] = text.split(' ');
      switch (command) {
        case 'AUTH':
          if (mechanism === 'ANONYMOUS' || (mechanism === 'EXTERNAL' && initial)) return accept();
          if (mechanism !== 'EXTERNAL') return { send: 'REJECTED EXTERNAL ANONYMOUS\r\n', done: false };
          state = 'data';
          return { send: 'DATA\r\n', done: false };
        case 'DATA':
          return state === 'data' ? accept() : { send: 'ERROR\r\n', done: false };
        case 'BEGIN':
          if (state === 'accepted') return { send: '', done: true };
          throw fail('protocol', 'the other side began before it was accepted');
        case 'CANCEL':
        case 'ERROR':
          state = 'start';
          return { send: 'REJECTED EXTERNAL ANONYMOUS\r\n', done: false };
        default:
          return { send: 'ERROR\r\n', done: false };
      }
    },
  };
}
