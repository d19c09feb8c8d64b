import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Problem, toProblem } from '#shared/contract/problem.ts';

/** Something a person asked for that failed with no better place to say so. */
export interface Notice {
  readonly id: number;
  readonly what: string;
  readonly problem: Problem;
}

/** The failures shown at the top of the view until they are put away. */
export interface Notices {
  readonly store: StoreApi<{ readonly notices: readonly Notice[] }>;
  /** Waits for what was asked and shows its failure; `what` names it, as `Connect web-01`. */
  watch(what: string, work: Promise<unknown>): void;
  dismiss(id: number): void;
}

const most = 3;

/** Makes the notices of one window, none at first. */
export function createNotices(): Notices {
  const store = createStore<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }));
  let nextId = 1;
  return {
    store,
    watch(what, work) {
      work.catch((error: unknown) => {
        const problem = toProblem(error);
        if (problem.code === 'cancelled') return;
        const notice = { id: nextId++, what, problem };
        store.setState(({ notices }) => ({ notices: [...notices, notice].slice(-most) }));
      });
    },
    dismiss(id) {
      store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
    },
  };
}
