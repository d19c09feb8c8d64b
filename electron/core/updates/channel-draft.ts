import { type ChangeDraft, type ChangePart, defaultWaves } from '#shared/contract/change.ts';
import type { UpdateAct } from '#shared/contract/update-act.ts';
import { suggestedSteps } from '#shared/lib/change/suggest.ts';

/** The file that sets the channel of a host, as it is to become. */
export interface ChannelEdit {
  readonly host: string;
  readonly path: string;
  readonly content: string;
  /** Hash of the text that was read; null where there was none. */
  readonly seen: string | null;
}

/** One draft for all, whatever path each family has; hosts whose file becomes the same share a part. Null where nothing is edited. */
export function channelDraft(act: UpdateAct, edits: readonly ChannelEdit[]): ChangeDraft | null {
  if (edits.length === 0 || act.kind !== 'set-channel') return null;
  const alike = Map.groupBy(edits, ({ path, content }) => `${path}\0${content}`);
  const parts = [...alike.values()].flatMap((group): ChangePart[] => {
    const [first] = group;
    if (!first) return [];
    const { path, content } = first;
    const seen = Object.fromEntries(group.map((edit) => [edit.host, edit.seen]));
    return [
      {
        hosts: group.map(({ host }) => host),
        files: [{ path, content, mode: null, owner: null, seen }],
        actions: suggestedSteps(path),
        validators: [],
        gates: [],
      },
    ];
  });
  return { title: `Set the update channel to ${act.channel}`, parts, policy: defaultWaves };
}
