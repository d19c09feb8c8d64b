import { Tick } from '../../ui/field.tsx';
import { count, some } from '../../words/amounts.ts';
import { type FileGroup, groupSign } from './fold-files.ts';

/** Which of the hosts compared get the text: each group of them that is alike can be left out. */
export function EditedGroups({
  groups,
  leftOut,
  onLeaveOut,
}: {
  readonly groups: readonly FileGroup[];
  readonly leftOut: ReadonlySet<string>;
  readonly onLeaveOut: (key: string, left: boolean) => void;
}) {
  const largest = groups.find(({ kind }) => kind === 'file');
  return (
    <fieldset className="config-edited">
      <legend>For which of them</legend>
      {groups.map((group) => (
        <Tick
          key={group.key}
          label={`${count(group.hosts.length, 'host')} ${groupSign(group, largest).word}: ${some(group.hosts, 4)}`}
          checked={!leftOut.has(group.key)}
          onChange={(ticked) => onLeaveOut(group.key, !ticked)}
        />
      ))}
    </fieldset>
  );
}
