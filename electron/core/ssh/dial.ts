import type { Duplex } from 'node:stream';
import ssh2, { type Client, type NegotiatedAlgorithms } from 'ssh2';
import type { Reach } from '../hosts/hosts.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { DialError, type RecordedKey, type SeenKey } from './dial-error.ts';
import { dialProblem } from './dial-words.ts';
import { offerOrder, seenKey } from './host-key.ts';
import type { KeyFiles } from './key-files.ts';
import { agentKeys, fileKey, offerInOrder, onlyNamed, type OfferedKey } from './key-ring.ts';
import { login, type LoginSecrets } from './login.ts';
import { openConnection } from './open-connection.ts';
import { openSocket } from './open-socket.ts';
import { keyProblem, needProblem, refusedProblem, tooManyKeys } from './refused-words.ts';
import type { SshConnection } from './ssh-connection.ts';

/** What known_hosts says of a key. */
export type KeyVerdict =
  | { readonly verdict: 'known' }
  | { readonly verdict: 'unknown' }
  | { readonly verdict: 'changed' | 'revoked'; readonly known: readonly RecordedKey[] };

/** Reads known_hosts on behalf of a connection attempt. */
export interface HostKeyJudge {
  /** Types of the keys recorded for the name, so that those are asked for first. */
  recordedTypes(reach: Reach): Promise<readonly string[]>;
  judge(reach: Reach, key: SeenKey): Promise<KeyVerdict>;
}

export interface DialOptions {
  readonly reach: Reach;
  /** The connection to go through, and the names of all jumps before. */
  readonly through: SshConnection | null;
  readonly via: readonly string[];
  readonly keyFiles: KeyFiles;
  readonly hostKeys: HostKeyJudge;
  readonly secrets: LoginSecrets;
  readonly connectMs: number;
  /** For everything after the TCP connection, without the time a person takes to answer. */
  readonly handshakeMs: number;
  /** Pause between keep-alives of SSH's own; 0 for none, where something else asks for signs of life. */
  readonly keepAliveMs: number;
  readonly signal: AbortSignal;
}

/** The name a password is kept under. */
export function accountOf(reach: Reach): string {
  return `${reach.user}@${reach.address}:${reach.port}`;
}

/** `address:port`, with brackets around an IPv6 address. */
export function placeOf(reach: Reach): string {
  return reach.address.includes(':') ? `[${reach.address}]:${reach.port}` : `${reach.address}:${reach.port}`;
}

/** Makes one authenticated connection. Rejects with DialError only; nothing stays open then. */
export async function dial(options: DialOptions): Promise<SshConnection> {
  const { reach } = options;
  const at = placeOf(reach);
  let lockedFile: string | null = null;
  const locked = (path: string) => {
    lockedFile = path;
  };
  const [recorded, keys, socket] = await Promise.all([
    options.hostKeys.recordedTypes(reach),
    candidateKeys(options, locked),
    open(options).catch((error: unknown) => {
      throw new DialError({ kind: 'transient' }, dialProblem(error, at), reach);
    }),
  ]);
  return shake(options, at, recorded, keys, () => lockedFile, socket);
}

async function open(options: DialOptions): Promise<Duplex> {
  const { reach, through } = options;
  if (through) return through.tcp(reach.address, reach.port);
  return openSocket(reach.address, reach.port, options.connectMs, options.signal);
}

/** The keys to offer; `locked` is told of a file that the server wants and whose passphrase is missing. */
async function candidateKeys({ reach, keyFiles }: DialOptions, locked: (path: string) => void): Promise<OfferedKey[]> {
  const [held, files] = await Promise.all([
    agentKeys(reach.agent),
    Promise.all(reach.identityFiles.map((path) => keyFiles.load(path))),
  ]);
  const fromFiles = files.flatMap((file) => (file ? [fileKey(file, locked)] : [])).filter((key) => key !== null);
  if (!reach.identitiesOnly || held.length === 0) return offerInOrder(held, fromFiles);
  const named = await Promise.all(reach.identityFiles.map((path) => keyFiles.publicBlob(path)));
  return offerInOrder(
    onlyNamed(
      held,
      named.filter((blob) => blob !== null),
    ),
    fromFiles,
  );
}

function shake(
  options: DialOptions,
  at: string,
  recorded: readonly string[],
  keys: readonly OfferedKey[],
  lockedFile: () => string | null,
  socket: Duplex,
): Promise<SshConnection> {
  const { reach } = options;
  const client: Client = new ssh2.Client();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wind = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => client.emit('error', Object.assign(new Error('no handshake in time'), { level: 'client-timeout' })),
      options.handshakeMs,
    );
  };
  const attempt = login(accountOf(reach), reach.user, keys, lockedFile, {
    password: (account) => options.secrets.password(account),
    askLive: (question) => {
      clearTimeout(timer);
      return options.secrets.askLive(question).finally(wind);
    },
  });

  return new Promise((resolve, reject) => {
    let settled = false;
    let shown: SeenKey | null = null;
    let refusedKey: DialError | null = null;
    let negotiated: NegotiatedAlgorithms | null = null;
    let serverVersion = '';

    const settle = () => {
      settled = true;
      clearTimeout(timer);
      options.signal.removeEventListener('abort', onAbort);
    };
    const giveUp = (error: unknown) => {
      if (settled) return;
      settle();
      client.on('error', () => {});
      client.destroy();
      socket.destroy();
      reject(error instanceof DialError ? error : failureOf(error));
    };
    const failureOf = (error: unknown): DialError => {
      if (refusedKey) return refusedKey;
      if ((error as { level?: unknown }).level === 'client-authentication') {
        const need = attempt.need();
        if (need) return new DialError({ kind: 'secret', ...need }, needProblem(need.need, at), reach);
        return new DialError(
          { kind: 'refused' },
          refusedProblem(at, reach.user, keys.length, attempt.methods()),
          reach,
        );
      }
      if (/too many authentication failures/i.test((error as Error).message)) {
        return new DialError({ kind: 'refused' }, tooManyKeys(at, keys.length), reach);
      }
      return new DialError({ kind: 'transient' }, dialProblem(error, at), reach);
    };
    const onAbort = () => giveUp(new Error('cancelled'));
    options.signal.addEventListener('abort', onAbort, { once: true });
    if (options.signal.aborted) {
      onAbort();
      return;
    }
    if (socket.destroyed) {
      giveUp(Object.assign(new Error('the connection closed'), { code: 'ECONNRESET' }));
      return;
    }

    client.on('error', (error) => {
      // An agent or a locked key that cannot sign is only one key less to try.
      if ((error as { level?: string }).level !== 'agent') giveUp(error);
    });
    client.once('close', () => giveUp(Object.assign(new Error('the connection closed'), { code: 'ECONNRESET' })));
    client.once('connect', () => {
      // ssh2 does not tell the server's version; its first line does, and ssh2 has not begun to read yet.
      socket.once('data', (chunk: Buffer) => {
        const line = chunk
          .toString('latin1', 0, 255)
          .split(/\r?\n/)
          .find((one) => one.startsWith('SSH-'));
        serverVersion = cleanLine(line?.replace(/^SSH-[\d.]+-/, '') ?? '', 120);
      });
    });
    client.once('handshake', (algorithms) => {
      negotiated = algorithms;
    });
    client.once('ready', () => {
      if (settled) return;
      settle();
      client.removeAllListeners('error');
      client.removeAllListeners('close');
      resolve(
        openConnection(client, socket, {
          remote: at,
          via: options.via,
          user: reach.user,
          method: attempt.method(),
          hostKey: { type: shown?.type ?? '', fingerprint: shown?.fingerprint ?? '' },
          serverVersion,
          cipher: negotiated?.cs.cipher ?? '',
        }),
      );
    });
    const verify = (blob: Buffer, permit: (ok: boolean) => void) => {
      shown = seenKey(Buffer.from(blob));
      const key = shown;
      options.hostKeys.judge(reach, key).then(
        (verdict) => {
          refusedKey = keyProblem(verdict, key, reach, at);
          permit(refusedKey === null);
        },
        (error: unknown) => giveUp(error),
      );
    };
    wind();
    try {
      client.connect({
        sock: socket,
        username: reach.user,
        authHandler: attempt.handler,
        hostVerifier: verify,
        algorithms: { serverHostKey: offerOrder(recorded) },
        readyTimeout: 0,
        keepaliveInterval: options.keepAliveMs,
        keepaliveCountMax: 2,
        strictVendor: false,
      });
    } catch (error) {
      giveUp(error);
    }
  });
}
