import type { ActivityEntry } from '#shared/contract/activity.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { SignWord } from '../../ui/sign-mark.tsx';
import { type RowPlace, TableCell, TableRow } from '../../ui/virtual-table.tsx';
import type { Sign } from '../../words/states.ts';
import { dateTime, duration } from '../../words/times.ts';

/** How each outcome is shown. */
export const outcomeWords: Record<ActivityEntry['outcome'], Sign> = {
  ok: { tone: 'good', shape: 'disc', word: 'ok' },
  failed: { tone: 'bad', shape: 'cross', word: 'failed' },
  refused: { tone: 'attention', shape: 'triangle', word: 'refused' },
  cancelled: { tone: 'purpose', shape: 'pause', word: 'cancelled' },
  timeout: { tone: 'away', shape: 'slash', word: 'timed out' },
};

/** One line of the log. */
export function ActivityRow({
  entry,
  place,
  cursor,
  all,
  onPress,
}: {
  readonly entry: ActivityEntry;
  readonly place: RowPlace;
  readonly cursor: boolean;
  /** Entries of all clusters are shown: which one is said. */
  readonly all: boolean;
  readonly onPress: () => void;
}) {
  return (
    <TableRow
      place={place}
      label={`${entry.what} ${entry.host}`}
      cursor={cursor}
      selected={cursor}
      onClick={onPress}
      data-testid="activity-entry"
    >
      <TableCell className="faint">{dateTime(entry.at)}</TableCell>
      <TableCell>
        <SignWord sign={outcomeWords[entry.outcome]} />
      </TableCell>
      <TableCell>{entry.actor}</TableCell>
      {all && <TableCell title={entry.cluster}>{entry.cluster}</TableCell>}
      <TableCell title={entry.host}>{entry.host}</TableCell>
      <TableCell title={entry.what}>{cleanLine(entry.what)}</TableCell>
      <TableCell className="mono activity-command">{cleanLine(entry.command)}</TableCell>
      <TableCell align="end">{entry.exitCode}</TableCell>
      <TableCell align="end" className="faint">
        {entry.durationMs === null ? '' : duration(entry.durationMs)}
      </TableCell>
    </TableRow>
  );
}
