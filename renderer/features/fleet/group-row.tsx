import { groupKey } from '../../state/group-key.ts';
import type { GroupHead } from '../../state/fleet-list.ts';
import type { RowPlace } from '../../ui/virtual-table.tsx';
import { GroupLine } from './group-line.tsx';
import { groupTitle } from './group-title.ts';

/** The heading of a group as a row of the table, which the cursor stands on as on any other. */
export function GroupRow({
  place,
  group,
  groupBy,
  cursor,
  onPress,
  onFold,
  onMenu,
}: {
  readonly place: RowPlace;
  readonly group: GroupHead;
  readonly groupBy: string;
  readonly cursor: boolean;
  readonly onPress: (key: string) => void;
  readonly onFold: () => void;
  readonly onMenu: (hosts: readonly string[], place: { x: number; y: number }) => void;
}) {
  return (
    <div
      role="row"
      id={place.id}
      aria-label={`Group ${groupTitle(group.value, groupBy)}`}
      aria-rowindex={place.index + 2}
      className={`vtable-row group-row ${cursor ? 'vtable-cursor' : ''}`}
      style={{ transform: `translateY(${place.top}px)` }}
      onClick={() => onPress(groupKey(group.value))}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu(group.members, { x: event.clientX, y: event.clientY });
      }}
    >
      <div role="gridcell" className="group-cell">
        <GroupLine group={group} groupBy={groupBy} onFold={onFold} tabIndex={-1} />
      </div>
    </div>
  );
}
