import type { HostDisks } from '#shared/contract/host.ts';
import type { ScriptSections } from './script-sections.ts';

type Mount = HostDisks['mounts'][number];
type Space = Pick<Mount, 'totalBytes' | 'usedBytes' | 'freeBytes' | 'inodesTotal' | 'inodesFree'>;

const mostMounts = 60;

/** Mounted read-only by design on image-based systems: no sign of a broken disk, unless fstab wants it writable. */
const readOnlyByDesign = /^\/(usr|boot|efi|oem|sysroot|nix\/store|snap|var\/lib\/snapd)(\/|$)/;

/** What a container or the system itself mounts beside the file systems people look after. */
const notOurs = /^\/(run|proc|sys|dev)\//;

/**
 * Which of several mount points of one file system names it: the shortest, but on systems of ostree, which mount one on both,
 * rather /var, which grows, than /etc.
 */
const rank = (mount: string) => (mount === '/etc' ? mount.length + 1 : mount.length);

/** What statfs told, by mount point. */
function spaces(lines: readonly string[]): Map<string, Space> {
  const found = new Map<string, Space>();
  for (const line of lines) {
    const [, figures = '', mount = ''] = /^((?:\d{1,15} ){6})(\/.*)$/.exec(line) ?? [];
    if (mount === '') continue;
    const [size = 0, total = 0, free = 0, available = 0, inodesTotal = 0, inodesFree = 0] = figures
      .split(' ')
      .map(Number);
    const usedBytes = Math.max(0, total - free) * size;
    found.set(mount, { totalBytes: total * size, usedBytes, freeBytes: available * size, inodesTotal, inodesFree });
  }
  return found;
}

const isReadOnly = (options: string) => options.split(',').findLast((word) => word === 'ro' || word === 'rw') === 'ro';

/** What fstab wants of each mount point. */
function wishes(lines: readonly string[]): Map<string, 'writable' | 'read-only'> {
  return new Map(
    lines.flatMap((line): [string, 'writable' | 'read-only'][] => {
      const [, mount = '', options = ''] = /^(\/\S*) (\S*)$/.exec(line) ?? [];
      if (mount === '') return [];
      return [[mount.replace(/(?<=.)\/+$/, ''), isReadOnly(options) ? 'read-only' : 'writable']];
    }),
  );
}

/** Why a read-only mount must be a fault, or null when nothing says so. What fstab wants read-only is never one. */
function faultOf(options: string, wish: 'writable' | 'read-only' | undefined, before: Mount | undefined) {
  if (wish === 'read-only') return null;
  const words = options.split(',');
  if (words.includes('emergency_ro')) return 'the kernel made it so after an error';
  if (words.includes('errors=remount-ro')) return 'the kernel makes it so after an error (errors=remount-ro)';
  if (wish === 'writable') return '/etc/fstab says that it is to be writable';
  if (before?.readOnly === false) return 'it was writable before';
  return before?.readOnlyFault ?? null;
}

/**
 * The file systems that can fill up, each once: bind mounts of one are left out, as are those made read-only by design.
 * `before` is what was read last: what was writable then and no longer is has a fault.
 */
export function hostDisks(sections: ScriptSections, before: HostDisks | null, readAt: number): HostDisks {
  const space = spaces(sections.lines('space'));
  const wished = wishes(sections.lines('fstab'));
  const split = sections.lines('mounts').map((line) => line.split(' '));
  /** A read-only mount of what may be written to elsewhere was made so, and not by the disk. */
  const writable = new Set(split.flatMap(([source = '', , , options = '']) => (isReadOnly(options) ? [] : source)));
  const bySource = new Map<string, Mount>();
  // Of several on one mount point only the last is seen.
  const seen = new Map(split.map((words) => [words[1], words]));
  for (const [source = '', mount = '', type = '', options = ''] of seen.values()) {
    const figures = space.get(mount);
    if (!figures || figures.totalBytes === 0 || notOurs.test(mount)) continue;
    const readOnly = isReadOnly(options);
    const wish = wished.get(mount);
    if (readOnly && wish !== 'writable' && (readOnlyByDesign.test(mount) || type === 'overlay')) continue;
    const key = type === 'tmpfs' ? mount : `${source} ${figures.totalBytes}`;
    const known = bySource.get(key);
    if (known && rank(known.mount) <= rank(mount)) continue;
    const last = before?.mounts.find((one) => one.mount === mount && one.source === source);
    const bound = type !== 'tmpfs' && writable.has(source);
    const readOnlyFault = readOnly && !bound ? faultOf(options, wish, last) : null;
    bySource.set(key, { mount, source, type, ...figures, readOnly, readOnlyFault });
  }
  const mounts = [...bySource.values()].sort((a, b) => (a.mount < b.mount ? -1 : 1)).slice(0, mostMounts);
  const late = sections.lines('late').flatMap((line) => line.split(' ').filter((mount) => mount.startsWith('/')));
  return { readAt, mounts, late: late.slice(0, mostMounts) };
}
