import ssh2, { type IdentityCallback, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';
import type { KeyFile } from './key-files.ts';

/** One key to offer: held by the agent, or read from a file. */
export interface OfferedKey {
  readonly name: string;
  readonly publicKey: ParsedKey;
  sign(data: Buffer, options: SigningRequestOptions, done: SignCallback): void;
}

/** The keys the agent holds, each signing through it; empty when there is no agent or it does not answer. */
export async function agentKeys(socket: string | null): Promise<OfferedKey[]> {
  if (socket === null || socket === '') return [];
  const agent = ssh2.createAgent(socket) as ssh2.BaseAgent<ParsedKey>;
  const identities = await new Promise<readonly ParsedKey[]>((resolve) => {
    const tooLong = setTimeout(() => resolve([]), 3000);
    agent.getIdentities((error, keys) => {
      clearTimeout(tooLong);
      resolve(error || !keys ? [] : (keys as ParsedKey[]));
    });
  });
  return identities.map((publicKey) => ({
    name: `agent key ${publicKey.comment || publicKey.type}`,
    publicKey,
    sign: (data, options, done) => agent.sign(publicKey, data, options, done),
  }));
}

/** A key file as a key to offer; `locked` is told when the server wants it and its passphrase is missing. */
export function fileKey(file: KeyFile, locked: (path: string) => void): OfferedKey | null {
  const publicKey = ssh2.utils.parseKey(file.publicBlob);
  if (publicKey instanceof Error) return null;
  return {
    name: `key ${file.path}`,
    publicKey,
    sign: (data, options, done) => {
      if (!file.key) {
        locked(file.path);
        done(new Error(`${file.path} needs its passphrase`));
        return;
      }
      try {
        done(null, file.key.sign(data, options.hash));
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  };
}

/** The order in which keys are offered: those of the named files first (by the agent where it holds them), then the agent's others; sshd stops after about six. */
export function offerInOrder(fromAgent: readonly OfferedKey[], fromFiles: readonly OfferedKey[]): OfferedKey[] {
  const blob = (key: OfferedKey) => key.publicKey.getPublicSSH().toString('base64');
  const held = new Map(fromAgent.map((key) => [blob(key), key]));
  const named = new Map(fromFiles.map((key) => [blob(key), held.get(blob(key)) ?? key]));
  return [...named.values(), ...fromAgent.filter((key) => !named.has(blob(key)))];
}

/** Those of the agent's keys that are named by their public keys (IdentitiesOnly). */
export function onlyNamed(fromAgent: readonly OfferedKey[], named: readonly Buffer[]): OfferedKey[] {
  return fromAgent.filter((key) => named.some((blob) => blob.equals(key.publicKey.getPublicSSH())));
}

/** One key in the shape ssh2 asks its agent. */
export class KeyToOffer extends ssh2.BaseAgent<ParsedKey> {
  readonly #key: OfferedKey;
  /** True once the server wanted the key and a signature was made with it. */
  signed = false;

  constructor(key: OfferedKey) {
    super();
    this.#key = key;
  }

  get name(): string {
    return this.#key.name;
  }

  override getIdentities(done: IdentityCallback<ParsedKey>): void {
    done(null, [this.#key.publicKey]);
  }

  override sign(
    _publicKey: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const done = typeof options === 'function' ? options : callback;
    this.#key.sign(data, typeof options === 'function' ? {} : options, (error, signature) => {
      this.signed = !error;
      done?.(error, signature);
    });
  }
}
