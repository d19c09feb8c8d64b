import { ago, ahead, dateTime, sinceWhen, span } from '../words/times.ts';
import { useFromTime } from '../state/hooks.ts';

/** How long ago something was, ticking; the exact time on hover. */
export function Ago({ at }: { readonly at: number }) {
  const text = useFromTime((now) => ago(at, now));
  return <time title={dateTime(at)}>{text}</time>;
}

/** How long something has lasted, ticking, as `3 min`; with `until`, how long it had lasted then. */
export function For({ since, until = null }: { readonly since: number; readonly until?: number | null }) {
  const text = useFromTime((now) => span((until ?? now) - since));
  return <time title={`since ${dateTime(since)}`}>{text}</time>;
}

/** How far ahead something is, ticking, as `in 14 s`. */
export function Ahead({ at }: { readonly at: number }) {
  const text = useFromTime((now) => ahead(at, now));
  return <time title={dateTime(at)}>{text}</time>;
}

/** The time something began, with the date when it was not today. */
export function SinceWhen({ at }: { readonly at: number }) {
  const text = useFromTime((now) => sinceWhen(at, now));
  return <time title={dateTime(at)}>{text}</time>;
}
