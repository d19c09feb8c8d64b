import type { AnyAuthMethod, AuthHandlerMiddleware, AuthenticationType, Prompt } from 'ssh2';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { SecretNeed } from './dial-error.ts';
import type { KeyRing } from './key-ring.ts';

/** What the server asks for by keyboard-interactive. */
export interface LiveQuestion {
  readonly account: string;
  readonly instructions: string;
  readonly fields: readonly { readonly label: string; readonly secret: boolean }[];
}

/** Secrets a login may use. */
export interface LoginSecrets {
  /** The password of `user@address:port`, null when nobody gave one. */
  password(account: string): string | null;
  /** Asks a person while the server waits; null when declined. */
  askLive(question: LiveQuestion): Promise<readonly string[] | null>;
}

/** One login attempt: what to try next, and afterwards what worked or what is missing. */
export interface Login {
  readonly handler: AuthHandlerMiddleware;
  /** What the server accepted, in words. */
  method(): string;
  /** The secret that would have let it go on; null when there is none. */
  need(): { readonly need: SecretNeed; readonly error: string } | null;
  /** Methods the server would still take, for words. */
  readonly methods: () => readonly string[];
  locked(path: string): void;
}

/** Tries keys, then a known password, then asks the server's own questions; asks for a password when nothing else is left. */
export function login(account: string, user: string, ring: KeyRing, secrets: LoginSecrets): Login {
  let tried: 'nothing' | 'keys' | 'password' | 'interactive' = 'nothing';
  const done = new Set<string>();
  let method = '';
  let lockedFile: string | null = null;
  let left: readonly string[] = [];
  let passwordWrong = false;
  let answered = false;

  const interactive: AnyAuthMethod = {
    type: 'keyboard-interactive',
    username: user,
    prompt: (_name, instructions, _language, prompts, finish) => {
      void answer(instructions, prompts).then(finish);
    },
  };
  const answer = async (instructions: string, prompts: readonly Prompt[]): Promise<string[]> => {
    const password = secrets.password(account);
    const only = prompts[0];
    // A lone hidden question is the password that PAM asks for in its own words; asked once more, the known one was wrong.
    if (password !== null && !answered && prompts.length === 1 && only && only.echo !== true) {
      answered = true;
      return [password];
    }
    const fields = prompts
      .slice(0, 8)
      .map((prompt) => ({ label: cleanLine(prompt.prompt, 200), secret: prompt.echo !== true }));
    const answers = await secrets.askLive({ account, instructions: cleanLine(instructions, 500), fields });
    return prompts.map((_, at) => answers?.[at] ?? '');
  };

  const next = (methods: readonly AuthenticationType[] | null): AnyAuthMethod | null => {
    if (!done.has('keys')) {
      done.add('keys');
      if (ring.size > 0) {
        tried = 'keys';
        return { type: 'agent', username: user, agent: ring };
      }
      if (methods === null) return { type: 'none', username: user };
    }
    if (tried === 'password') passwordWrong = true;
    if (lockedFile !== null) return null;
    const password = secrets.password(account);
    if (password !== null && left.includes('password') && !done.has('password')) {
      done.add('password');
      tried = 'password';
      method = 'password';
      return { type: 'password', username: user, password };
    }
    const mayAskLater = left.includes('password') && password === null;
    if (left.includes('keyboard-interactive') && !done.has('interactive') && !mayAskLater) {
      done.add('interactive');
      tried = 'interactive';
      method = 'keyboard-interactive';
      return interactive;
    }
    return null;
  };

  return {
    handler: (methods, _partial, go) => {
      left = methods ?? [];
      const chosen = next(methods);
      // ssh2's types lack `false`, its documented word for "nothing left to try".
      go((chosen ?? false) as AnyAuthMethod);
    },
    method: () => (tried === 'keys' ? ring.signedWith : method || 'none'),
    methods: () => left,
    need: () => {
      if (lockedFile !== null) return { need: { kind: 'passphrase', file: lockedFile }, error: '' };
      if (!left.includes('password')) return null;
      return { need: { kind: 'password', account }, error: passwordWrong ? 'That password was refused.' : '' };
    },
    locked: (path) => {
      lockedFile = path;
    },
  };
}
