import { unitName } from '#shared/contract/ids.ts';

/**
 * The unit of the system's manager that a cgroup is of: the first in its path that is no slice, so that what a user's own
 * manager or a container has below is told as that. `init` is process 1's cgroup, below whose folder all others are in a
 * container. Empty where there is none.
 */
export function unitOfCgroup(cgroup: string, init: string): string {
  const root = init.replace(/\/init\.scope$/, '').replace(/\/$/, '');
  const below = root !== '' && cgroup.startsWith(`${root}/`) ? cgroup.slice(root.length) : cgroup;
  for (const part of below.split('/')) {
    // systemd puts a line before names that the kernel has a use for.
    const name = part.replace(/^_/, '');
    if (!/\.(service|scope|socket|mount|swap)$/.test(name)) continue;
    return unitName.safeParse(name).success ? name : '';
  }
  return '';
}
