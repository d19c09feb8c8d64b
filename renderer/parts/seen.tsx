import { useFromTime, useHeardAt, useStale } from '../state/hooks.ts';
import { ago, dateTime } from '../words/times.ts';

/** When a host last said anything: `now` while it speaks, `14 s ago` once it is quiet, ticking. */
export function Seen({ host }: { readonly host: string }) {
  const at = useHeardAt(host);
  const text = useFromTime((now) => (at === null ? 'never' : ago(at, now)));
  return <span title={at === null ? 'This host has not said anything yet' : dateTime(at)}>{text}</span>;
}

/** `last seen 14 s ago` beside values that are no longer live; nothing while they are. */
export function LastSeen({ host }: { readonly host: string }) {
  const stale = useStale(host);
  return stale ? (
    <span className="last-seen" role="status">
      last seen <Seen host={host} />
    </span>
  ) : null;
}
