import { part } from '../world/chance.ts';
import type { Family } from '../world/release.ts';
import type { HostSpec, Role } from '../world/roster.ts';

/** One mounted file system as df shows it. */
export interface Mount {
  readonly source: string;
  readonly path: string;
  readonly type: string;
  readonly options: string;
  readonly totalKib: number;
  readonly usedKib: number;
  readonly inodes: number;
  readonly usedInodes: number;
}

interface Plan {
  readonly source: string;
  readonly path: string;
  readonly type: string;
  readonly gib: number;
  /** Part in use when the simulation begins. */
  readonly used: number;
  readonly readOnly?: boolean;
}

const byFamily: Record<Family, readonly Plan[]> = {
  flatcar: [
    { source: '/dev/vda9', path: '/', type: 'ext4', gib: 60, used: 0.34 },
    { source: '/dev/mapper/usr', path: '/usr', type: 'btrfs', gib: 1, used: 0.61, readOnly: true },
    { source: '/dev/vda1', path: '/boot', type: 'vfat', gib: 0.125, used: 0.47 },
    { source: '/dev/vda6', path: '/oem', type: 'btrfs', gib: 0.125, used: 0.04 },
  ],
  'fedora-coreos': [
    { source: '/dev/vda4', path: '/sysroot', type: 'xfs', gib: 60, used: 0.29, readOnly: true },
    { source: '/dev/vda4', path: '/etc', type: 'xfs', gib: 60, used: 0.29 },
    { source: '/dev/vda4', path: '/var', type: 'xfs', gib: 60, used: 0.29 },
    { source: '/dev/vda3', path: '/boot', type: 'ext4', gib: 0.35, used: 0.55, readOnly: true },
    { source: '/dev/vda2', path: '/boot/efi', type: 'vfat', gib: 0.125, used: 0.06 },
  ],
  debian: [
    { source: '/dev/vda1', path: '/', type: 'ext4', gib: 80, used: 0.31 },
    { source: '/dev/vda15', path: '/boot/efi', type: 'vfat', gib: 0.125, used: 0.1 },
  ],
};

const byRole: Partial<Record<Role, readonly Plan[]>> = {
  db: [
    { source: '/dev/vdb', path: '/srv/postgresql', type: 'xfs', gib: 900, used: 0.57 },
    { source: '/dev/vdc', path: '/backup', type: 'xfs', gib: 2000, used: 0.48 },
  ],
  worker: [{ source: '/dev/vdb', path: '/var/lib/orders', type: 'ext4', gib: 200, used: 0.36 }],
  build: [{ source: '/dev/vdb', path: '/var/lib/buildkit', type: 'ext4', gib: 500, used: 0.52 }],
};

const inMemory = (spec: HostSpec): Plan[] => [
  { source: 'tmpfs', path: '/run', type: 'tmpfs', gib: (spec.memoryKib / kibPerGib) * 0.2, used: 0.006 },
  { source: 'tmpfs', path: '/tmp', type: 'tmpfs', gib: (spec.memoryKib / kibPerGib) * 0.5, used: 0.001 },
];

const kibPerGib = 1024 * 1024;
const swingMs = 7_200_000;

/** Where the data of a role lies. */
export function dataPath(spec: HostSpec): string {
  return byRole[spec.role]?.[0]?.path ?? (spec.release.family === 'fedora-coreos' ? '/var' : '/');
}

/** A host's mounts at a moment; `filled` are the parts in use that something made of some. */
export function mountsOf(spec: HostSpec, atMs: number, filled: ReadonlyMap<string, number>): Mount[] {
  const plans = [...byFamily[spec.release.family], ...(byRole[spec.role] ?? []), ...inMemory(spec)];
  return plans.map((plan) => {
    const totalKib = Math.round(plan.gib * kibPerGib * 0.98);
    const own = spec.seed ^ plan.source.length ^ (plan.source.charCodeAt(plan.source.length - 1) << 8);
    // Log files and caches come and go within hours; read-only systems stay as they are.
    const swing =
      plan.readOnly || plan.type === 'tmpfs' ? 0 : 0.015 * Math.sin((atMs / swingMs + part(own, 1)) * 2 * Math.PI);
    const usual = plan.used * (0.75 + 0.5 * part(own, 2)) + swing;
    const used = Math.min(1, filled.get(plan.path) ?? usual);
    const inodes = plan.type === 'vfat' || plan.type === 'btrfs' ? 0 : Math.round(totalKib / 16);
    return {
      source: plan.source,
      path: plan.path,
      type: plan.type,
      options: plan.type === 'tmpfs' ? 'rw,nosuid,nodev' : plan.readOnly ? 'ro,relatime' : 'rw,relatime',
      totalKib,
      usedKib: Math.round(totalKib * used),
      inodes,
      usedInodes: Math.round(inodes * used * 0.22),
    };
  });
}
