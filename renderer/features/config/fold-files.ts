import type { ComparedFile } from '#shared/contract/change.ts';
import type { Sign } from '../../words/states.ts';

/** Hosts on which a file is the same: bytes, mode and owner. */
export interface FileGroup {
  readonly key: string;
  readonly kind: ComparedFile['kind'];
  readonly hash: string;
  readonly mode: string;
  readonly owner: string;
  readonly hosts: readonly string[];
  /** The newest of them. */
  readonly modifiedAt: number | null;
  readonly reason: ComparedFile['reason'];
}

/** Folds equal files together: the largest group of files first, then the others, then hosts without one. */
export function foldFiles(files: readonly ComparedFile[]): FileGroup[] {
  const groups = new Map<string, FileGroup & { hosts: string[] }>();
  for (const { host, kind, hash, mode, owner, modifiedAt, reason } of files) {
    const key = kind === 'failed' ? `failed ${reason?.message ?? ''}` : `${kind} ${hash} ${mode} ${owner}`;
    const group = groups.get(key);
    if (!group) groups.set(key, { key, kind, hash, mode, owner, hosts: [host], modifiedAt, reason });
    else {
      group.hosts.push(host);
      const newest = Math.max(group.modifiedAt ?? 0, modifiedAt ?? 0) || null;
      groups.set(key, { ...group, modifiedAt: newest });
    }
  }
  const rank = ({ kind }: FileGroup) =>
    ['file', 'absent'].indexOf(kind) + (kind === 'file' || kind === 'absent' ? 0 : 3);
  return [...groups.values()].toSorted((a, b) => rank(a) - rank(b) || b.hosts.length - a.hosts.length);
}

/** `11 same · 1 differs · 1 missing`. */
export function foldWords(groups: readonly FileGroup[]): string {
  const count = (some: readonly FileGroup[]) => some.reduce((sum, { hosts }) => sum + hosts.length, 0);
  const files = groups.filter(({ kind }) => kind === 'file');
  const same = count(files.slice(0, 1));
  const differ = count(files.slice(1));
  const missing = count(groups.filter(({ kind }) => kind === 'absent'));
  const other = count(groups.filter(({ kind }) => kind !== 'file' && kind !== 'absent'));
  return [
    same > 0 ? `${same} same` : '',
    differ > 0 ? `${differ} ${differ === 1 ? 'differs' : 'differ'}` : '',
    missing > 0 ? `${missing} missing` : '',
    other > 0 ? `${other} not read` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** How a group stands to the largest. */
export function groupSign(group: FileGroup, largest: FileGroup | undefined): Sign {
  switch (group.kind) {
    case 'file':
      if (group.key === largest?.key) return { tone: 'good', shape: 'disc', word: 'same' };
      if (group.hash === largest?.hash) return { tone: 'attention', shape: 'triangle', word: 'other mode or owner' };
      return { tone: 'attention', shape: 'triangle', word: 'differs' };
    case 'absent':
      return { tone: 'away', shape: 'slash', word: 'missing' };
    case 'link':
      return { tone: 'unknown', shape: 'question', word: 'a link' };
    case 'other':
      return { tone: 'unknown', shape: 'question', word: 'not a file' };
    case 'unreadable':
      return { tone: 'unknown', shape: 'question', word: 'not readable without a password' };
    case 'failed':
      return { tone: 'bad', shape: 'cross', word: 'not reached' };
    default:
      return group.kind satisfies never;
  }
}
