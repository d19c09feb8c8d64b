import { provisionKeys } from '../ignition/keys.ts';
import type { Target } from '../ignition/provision-key.ts';
import { keysBelow, type SchemaKey } from '../schema-keys.ts';

/** Versions of each variant, with the minor version of Ignition 3 that they become. */
export const butaneVersions: Readonly<Record<'fcos' | 'flatcar', Readonly<Record<string, number>>>> = {
  fcos: { '1.0.0': 0, '1.1.0': 1, '1.2.0': 2, '1.3.0': 2, '1.4.0': 3, '1.5.0': 4, '1.6.0': 5, '1.7.0': 6 },
  flatcar: { '1.0.0': 3, '1.1.0': 4 },
};

/** The target of a variant and version; null when they are not known. */
export function butaneTarget(variant: string, version: string): Target | null {
  if (variant !== 'fcos' && variant !== 'flatcar') return null;
  const versions = butaneVersions[variant];
  const minor = Object.hasOwn(versions, version) ? versions[version] : undefined;
  if (minor === undefined) return null;
  return { spelling: 'butane', major: 3, minor, variant, own: Number(version.split('.')[1]) };
}

/** The keys that may stand at a path of a Butane configuration of a variant and version; of the newest for fcos otherwise. */
export function keysAt(path: readonly string[], variant = 'fcos', version = '1.7.0'): SchemaKey[] {
  const target = butaneTarget(variant, version) ?? butaneTarget('fcos', '1.7.0');
  return target ? keysBelow(provisionKeys(target), path) : [];
}
