import type { RecordOf } from '#shared/contract/records.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import { offerFor, type Offers } from '#shared/lib/update/offers.ts';
import { standingOf } from '#shared/lib/update/behind.ts';
import { printTerm } from '#shared/lib/filter/print-filter.ts';
import { useOperate } from '../../state/hooks.ts';
import { plainFleet, printRoute } from '../../state/routes.ts';
import { Button, Keys } from '../../ui/button.tsx';
import { EmptyNote } from '../../ui/notes.tsx';
import { SignMark, SignWord } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';
import { updateSigns } from '../../words/states.ts';
import type { BoardColumn, BoardRow } from './board.ts';
import { hostsType } from './board-grid.tsx';

/** What an address can carry. */
const longestFilter = 900;
const mostRows = 300;

/** The hosts of a group, or of one of its channels: what each runs, what it is offered, and what is in its way. */
export function GroupHosts({
  cluster,
  row,
  column,
  hosts,
  offers,
  selected,
  onSelected,
  onMove,
}: {
  readonly cluster: string;
  readonly row: BoardRow;
  readonly column: BoardColumn | null;
  readonly hosts: ReadonlyMap<string, RecordOf<'host'>>;
  readonly offers: Offers;
  readonly selected: ReadonlySet<string>;
  readonly onSelected: (selected: ReadonlySet<string>) => void;
  readonly onMove: (hosts: readonly string[]) => void;
}) {
  const operate = useOperate();
  const names = column ? (row.cells.get(column.key)?.hosts ?? []) : row.hosts;
  if (names.length === 0) {
    return (
      <EmptyNote title="No host is here">
        <p>{row.group ? `Nothing fits ${row.group.policy.selector}.` : 'Every host is in a group.'}</p>
      </EmptyNote>
    );
  }
  const sorted = names.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const chosen = sorted.filter((name) => selected.has(name));
  const moved = chosen.length > 0 ? chosen : sorted;
  const toggle = (name: string) => {
    const next = new Set(selected);
    if (!next.delete(name)) next.add(name);
    onSelected(next);
  };
  const target = row.group?.policy.target ?? { kind: 'offered' as const };
  const filter = filterOf(moved, row, column);
  return (
    <>
      <div className="group-do">
        <Button disabled={!operate} onClick={() => onMove(moved)}>
          Move {count(moved.length, 'host')}…
        </Button>
        <Keys keys="m" />
        <a href={printRoute({ view: 'fleet', cluster, query: { ...plainFleet, filter } })}>
          Show {count(moved.length, 'host')} in the fleet
        </a>
      </div>
      <table className="plain-table group-hosts">
        <thead>
          <tr>
            <th>
              <span className="unseen">Selected</span>
            </th>
            <th>Host</th>
            <th>Runs</th>
            <th>Offered</th>
            <th>State</th>
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, mostRows).map((name) => {
            const host = hosts.get(name);
            const update = host?.update;
            const standing = standingOf(update, target, offers);
            return (
              <tr
                key={name}
                draggable
                onDragStart={(event) =>
                  event.dataTransfer.setData(hostsType, (selected.has(name) ? chosen : [name]).join('\n'))
                }
              >
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Select ${name}`}
                    checked={selected.has(name)}
                    onChange={() => toggle(name)}
                  />
                </td>
                <td>
                  <a href={printRoute({ view: 'host', cluster, host: name, tab: 'updates', unit: null })}>{name}</a>
                  {row.group?.policy.members.includes(name) && <span className="faint"> member</span>}
                </td>
                <td className="mono">{update?.running ?? '–'}</td>
                <td className="mono">
                  {update ? (offerFor(update, offers) ?? packagesOf(update)) : '–'}
                  {update?.offered === null && offerFor(update, offers) !== null && (
                    <div className="faint">to others</div>
                  )}
                </td>
                <td>
                  {update ? <SignWord sign={updateSigns[update.phase]} /> : <span className="faint">not read</span>}
                  {update?.rebootNeeded && update.phase !== 'staged' && (
                    <span className="board-mark tone-attention">
                      {' '}
                      <SignMark tone="attention" shape="ring" size={10} /> to reboot
                    </span>
                  )}
                  {standing.is === 'blocked' && update && <div className="faint">{standing.why}</div>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {sorted.length > mostRows && (
        <p className="faint">and {count(sorted.length - mostRows, 'host')} more: the fleet shows all of them.</p>
      )}
    </>
  );
}

function packagesOf({ pending }: HostUpdate): string {
  return pending && pending.total > 0 ? count(pending.total, 'package') : '–';
}

/** A filter that finds these hosts: by name, or by what selects them where names are too many for an address. */
function filterOf(names: readonly string[], row: BoardRow, column: BoardColumn | null): string {
  const byName = printTerm({ negated: false, condition: { kind: 'text', field: 'name', values: names } });
  if (byName.length <= longestFilter || !row.group) return byName.slice(0, longestFilter);
  const channel = column?.channel ? ` channel:${column.channel}` : '';
  return `${row.group.policy.selector}${channel}`;
}
