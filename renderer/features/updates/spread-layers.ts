import type { SpreadSample } from '#shared/lib/update/spread.ts';

/** One version over time: how many hosts ran it from each moment on. */
export interface SpreadLayer {
  readonly version: string;
  readonly hosts: readonly number[];
}

/** What a chart of versions draws; all layers have one count for each moment. */
export interface SpreadLayers {
  readonly times: readonly number[];
  readonly layers: readonly SpreadLayer[];
  /** The most hosts there were at once. */
  readonly most: number;
}

/** More versions than this are drawn as one. */
const mostLayers = 12;

/** Samples as layers, lowest version first; `group` null is the whole fleet, an agent and channel narrow it further. */
export function layersOf(
  samples: readonly SpreadSample[],
  group: string | null,
  column: string | null,
  from: number,
): SpreadLayers {
  // What was last counted before the chart begins is how it begins.
  const before = samples.findLast(({ at }) => at < from);
  const shown = [...(before ? [{ ...before, at: from }] : []), ...samples.filter(({ at }) => at >= from)];
  const times = shown.map(({ at }) => at);
  const byVersion = new Map<string, number[]>();
  for (const [place, { counts }] of shown.entries()) {
    for (const one of counts) {
      if (group !== null && one.group !== group) continue;
      if (column !== null && `${one.agent}/${one.channel}` !== column) continue;
      const name = one.version || 'unknown';
      const hosts = byVersion.get(name) ?? Array.from({ length: shown.length }, () => 0);
      hosts[place] = (hosts[place] ?? 0) + one.hosts;
      byVersion.set(name, hosts);
    }
  }
  // What runs now matters more than what ran once, however long.
  const weight = (hosts: readonly number[]) => (hosts.at(-1) ?? 0) * 1e6 + hosts.reduce((sum, count) => sum + count, 0);
  const ranked = [...byVersion].toSorted((a, b) => weight(b[1]) - weight(a[1]));
  const kept = ranked.slice(0, ranked.length > mostLayers ? mostLayers - 1 : mostLayers);
  const layers: SpreadLayer[] = kept
    .map(([version, hosts]) => ({ version, hosts }))
    .toSorted((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }));
  const others = ranked.slice(kept.length);
  if (others.length > 0)
    layers.push({
      version: `${others.length} others`,
      hosts: times.map((_, place) => others.reduce((sum, [, hosts]) => sum + (hosts[place] ?? 0), 0)),
    });
  const most = Math.max(0, ...times.map((_, place) => layers.reduce((sum, { hosts }) => sum + (hosts[place] ?? 0), 0)));
  return { times, layers, most };
}

/** The place among the times that held at a moment; -1 before the first. */
export function placeAt(times: readonly number[], at: number): number {
  return times.findLastIndex((time) => time <= at);
}
