import { useEffect } from 'react';
import { createStore } from 'zustand/vanilla';
import type { Link } from '../link/link.ts';

const settleMs = 200;

const looking = createStore<{ visible: readonly string[]; focus: string | null }>(() => ({ visible: [], focus: null }));

/** Says which hosts are drawn now; the core reads those often. */
export function showHosts(visible: readonly string[]): void {
  looking.setState({ visible });
}

/** While the component lives, this host is looked at closely. */
export function useLookAt(host: string | null): void {
  useEffect(() => {
    if (host === null) return undefined;
    looking.setState({ focus: host });
    return () => {
      if (looking.getState().focus === host) looking.setState({ focus: null });
    };
  }, [host]);
}

/** The hosts on screen now, for the age of the slowest. */
export const lookingStore = looking;

/** Tells the core what is on screen, 200 ms after it stopped changing; returns the way to stop. */
export function reportLooking(link: Link, page: Document): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let said = '';
  const report = () => {
    timer = null;
    const { visible, focus } = looking.getState();
    const now = { hosts: [...visible].slice(0, 5000), focus, hidden: page.hidden };
    const text = JSON.stringify(now);
    if (text === said) return;
    said = text;
    link.look(now);
  };
  const later = () => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(report, settleMs);
  };
  const stop = looking.subscribe(later);
  page.addEventListener('visibilitychange', later);
  later();
  return () => {
    stop();
    page.removeEventListener('visibilitychange', later);
    if (timer !== null) clearTimeout(timer);
  };
}

/** Says, when the view that showed hosts goes, that none are drawn any more. */
export function useHostsLeave(): void {
  useEffect(() => () => showHosts([]), []);
}
