import { createHash } from 'node:crypto';

/** One short name for packages with their versions, whatever their order. */
export function packageSet(packages: readonly string[]): string {
  return createHash('sha256').update(packages.toSorted().join('\n')).digest('hex').slice(0, 16);
}
