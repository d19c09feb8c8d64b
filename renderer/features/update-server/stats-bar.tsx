import { type ServerGroup, serverStatuses } from '#shared/contract/update-server.ts';
import { serverStatusSigns } from '../../words/states.ts';

/** A group's instances by what they are doing: a bar, and the same in words. */
export function StatsBar({ stats }: { readonly stats: ServerGroup['stats'] }) {
  if (!stats) return <span className="faint">could not be read</span>;
  if (stats.total === 0) return <span className="faint">no instance in the last day</span>;
  const there = serverStatuses.filter((status) => (stats.by[status] ?? 0) > 0);
  return (
    <div className="server-stats">
      <div className="server-bar" aria-hidden="true">
        {there.map((status) => (
          <span
            key={status}
            className={`tone-${serverStatusSigns[status].tone}`}
            style={{ flexGrow: stats.by[status] ?? 0 }}
          />
        ))}
      </div>
      <span className="faint">
        {there.map((status) => `${stats.by[status]} ${serverStatusSigns[status].word}`).join(' · ')}
      </span>
    </div>
  );
}
