import { Popover } from '@base-ui/react/popover';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { firstColumns, fleetColumns } from '../../state/fleet-columns.ts';
import { usePreference } from '../../state/hooks.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Tick } from '../../ui/field.tsx';
import { movedColumn, shownIds, toggledColumn } from './column-choice.ts';

/** Chooses which columns the table has and in which order; kept for this person. */
export function ColumnsMenu({ children }: { readonly children: React.ReactNode }) {
  const [choice, setChoice] = usePreference('fleetColumns');
  const shown = shownIds(choice, firstColumns);
  const ordered = [
    ...shown.flatMap((id) => fleetColumns.find((column) => column.id === id) ?? []),
    ...fleetColumns.filter(({ id }) => !shown.includes(id)),
  ];
  return (
    <Popover.Root>
      <Popover.Trigger className="button button-plain" aria-label="Columns" title="Columns">
        {children}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="end" className="menu-positioner">
          <Popover.Popup className="menu columns-menu" aria-label="Columns">
            <ul>
              {ordered.map((column) => {
                const at = shown.indexOf(column.id);
                return (
                  <li key={column.id} title={column.about}>
                    <Tick
                      label={column.title}
                      checked={at !== -1}
                      disabled={column.id === 'name'}
                      onChange={() => setChoice(toggledColumn(choice, firstColumns, column.id))}
                    />
                    {at > 0 && (
                      <span>
                        <IconButton
                          name={`Move ${column.title} left`}
                          disabled={at <= 1}
                          onClick={() => setChoice(movedColumn(choice, firstColumns, column.id, -1))}
                        >
                          <ArrowUp size={13} />
                        </IconButton>
                        <IconButton
                          name={`Move ${column.title} right`}
                          disabled={at === shown.length - 1}
                          onClick={() => setChoice(movedColumn(choice, firstColumns, column.id, 1))}
                        >
                          <ArrowDown size={13} />
                        </IconButton>
                      </span>
                    )}
                  </li>
                );
              })}
            </ul>
            <Button kind="quiet" onClick={() => setChoice(null)} disabled={choice === null}>
              Restore the first columns
            </Button>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
