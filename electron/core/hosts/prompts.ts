import type { AuthPrompt } from '#shared/contract/cluster.ts';
import type { SecretNeed } from '../ssh/dial-error.ts';
import type { KeyFiles } from '../ssh/key-files.ts';
import type { LiveQuestion } from '../ssh/login.ts';

export interface PromptEvents {
  prompt(prompt: AuthPrompt, secretName: string | null): void;
  promptGone(id: string): void;
  /** The hosts that waited may be tried again. */
  resolved(hosts: readonly string[]): void;
  declined(hosts: readonly string[], reason: string): void;
}

interface Open {
  prompt: AuthPrompt;
  readonly secretName: string | null;
  answer(answers: readonly string[] | null): void;
}

/** Everything people are asked for while logging in. A secret asked for by many hosts is one prompt; answers live in memory only. */
export class Prompts {
  readonly #events: PromptEvents;
  readonly #keyFiles: KeyFiles;
  readonly #open = new Map<string, Open>();
  readonly #passwords = new Map<string, string>();
  #count = 0;

  constructor(keyFiles: KeyFiles, events: PromptEvents) {
    this.#keyFiles = keyFiles;
    this.#events = events;
  }

  password(account: string): string | null {
    return this.#passwords.get(account) ?? null;
  }

  /** A host cannot log in without this secret: asks for it, or joins the prompt that already does. */
  need(need: SecretNeed, host: string, error: string): void {
    const secretName = need.kind === 'passphrase' ? `passphrase:${need.file}` : `password:${need.account}`;
    if (need.kind === 'password') this.#passwords.delete(need.account);
    const open = [...this.#open.values()].find((one) => one.secretName === secretName);
    if (open) {
      if (open.prompt.hosts.includes(host)) return;
      open.prompt = { ...open.prompt, hosts: [...open.prompt.hosts, host] };
      this.#events.prompt(open.prompt, secretName);
      return;
    }
    const id = this.#newId();
    const passphrase = need.kind === 'passphrase';
    const prompt: AuthPrompt = {
      id,
      kind: need.kind,
      title: passphrase ? `Passphrase of ${need.file}` : `Password of ${need.account}`,
      instructions: '',
      fields: [{ label: passphrase ? 'Passphrase' : 'Password', secret: true }],
      hosts: [host],
      canRemember: true,
      error,
    };
    const asked: Open = {
      prompt,
      secretName,
      answer: (answers) => {
        const hosts = asked.prompt.hosts;
        const secret = answers?.[0];
        if (secret === undefined) {
          this.#close(id);
          this.#events.declined(hosts, `${asked.prompt.title} was not given; connect to be asked again`);
        } else if (need.kind === 'password') {
          this.#passwords.set(need.account, secret);
          this.#close(id);
          this.#events.resolved(hosts);
        } else void this.#unlock(asked, need.file, secret);
      },
    };
    this.#open.set(id, asked);
    this.#events.prompt(prompt, secretName);
  }

  /** Asks the server's own questions while it waits. Resolves with null when declined or `signal` aborts. */
  askLive(question: LiveQuestion, host: string, signal: AbortSignal): Promise<readonly string[] | null> {
    if (signal.aborted) return Promise.resolve(null);
    const id = this.#newId();
    return new Promise((resolve) => {
      const onAbort = () => {
        this.#close(id);
        resolve(null);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const prompt: AuthPrompt = {
        id,
        kind: 'keyboard-interactive',
        title: `${question.account} asks`,
        instructions: question.instructions,
        fields: question.fields.map((field) => ({ ...field })),
        hosts: [host],
        canRemember: false,
        error: '',
      };
      this.#open.set(id, {
        prompt,
        secretName: null,
        answer: (answers) => {
          signal.removeEventListener('abort', onAbort);
          this.#close(id);
          resolve(answers);
        },
      });
      this.#events.prompt(prompt, null);
    });
  }

  /** Null declines. An unknown id is an answer that came too late. */
  answer(id: string, answers: readonly string[] | null): void {
    this.#open.get(id)?.answer(answers);
  }

  /** The host is no longer of interest: prompts that only it waits for go. */
  forget(host: string): void {
    for (const [id, open] of this.#open) {
      if (!open.prompt.hosts.includes(host)) continue;
      const hosts = open.prompt.hosts.filter((other) => other !== host);
      if (hosts.length === 0) this.#close(id);
      else {
        open.prompt = { ...open.prompt, hosts };
        this.#events.prompt(open.prompt, open.secretName);
      }
    }
  }

  async #unlock(asked: Open, file: string, secret: string): Promise<void> {
    const opened = await this.#keyFiles.unlock(file, secret);
    if (!this.#open.has(asked.prompt.id)) return;
    if (opened) {
      this.#close(asked.prompt.id);
      this.#events.resolved(asked.prompt.hosts);
      return;
    }
    asked.prompt = { ...asked.prompt, error: 'That passphrase does not open the key.' };
    this.#events.prompt(asked.prompt, asked.secretName);
  }

  #close(id: string): void {
    if (this.#open.delete(id)) this.#events.promptGone(id);
  }

  #newId(): string {
    this.#count++;
    return `ssh-${this.#count}`;
  }
}
