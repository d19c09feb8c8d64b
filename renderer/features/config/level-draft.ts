import { type ChangeDraft, defaultWaves } from '#shared/contract/change.ts';
import { suggestedGates, suggestedSteps } from '#shared/lib/change/suggest.ts';
import type { FileGroup } from './fold-files.ts';

/** What one press makes alike: these hosts get the text, the mode and the owner that most have. */
export interface Levelling {
  readonly hosts: readonly string[];
  readonly draft: ChangeDraft;
}

/**
 * The draft that gives the hosts of the shown group what most have, or, where the largest group is shown, all others that
 * have the file in another form. Null when there is nothing to make alike, or its text is not to be had.
 */
export function levelDraft(
  path: string,
  groups: readonly FileGroup[],
  shown: FileGroup,
  texts: Readonly<Record<string, string>>,
): Levelling | null {
  const largest = groups.find(({ kind }) => kind === 'file');
  const content = largest && texts[largest.hash];
  if (!largest || content === undefined) return null;
  const others = groups.filter(({ kind, key }) => kind === 'file' && key !== largest.key);
  const isMade = shown.kind === 'file' || shown.kind === 'absent';
  const chosen = shown.key === largest.key ? others : isMade ? [shown] : [];
  const hosts = chosen.flatMap((group) => group.hosts);
  if (hosts.length === 0) return null;
  const seen = Object.fromEntries(
    chosen.flatMap((group) => group.hosts.map((host) => [host, group.kind === 'file' ? group.hash : null])),
  );
  const [uid = 0, gid = 0] = largest.owner.split(':').map(Number);
  const actions = suggestedSteps(path);
  return {
    hosts,
    draft: {
      title: `Make ${path} the same`.slice(0, 200),
      parts: [
        {
          hosts,
          files: [{ path, content, mode: largest.mode.padStart(3, '0'), owner: { uid, gid }, seen }],
          actions,
          validators: [],
          gates: suggestedGates(actions),
        },
      ],
      policy: defaultWaves,
    },
  };
}
