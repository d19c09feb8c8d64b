import { useState } from 'react';
import { Difference } from '../../parts/difference.tsx';
import { Ago } from '../../parts/since.tsx';
import { Segments } from '../../ui/field.tsx';
import { MachineText } from '../../ui/machine-text.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { some } from '../../words/amounts.ts';
import { type FileGroup, groupSign } from './fold-files.ts';

/** The groups of equal files as a table, and the text of one of them, whole or as the difference to the largest. */
export function ComparedGroups({
  groups,
  texts,
  shown,
  onPick,
}: {
  readonly groups: readonly FileGroup[];
  readonly texts: Readonly<Record<string, string>>;
  readonly shown: FileGroup;
  readonly onPick: (key: string) => void;
}) {
  const largest = groups.find(({ kind }) => kind === 'file');
  return (
    <>
      <table className="plain-table config-groups">
        <thead>
          <tr>
            <th>Hosts</th>
            <th>State</th>
            <th>Which</th>
            <th>Mode</th>
            <th>Owner</th>
            <th>Changed</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.key} aria-selected={group.key === shown.key}>
              <td>
                <button type="button" className="link-button" onClick={() => onPick(group.key)}>
                  {group.hosts.length}
                  <span className="unseen">
                    {group.hosts.length === 1 ? ' host: show what it has' : ' hosts: show what they have'}
                  </span>
                </button>
              </td>
              <td>
                <SignWord sign={groupSign(group, largest)} />
              </td>
              <td title={group.hosts.join(' ')}>
                {some(group.hosts, 5)} {group.reason && <span className="faint">{group.reason.message}</span>}
              </td>
              <td className="mono">{group.mode}</td>
              <td className="mono">{group.owner}</td>
              <td>{group.modifiedAt !== null && <Ago at={group.modifiedAt} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.kind === 'file' && <ShownText key={shown.key} group={shown} largest={largest} texts={texts} />}
    </>
  );
}

function ShownText({
  group,
  largest,
  texts,
}: {
  readonly group: FileGroup;
  readonly largest: FileGroup | undefined;
  readonly texts: Readonly<Record<string, string>>;
}) {
  const comparable = largest !== undefined && largest.hash !== group.hash && texts[largest.hash] !== undefined;
  const [mode, setMode] = useState<'text' | 'difference'>(comparable ? 'difference' : 'text');
  const text = texts[group.hash];
  if (text === undefined) return <p className="faint">It is not text, or larger than 256 KiB, and not shown here.</p>;
  return (
    <div className="config-text">
      {comparable && (
        <Segments
          label="What is shown"
          value={mode}
          options={[
            { value: 'difference', label: `Difference to the ${largest.hosts.length} that agree` },
            { value: 'text', label: 'Whole file' },
          ]}
          onChange={setMode}
        />
      )}
      {comparable && mode === 'difference' ? (
        <Difference
          before={texts[largest.hash] ?? ''}
          after={text}
          names={[`The ${largest.hosts.length} that agree`, some(group.hosts, 2)]}
        />
      ) : (
        <MachineText text={text} label={`What ${some(group.hosts, 2)} has`} />
      )}
    </div>
  );
}
