import type { HostApplied, HostFirstBoot, LayeredPart, LayerSource } from '#shared/contract/document.ts';
import { formatWords } from '../../parts/drift-words.ts';
import type { Sign } from '../../words/states.ts';

/** How each standing of a file or unit to what holds for it is shown. */
export const layerSigns: Record<LayeredPart['state'], Sign> = {
  same: { tone: 'good', shape: 'disc', word: 'as said' },
  differs: { tone: 'attention', shape: 'triangle', word: 'differs' },
  missing: { tone: 'attention', shape: 'ring', word: 'missing' },
  unreadable: { tone: 'bad', shape: 'cross', word: 'unreadable' },
  unknown: { tone: 'unknown', shape: 'question', word: 'unknown' },
};

/** What a layer is called where there is room for a word or two. */
export function layerWord(source: LayerSource): string {
  switch (source.kind) {
    case 'document':
      return `document ${source.name}`;
    case 'change':
      return `change “${source.change.title}”`;
    case 'first-boot':
      return 'first boot';
    default:
      return source satisfies never;
  }
}

/** `12 as said · 2 differ · 1 missing`, what needs a person first. */
export function layerSum(parts: readonly LayeredPart[]): string {
  const states = ['differs', 'missing', 'unreadable', 'unknown', 'same'] as const;
  return states
    .flatMap((state) => {
      const some = parts.filter((part) => part.state === state).length;
      if (some === 0) return [];
      return [`${some} ${state === 'differs' && some > 1 ? 'differ' : layerSigns[state].word}`];
    })
    .join(' · ');
}

/** Whether something was done to it that nobody here said. */
export function isOff({ state }: LayeredPart): boolean {
  return state === 'differs' || state === 'missing';
}

/** Files that the host can be brought back to from here: no document tells of them. */
export function restorable(parts: readonly LayeredPart[]): string[] {
  return parts.flatMap((part) =>
    isOff(part) && part.path !== null && part.says[0]?.kind !== 'document' ? [part.path] : [],
  );
}

/** What was found of the first boot, in a sentence. */
export function firstBootSentence({ sources, result }: HostFirstBoot): string {
  const ran = result === null ? '' : ` ${result}.`;
  if (sources.length === 0)
    return `What this host was told at its first boot is no longer to be found on it: Ignition keeps its config only until the next boot, and many images clean up.${ran}`;
  const said = sources.map(({ from, format, note }) =>
    format === null ? `${from} (${note})` : `${from} (${formatWords[format]})`,
  );
  return `It was told ${said.join(', ')}.${ran}`;
}

/** What decides whether the layers have to be read again, when it changes. */
export function layersKey(applied: HostApplied | undefined, drift: readonly string[]): string {
  const differs = applied?.differs.map(({ path, how }) => `${path} ${how}`) ?? [];
  return JSON.stringify([applied?.files ?? 0, applied?.unknown ?? 0, differs, drift]);
}
