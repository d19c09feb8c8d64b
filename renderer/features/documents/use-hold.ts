import { useEffect, useState } from 'react';
import { useConsole } from '../../state/console.ts';
import type { Route } from '../../state/routes.ts';

/** Keeps the window from leaving while something is typed: `to` is where it was asked to go. */
export function useHold(
  hold: boolean,
  within: (to: Route) => boolean,
): { readonly to: Route | null; readonly stay: () => void; readonly leave: () => void } {
  const { router } = useConsole();
  const [to, setTo] = useState<Route | null>(null);
  const [gone, setGone] = useState(false);
  useEffect(() => {
    if (!hold || gone) return undefined;
    const letGo = router.hold((to) => {
      if (within(to)) return true;
      setTo(to);
      return false;
    });
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => {
      letGo();
      window.removeEventListener('beforeunload', ask);
    };
    // oxlint-disable-next-line react/exhaustive-deps -- `within` says the same each time for one page
  }, [hold, gone, router]);
  useEffect(() => {
    if (gone && to) router.go(to);
  }, [gone, to, router]);
  return { to: gone ? null : to, stay: () => setTo(null), leave: () => setGone(true) };
}
