import type { HostDisks } from '#shared/contract/host.ts';
import type { ScriptSections } from './script-sections.ts';

type Mount = HostDisks['mounts'][number];
type Space = Pick<Mount, 'totalBytes' | 'usedBytes' | 'freeBytes' | 'inodesTotal' | 'inodesFree'>;

const mostMounts = 60;

/** Mounted read-only by design on image-based systems: no sign of a broken disk. */
const readOnlyByDesign = /^\/(usr|boot|efi|oem|sysroot|nix\/store|snap|var\/lib\/snapd)(\/|$)/;

/** What a container or the system itself mounts beside the file systems people look after. */
const notOurs = /^\/(run|proc|sys|dev)\//;

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

/** The file systems that can fill up, each once: bind mounts of one are left out, as are those made read-only by design. */
export function hostDisks(sections: ScriptSections, readAt: number): HostDisks {
  const space = spaces(sections.lines('space'));
  const bySource = new Map<string, Mount>();
  for (const line of sections.lines('mounts')) {
    const [source = '', mount = '', type = '', options = ''] = line.split(' ');
    const figures = space.get(mount);
    if (!figures || figures.totalBytes === 0 || notOurs.test(mount)) continue;
    const readOnly = options.split(',').includes('ro');
    if (readOnly && (readOnlyByDesign.test(mount) || type === 'overlay')) continue;
    const key = type === 'tmpfs' ? mount : `${source} ${figures.totalBytes}`;
    const known = bySource.get(key);
    if (known && known.mount.length <= mount.length) continue;
    bySource.set(key, { mount, source, type, ...figures, readOnly });
  }
  const mounts = [...bySource.values()].sort((a, b) => (a.mount < b.mount ? -1 : 1)).slice(0, mostMounts);
  const late = sections.lines('late').flatMap((line) => line.split(' ').filter((mount) => mount.startsWith('/')));
  return { readAt, mounts, late: late.slice(0, mostMounts) };
}
