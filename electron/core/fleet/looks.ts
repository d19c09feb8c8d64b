import type { Looking } from '../hosts/hosts.ts';

/** What all sessions together look at: a host that anyone sees is read often; hidden only when all are. */
export class Looks {
  readonly #bySession = new Map<string, Looking>();
  readonly #tell: (looking: Looking) => void;

  constructor(tell: (looking: Looking) => void) {
    this.#tell = tell;
  }

  set(session: string, looking: Looking | null): void {
    if (looking) this.#bySession.set(session, looking);
    else if (!this.#bySession.delete(session)) return;
    const shown = [...this.#bySession.values()].filter(({ hidden }) => !hidden);
    const visible = new Set(shown.flatMap(({ visible, focus }) => (focus === null ? visible : [...visible, focus])));
    this.#tell({
      visible: [...visible],
      focus: shown.find(({ focus }) => focus !== null)?.focus ?? null,
      hidden: shown.length === 0,
    });
  }
}
