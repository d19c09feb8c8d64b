import { useMemo, useState } from 'react';
import type { ComparedFile } from '#shared/contract/change.ts';
import { Tick } from '../../ui/field.tsx';
import { count, some } from '../../words/amounts.ts';
import { type FileGroup, foldFiles, groupSign } from './fold-files.ts';

/** The hosts that get an edit: those compared, in groups that are alike, less the groups left out. */
export interface EditedHosts {
  readonly hosts: string[];
  readonly groups: readonly FileGroup[];
  readonly leftOut: ReadonlySet<string>;
  readonly leaveOut: (key: string, left: boolean) => void;
}

/** Begins with all hosts that could be read. */
export function useEditedHosts(files: readonly ComparedFile[]): EditedHosts {
  const groups = useMemo(() => foldFiles(files).filter(({ kind }) => kind !== 'failed'), [files]);
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const hosts = useMemo(() => {
    const chosen = new Set(groups.filter(({ key }) => !leftOut.has(key)).flatMap((group) => group.hosts));
    return files.flatMap(({ host }) => (chosen.has(host) ? [host] : []));
  }, [files, groups, leftOut]);
  const leaveOut = (key: string, left: boolean) =>
    setLeftOut((before) => {
      const next = new Set(before);
      if (left) next.add(key);
      else next.delete(key);
      return next;
    });
  return { hosts, groups, leftOut, leaveOut };
}

/** Which of the hosts compared get the text; nothing where all of them are alike. */
export function EditedGroups({ edited }: { readonly edited: EditedHosts }) {
  const { groups, leftOut, leaveOut } = edited;
  const largest = groups.find(({ kind }) => kind === 'file');
  if (groups.length < 2) return null;
  return (
    <fieldset className="config-edited">
      <legend>For which of them</legend>
      {groups.map((group) => (
        <Tick
          key={group.key}
          label={`${count(group.hosts.length, 'host')} ${groupSign(group, largest).word}: ${some(group.hosts, 4)}`}
          checked={!leftOut.has(group.key)}
          onChange={(ticked) => leaveOut(group.key, !ticked)}
        />
      ))}
    </fieldset>
  );
}
