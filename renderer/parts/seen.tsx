import { useSeen, useStale } from '../state/hooks.ts';
import './seen.css';

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

/** What was read of a host: dimmed once the host is quiet, so that nobody takes it for what it is like now. */
export function LiveValues({
  host,
  className = '',
  children,
}: {
  readonly host: string;
  readonly className?: string;
  readonly children: React.ReactNode;
}) {
  const stale = useStale(host);
  return (
    <div className={`${className} ${stale ? 'not-live' : ''}`} data-stale={stale}>
      {children}
    </div>
  );
}

/** Why values are not those of now, beside them: `disks not read for 4 min: …`. */
export function OldNote({ text }: { readonly text: string }) {
  return (
    <p className="old-note" role="status">
      {text}
    </p>
  );
}
