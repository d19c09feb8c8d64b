import { DriftCounts } from '../../parts/drift-counts.tsx';
import { forWhom, whatItIs } from '../../parts/drift-words.ts';
import { Ago } from '../../parts/since.tsx';
import { useSection } from '../../state/hooks.ts';
import { printRoute } from '../../state/routes.ts';
import { SignMark } from '../../ui/sign-mark.tsx';
import { type RowPlace, TableCell, TableRow } from '../../ui/virtual-table.tsx';
import { count } from '../../words/amounts.ts';

/** One document in the list. */
export function DocumentRow({
  cluster,
  name,
  place,
  cursor,
  chosen,
  onChoose,
  onPress,
  onOpen,
}: {
  readonly cluster: string;
  readonly name: string;
  readonly place: RowPlace;
  readonly cursor: boolean;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly onPress: () => void;
  readonly onOpen: () => void;
}) {
  const about = useSection('document', name, 'about');
  const drift = useSection('document', name, 'drift');
  if (!about) return null;
  const { last, problems } = about;
  return (
    <TableRow
      place={place}
      label={name}
      cursor={cursor}
      selected={chosen}
      onClick={onPress}
      onDoubleClick={onOpen}
      data-testid="document"
    >
      <TableCell>
        <input
          type="checkbox"
          className="documents-tick"
          aria-label={`Choose ${name}`}
          tabIndex={-1}
          checked={chosen}
          onChange={onChoose}
        />
      </TableCell>
      <TableCell>
        {problems.length > 0 && (
          <span className="documents-wrong" title={problems.map(({ message }) => message).join('\n')}>
            <SignMark tone="bad" shape="cross" size={11} />
            <span className="unseen">{count(problems.length, 'problem')}: </span>
          </span>
        )}
        <a href={printRoute({ view: 'config', cluster, tab: 'documents', document: name })} tabIndex={-1}>
          {name}
        </a>
      </TableCell>
      <TableCell className={about.path === null ? '' : 'mono'} title={whatItIs(about)}>
        {whatItIs(about)}
      </TableCell>
      <TableCell className={about.targets === '' ? 'faint' : 'mono'} title={forWhom(about.targets)}>
        {forWhom(about.targets)}
      </TableCell>
      <TableCell align="end">{drift?.length}</TableCell>
      <TableCell>
        {problems.length > 0 && drift?.length === 0 ? (
          <span className="faint">{count(problems.length, 'problem')}</span>
        ) : (
          <DriftCounts cluster={cluster} name={name} drift={drift} />
        )}
      </TableCell>
      <TableCell title={last.message}>
        {last.by}, <Ago at={last.at} /> <span className="faint">{last.message}</span>
      </TableCell>
    </TableRow>
  );
}
