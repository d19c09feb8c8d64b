import type { AnyAuthMethod, AuthHandlerMiddleware, KeyboardInteractiveAuthMethod, Prompt } from 'ssh2';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { SecretNeed } from './dial-error.ts';
import { KeyToOffer, type OfferedKey } from './key-ring.ts';

type KeyboardInteractivePrompt = KeyboardInteractiveAuthMethod['prompt'];

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
}

/**
 * Tries each key, then a known password, then the server's own questions. What a person has to supply first is told by
 * `need`; `lockedFile` names a key file that the server wants and nobody has unlocked.
 */
export function login(
  account: string,
  user: string,
  keys: readonly OfferedKey[],
  lockedFile: () => string | null,
  secrets: LoginSecrets,
): Login {
  const keysLeft = [...keys];
  const done = new Set<'methods' | 'password' | 'interactive'>();
  let offered: KeyToOffer | null = null;
  let method = 'none';
  let left: readonly string[] = [];
  let passwordRefused = false;
  let passwordAnswered = false;

  const answer = async (instructions: string, prompts: readonly Prompt[]): Promise<string[]> => {
    const password = secrets.password(account);
    const [only] = prompts;
    // A lone hidden question is the password that PAM asks for in its own words; asked once more, the known one was wrong.
    if (password !== null && !passwordAnswered && prompts.length === 1 && only?.echo !== true) {
      passwordAnswered = true;
      return [password];
    }
    const fields = prompts
      .slice(0, 8)
      .map((prompt) => ({ label: cleanLine(prompt.prompt, 200), secret: prompt.echo !== true }));
    const answers = await secrets.askLive({ account, instructions: cleanLine(instructions, 500), fields });
    return prompts.map((_, at) => answers?.[at] ?? '');
  };

  const nextKey = (): AnyAuthMethod | null => {
    const key = keysLeft.shift();
    if (!key) return null;
    offered = new KeyToOffer(key);
    method = key.name;
    return { type: 'agent', username: user, agent: offered };
  };

  const next = (): AnyAuthMethod | null => {
    // A key that was signed with and still did not let us in was the first of several factors: other keys are of no use.
    if (offered?.signed) keysLeft.length = 0;
    const key = nextKey();
    if (key) return key;
    if (lockedFile() !== null) return null;
    // ssh2 does not pass on what the server would take after it refused keys; asking for nothing tells.
    if (left.length === 0 && !done.has('methods')) {
      done.add('methods');
      return { type: 'none', username: user };
    }
    const password = secrets.password(account);
    if (left.includes('password') && password !== null && !done.has('password')) {
      done.add('password');
      method = 'password';
      return { type: 'password', username: user, password };
    }
    if (done.has('password')) passwordRefused = true;
    const askFirst = left.includes('password') && password === null;
    if (askFirst || !left.includes('keyboard-interactive') || done.has('interactive')) return null;
    done.add('interactive');
    method = 'keyboard-interactive';
    const prompt: KeyboardInteractivePrompt = (_name, instructions, _language, prompts, finish) => {
      void answer(instructions, prompts).then(finish);
    };
    return { type: 'keyboard-interactive', username: user, prompt };
  };

  return {
    handler: (methods, _partial, go) => {
      // Null at first, whatever the types say.
      left = methods ?? [];
      // ssh2's types lack `false`, its documented word for "nothing left to try".
      go((next() ?? false) as AnyAuthMethod);
    },
    method: () => method,
    methods: () => left,
    need: () => {
      const file = lockedFile();
      if (file !== null) return { need: { kind: 'passphrase', file }, error: '' };
      if (!left.includes('password')) return null;
      return { need: { kind: 'password', account }, error: passwordRefused ? 'That password was refused.' : '' };
    },
  };
}
