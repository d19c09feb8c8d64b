import { useSeen, useStale } from '../state/hooks.ts';

/** When a host last said anything: `now` while it speaks, `14 s ago` once it is quiet, ticking. */
export function Seen({ host }: { readonly host: string }) {
  return useSeen(host);
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
