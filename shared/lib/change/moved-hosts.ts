import type { ChangeDraft, ChangePart, ChangePlan, ComparedFile } from '../../contract/change.ts';

/** Hosts of one draft whose file became another one since it was seen, in the same way: three texts, and where they meet. */
export interface MovedHosts {
  readonly hosts: readonly string[];
  readonly path: string;
  /** What the person saw; empty where there was no file, null where it is not to be had any more. */
  readonly base: string | null;
  /** What stands there now; empty where there is none. */
  readonly theirs: string;
  /** Null where the file was to be removed. */
  readonly yours: string | null;
  /** The hash of what stands there now; null where nothing does. */
  readonly hash: string | null;
}

/** A path of a draft, and the hosts of it that a plan leaves out because something moved on. */
export interface MovedPath {
  readonly path: string;
  readonly hosts: string[];
}

/** Paths to look at again; a draft with more names so many hosts that moved that it is better planned anew. */
const mostPaths = 20;

/** The hosts that a plan leaves out because a file moved on, by the paths that it may be. */
export function movedIn(draft: ChangeDraft, plan: ChangePlan): MovedPath[] {
  const stale = new Set(plan.leftOut.filter(({ reason }) => reason.code === 'stale').map(({ host }) => host));
  const paths = new Map<string, string[]>();
  for (const { hosts, files } of draft.parts) {
    const moved = hosts.filter((host) => stale.has(host));
    if (moved.length === 0) continue;
    for (const { path, seen } of files)
      if (seen) paths.set(path, [...(paths.get(path) ?? []), ...moved.filter((host) => seen[host] !== undefined)]);
  }
  return [...paths]
    .filter(([, hosts]) => hosts.length > 0)
    .slice(0, mostPaths)
    .map(([path, hosts]) => ({ path, hosts }));
}

/**
 * Sorts hosts whose file at a path moved on by their three texts. `saw` are the texts that were seen and `found` those read
 * now, by hash. A host is passed over when its file is as it was seen, or is no text.
 */
export function groupMoved(
  draft: ChangeDraft,
  path: string,
  now: readonly ComparedFile[],
  saw: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
): MovedHosts[] {
  const groups = new Map<string, MovedHosts & { hosts: string[] }>();
  for (const { host, kind, hash } of now) {
    const file = fileOf(draft, host, path);
    const seen = file?.seen?.[host];
    const theirs = kind === 'absent' ? '' : kind === 'file' ? found[hash] : undefined;
    if (!file || seen === undefined || theirs === undefined) continue;
    if (seen === (kind === 'file' ? hash : null)) continue;
    const base = seen === null ? '' : (saw[seen] ?? null);
    const moved = { path, base, theirs, yours: file.content, hash: kind === 'file' ? hash : null };
    const key = JSON.stringify(moved);
    const same = groups.get(key);
    if (same) same.hosts.push(host);
    else groups.set(key, { hosts: [host], ...moved });
  }
  return [...groups.values()];
}

function fileOf(draft: ChangeDraft, host: string, path: string) {
  for (const { hosts, files } of draft.parts) {
    const file = hosts.includes(host) ? files.find((one) => one.path === path) : undefined;
    if (file) return file;
  }
  return undefined;
}

/** The draft with another text for these hosts (null removes the file), given to what stands there now: a part of their own. */
export function settledDraft(draft: ChangeDraft, { hosts, path, hash }: MovedHosts, text: string | null): ChangeDraft {
  const settled = new Set(hosts);
  const parts: ChangePart[] = [];
  for (const part of draft.parts) {
    const isAbout = part.files.some((file) => file.path === path);
    const rest = part.hosts.filter((host) => !isAbout || !settled.has(host));
    const own = part.hosts.filter((host) => isAbout && settled.has(host));
    if (rest.length > 0) parts.push({ ...part, hosts: rest });
    if (own.length === 0) continue;
    const seen = Object.fromEntries(own.map((host) => [host, hash]));
    parts.push({
      ...part,
      hosts: own,
      files: part.files.map((file) => (file.path === path ? { ...file, content: text, seen } : file)),
    });
  }
  return { ...draft, parts };
}
