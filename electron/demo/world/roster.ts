import { between, mix, part, pick, seedOf } from './chance.ts';
import { releases, type Family, type Release } from './release.ts';

export const roles = ['etcd', 'lb', 'web', 'db', 'worker', 'build'] as const;
export type Role = (typeof roles)[number];

/** What a simulated host is from the start; its state lives elsewhere. */
export interface HostSpec {
  readonly name: string;
  readonly seed: number;
  readonly role: Role;
  readonly zone: 'a' | 'b' | 'c';
  readonly rack: string;
  readonly release: Release;
  readonly cpus: number;
  readonly memoryKib: number;
  /** Its address inside the simulated data centre. */
  readonly address: string;
}

const sizes: Record<Role, { cpus: readonly number[]; gib: readonly number[] }> = {
  etcd: { cpus: [4], gib: [8] },
  lb: { cpus: [4, 8], gib: [8] },
  web: { cpus: [4, 8], gib: [8, 16] },
  db: { cpus: [16, 32], gib: [64, 128] },
  worker: { cpus: [16, 32], gib: [32, 64] },
  build: { cpus: [32, 64], gib: [64] },
};

const systems: Record<Role, readonly Family[]> = {
  etcd: ['flatcar'],
  lb: ['debian', 'fedora-coreos'],
  web: ['flatcar', 'flatcar', 'fedora-coreos', 'debian'],
  db: ['debian'],
  worker: ['flatcar', 'flatcar', 'flatcar', 'fedora-coreos'],
  build: ['debian', 'fedora-coreos'],
};

/** Who is in a fleet of `count` hosts: the same for the same seed. */
export function rosterOf(count: number, seed: number): HostSpec[] {
  const specs: HostSpec[] = [];
  const numbers = new Map<string, number>();
  const perZone = { a: 0, b: 0, c: 0 };
  for (const [role, wanted] of shares(count)) {
    for (let at = 0; at < wanted; at++) {
      const zone = (['a', 'b', 'c'] as const)[at % 3] ?? 'a';
      const number = (numbers.get(role + zone) ?? 0) + 1;
      numbers.set(role + zone, number);
      const name = `${role}-${zone}${number}`;
      const rack = `${zone}${String(Math.floor(perZone[zone]++ / 8) + 1).padStart(2, '0')}`;
      specs.push(specOf(name, role, zone, rack, at, seedOf(name, seed), specs.length));
    }
  }
  return specs;
}

/** How many hosts of each role; a fleet too small for etcd's three has none. */
function shares(count: number): [Role, number][] {
  const etcd = count < 6 ? 0 : count < 300 ? 3 : 5;
  const left = count - etcd;
  const lb = Math.round(left * 0.09);
  const db = Math.floor(left * 0.12);
  const build = Math.floor(left * 0.09);
  const worker = Math.floor(left * 0.3);
  return [
    ['etcd', etcd],
    ['lb', lb],
    ['web', left - lb - db - build - worker],
    ['db', db],
    ['worker', worker],
    ['build', build],
  ];
}

function specOf(
  name: string,
  role: Role,
  zone: 'a' | 'b' | 'c',
  rack: string,
  atInRole: number,
  seed: number,
  index: number,
): HostSpec {
  // In turn rather than by chance, so that a small fleet is mixed too.
  const family = systems[role][atInRole % systems[role].length] ?? 'flatcar';
  const size = sizes[role];
  const zoneNumber = 'abc'.indexOf(zone) + 1;
  return {
    name,
    seed,
    role,
    zone,
    rack,
    release: releaseOf(family, role, atInRole, seed),
    cpus: pick(size.cpus, part(seed, 1)),
    memoryKib: pick(size.gib, part(seed, 2)) * 1024 * 1024 - between(120_000, 420_000, part(seed, 3)),
    address: `10.${20 + zoneNumber}.${index >> 7}.${(index & 127) + 10}`,
  };
}

function releaseOf(family: Family, role: Role, atInRole: number, seed: number): Release {
  const share = part(mix(seed, 4));
  // The last host of a few serves as canary of the next channel; etcd never does.
  const turn = role === 'etcd' ? 0 : (atInRole + 1) % 10;
  switch (family) {
    case 'flatcar':
      if (turn === 6) return pick(releases.flatcarBeta, share);
      if (turn === 9) return pick(releases.flatcarAlpha, share);
      return pick(releases.flatcarStable, share ** 2);
    case 'fedora-coreos':
      if (turn === 3) return pick(releases.coreosTesting, share);
      if (turn === 8) return pick(releases.coreosNext, share);
      return pick(releases.coreosStable, share ** 2);
    case 'debian':
      return pick(releases.debian, share);
    default:
      return family satisfies never;
  }
}
