import type { ChangeDraft, ChangePart, ChangePlan, ComparedFile } from '../../contract/change.ts';

/** Hosts of one draft whose file became another one since it was seen, in the same way: three texts, and where they meet. */
export interface MovedHosts {
  readonly hosts: readonly string[];
  readonly path: string;
  /** What the person saw; empty where there was no file. */
  readonly base: string;
  /** What stands there now; empty where there is none. */
  readonly theirs: string;
  readonly yours: string;
  /** The hash of what stands there now; null where nothing does. */
  readonly hash: string | null;
}

/** The hosts that a plan leaves out because their file moved on, and the one path it is about; null when there are none. */
export function movedIn(draft: ChangeDraft, plan: ChangePlan): { hosts: string[]; path: string } | null {
  const paths = new Set(draft.parts.flatMap(({ files }) => files.map((file) => file.path)));
  const [path] = paths;
  const hosts = plan.leftOut.filter(({ reason }) => reason.code === 'stale').map(({ host }) => host);
  return hosts.length > 0 && path !== undefined && paths.size === 1 ? { hosts, path } : null;
}

/**
 * Sorts moved hosts by their three texts. `saw` are the texts that were seen and `found` those read now, by hash. A host is
 * passed over when one of its texts is not to be had, or when its file was to be removed.
 */
export function groupMoved(
  draft: ChangeDraft,
  now: readonly ComparedFile[],
  saw: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
): MovedHosts[] {
  const groups = new Map<string, MovedHosts & { hosts: string[] }>();
  for (const { host, kind, hash } of now) {
    const file = draft.parts.find(({ hosts }) => hosts.includes(host))?.files[0];
    const seen = file?.seen?.[host];
    const base = seen === null ? '' : seen === undefined ? undefined : saw[seen];
    const theirs = kind === 'absent' ? '' : kind === 'file' ? found[hash] : undefined;
    if (!file || file.content === null || base === undefined || theirs === undefined) continue;
    const moved = { path: file.path, base, theirs, yours: file.content, hash: kind === 'file' ? hash : null };
    const key = JSON.stringify(moved);
    const same = groups.get(key);
    if (same) same.hosts.push(host);
    else groups.set(key, { hosts: [host], ...moved });
  }
  return [...groups.values()];
}

/** The draft with another text for these hosts, given to what stands there now: a part of their own. */
export function settledDraft(draft: ChangeDraft, { hosts, path, hash }: MovedHosts, text: string): ChangeDraft {
  const settled = new Set(hosts);
  const parts: ChangePart[] = [];
  for (const part of draft.parts) {
    const rest = part.hosts.filter((host) => !settled.has(host));
    const own = part.hosts.filter((host) => settled.has(host));
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
