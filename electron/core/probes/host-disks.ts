import type { HostDisks } from '#shared/contract/host.ts';
import type { ScriptSections } from './script-sections.ts';

type Mount = HostDisks['mounts'][number];

interface Row {
  readonly source: string;
  readonly total: number;
  readonly used: number;
  readonly free: number;
}

const mostMounts = 60;

/** Mounted read-only by design on image-based systems: no sign of a broken disk. */
const readOnlyByDesign = /^\/(usr|boot|efi|oem|sysroot|nix\/store|snap|var\/lib\/snapd)(\/|$)/;

/** What a container or the system itself mounts beside the file systems people look after. */
const notOurs = /^\/(run|proc|sys|dev)\//;

/** The rows of `df -P` by mount: six columns from both ends, since a source may hold blanks. */
function rows(lines: readonly string[]): Map<string, Row> {
  const found = new Map<string, Row>();
  for (const line of lines) {
    const row = /^(.*\S)\s+(\d{1,18}|-)\s+(\d{1,18}|-)\s+(-?\d{1,18}|-)\s+(\d{1,3}%|-)\s+(\/.*)$/.exec(line);
    if (!row) continue;
    const number = (text: string | undefined) => Math.max(0, Number(text) || 0);
    found.set(row[6] ?? '', {
      source: row[1] ?? '',
      total: number(row[2]),
      used: number(row[3]),
      free: number(row[4]),
    });
  }
  return found;
}

/** The file systems that can fill up, each once: bind mounts of one are left out, as are those made read-only by design. */
export function hostDisks(sections: ScriptSections, readAt: number): HostDisks {
  const blocks = rows(sections.lines('blocks'));
  const inodes = rows(sections.lines('inodes'));
  const bySource = new Map<string, Mount>();
  for (const line of sections.lines('mounts')) {
    const [source = '', mount = '', type = '', options = ''] = line.split(' ');
    const space = blocks.get(mount);
    if (!space || space.total === 0 || notOurs.test(mount)) continue;
    const readOnly = options.split(',').includes('ro');
    if (readOnly && (readOnlyByDesign.test(mount) || type === 'overlay')) continue;
    const key = type === 'tmpfs' ? mount : `${source} ${space.total}`;
    const known = bySource.get(key);
    if (known && known.mount.length <= mount.length) continue;
    const kib = 1024;
    bySource.set(key, {
      mount,
      source,
      type,
      totalBytes: space.total * kib,
      usedBytes: space.used * kib,
      freeBytes: space.free * kib,
      inodesTotal: inodes.get(mount)?.total ?? 0,
      inodesFree: inodes.get(mount)?.free ?? 0,
      readOnly,
    });
  }
  const mounts = [...bySource.values()].sort((a, b) => (a.mount < b.mount ? -1 : 1)).slice(0, mostMounts);
  return { readAt, mounts };
}
