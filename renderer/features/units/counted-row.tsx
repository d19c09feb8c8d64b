import { printRoute } from '../../state/routes.ts';
import { SignMark } from '../../ui/sign-mark.tsx';
import { type RowPlace, TableCell, TableRow } from '../../ui/virtual-table.tsx';
import { unitSign } from '../../words/states.ts';
import { stateRank } from './fold-unit.ts';
import type { CountedUnit } from './order-counts.ts';

/** One unit name: on how many hosts it is how. */
export function CountedRow({
  cluster,
  unit,
  place,
  cursor,
  about,
  onPress,
}: {
  readonly cluster: string;
  readonly unit: CountedUnit;
  readonly place: RowPlace;
  readonly cursor: boolean;
  /** Whether there is room for its description. */
  readonly about: boolean;
  readonly onPress: () => void;
}) {
  const { name, description, states, jobs } = unit;
  const sorted = Object.entries(states).toSorted(([a], [b]) => stateRank(a) - stateRank(b));
  return (
    <TableRow place={place} label={name} cursor={cursor} selected={cursor} onClick={onPress}>
      <TableCell title={name}>
        <a
          href={printRoute({ view: 'units', cluster, unit: name })}
          tabIndex={-1}
          onClick={(event) => event.preventDefault()}
        >
          {name}
        </a>
      </TableCell>
      <TableCell className="counted-states">
        {sorted.map(([state, number]) => {
          const { tone, shape } = unitSign(state);
          return (
            <span key={state} className={`tone-${tone}`}>
              <SignMark tone={tone} shape={shape} /> {number.toLocaleString('en')} {state}
            </span>
          );
        })}
        {jobs > 0 && <span className="faint">{jobs} with a job</span>}
      </TableCell>
      {about && (
        <TableCell className="counted-about" title={description}>
          {description}
        </TableCell>
      )}
    </TableRow>
  );
}
