import { dial, placeOf } from '../ssh/dial.ts';
import { JumpPool } from '../ssh/jump-pool.ts';
import type { KeyFiles } from '../ssh/key-files.ts';
import type { LoginSecrets } from '../ssh/login.ts';
import type { SshConnection } from '../ssh/ssh-connection.ts';
import type { HandshakeGate } from './handshake-gate.ts';
import type { Dialled } from './host-link.ts';
import type { HostSpec, Reach } from './hosts.ts';
import type { KnownKeys } from './known-keys.ts';
import type { Prompts } from './prompts.ts';

const connectMs = 8000;
const handshakeMs = 15_000;
/** Jump connections run no sampler; hosts do, whose ticks say more than SSH's own. */
const jumpKeepAliveMs = 4000;

export interface DiallerTools {
  readonly gate: HandshakeGate;
  readonly keyFiles: KeyFiles;
  readonly known: KnownKeys;
  readonly prompts: Prompts;
}

/** Makes connections to hosts, through their jump hosts, a bounded number at once. */
export class Dialler {
  readonly #tools: DiallerTools;
  readonly #jumps: JumpPool;

  constructor(tools: DiallerTools) {
    this.#tools = tools;
    this.#jumps = new JumpPool((reach, through, via) => this.#dialJump(reach, through, via));
  }

  /** The jump chain first, then the host in its turn, announced by `dialing`. Rejects with DialError. */
  async dial(spec: HostSpec, signal: AbortSignal, dialing: () => void): Promise<Dialled> {
    const jump = await this.#jumps.use(spec.jumps);
    const leave = await this.#tools.gate.enter(false, signal);
    try {
      if (!leave) throw new Error('cancelled');
      dialing();
      const through = jump?.connection ?? null;
      const connection = await this.#dial(spec, through, jump?.via ?? [], spec.name, leave, 0, signal);
      return { connection, jump };
    } catch (error) {
      jump?.release();
      throw error;
    } finally {
      leave?.();
    }
  }

  /** Something changed that jump hosts failed for: they are tried again at once. */
  forgetFailures(): void {
    this.#jumps.forgetFailures();
  }

  end(): void {
    this.#jumps.end();
  }

  async #dialJump(reach: Reach, through: SshConnection | null, via: readonly string[]): Promise<SshConnection> {
    const never = new AbortController().signal;
    const leave = (await this.#tools.gate.enter(true, never)) ?? (() => {});
    try {
      return await this.#dial(reach, through, via, placeOf(reach), leave, jumpKeepAliveMs, never);
    } finally {
      leave();
    }
  }

  #dial(
    reach: Reach,
    through: SshConnection | null,
    via: readonly string[],
    who: string,
    leave: () => void,
    keepAliveMs: number,
    signal: AbortSignal,
  ): Promise<SshConnection> {
    const { keyFiles, known, prompts } = this.#tools;
    const secrets: LoginSecrets = {
      password: (account) => prompts.password(account),
      // While a person is asked, the handshake gives its turn to others.
      askLive: (question) => {
        leave();
        return prompts.askLive(question, who, signal);
      },
    };
    return dial({
      reach,
      through,
      via,
      keyFiles,
      hostKeys: known,
      secrets,
      connectMs,
      handshakeMs,
      keepAliveMs,
      signal,
    });
  }
}
