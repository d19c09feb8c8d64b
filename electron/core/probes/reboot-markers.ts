import type { HostFacts } from '#shared/contract/host.ts';

type Marker = HostFacts['rebootNeeded'][number];

const words: Record<string, string> = {
  '/run/reboot-required': 'reboot-required',
  '/run/reboot-needed': 'reboot-needed',
  '/run/ostree/staged-deployment': 'staged-deployment',
  '/run/update_engine_autoupdate_completed': 'update-engine-completed',
};

const containers = /^(lxc|lxc-libvirt|systemd-nspawn|docker|podman|rkt|wsl|proot|pouch|openvz|container-other)$/;

/**
 * What asks for a reboot. `lines` are marker files that exist and then package names; `modules` are folders below
 * /usr/lib/modules: when only other kernels than the running one are left there, it was replaced.
 */
export function rebootMarkers(
  lines: readonly string[],
  modules: readonly string[],
  kernel: string,
  virtualization: string,
): Marker[] {
  const files = lines.filter((line) => line in words);
  const packages = lines.filter((line) => !line.startsWith('/')).slice(0, 5);
  const markers = files.map((file): Marker => {
    const because = file === '/run/reboot-required' && packages.length > 0 ? ` (${packages.join(', ')})` : '';
    return { marker: words[file] ?? file, evidence: `${file}${because}` };
  });
  const installed = modules
    .map((folder) => folder.replace(/\/$/, '').split('/').at(-1) ?? '')
    .filter((one) => one !== '');
  // A container has its own /usr but its host's kernel.
  if (installed.length === 0 || containers.test(virtualization)) return markers;
  if (!installed.includes(kernel)) {
    markers.push({
      marker: 'kernel-removed',
      evidence: `running ${kernel}, installed ${installed.slice(0, 5).join(', ')}`,
    });
    return markers;
  }
  const newest = installed
    .filter((one) => flavour(one) === flavour(kernel))
    .sort(byVersion)
    .at(-1);
  if (newest !== undefined && byVersion(newest, kernel) > 0) {
    markers.push({ marker: 'kernel-newer', evidence: `running ${kernel}, installed ${newest}` });
  }
  return markers;
}

/** What a kernel's name says beside its numbers: `#.#.#-#-cloud-amd#`. Only alike ones are compared. */
function flavour(kernel: string): string {
  return kernel.replaceAll(/\d+/g, '#');
}

function byVersion(left: string, right: string): number {
  const a = left.split(/\D+/).map(Number);
  const b = right.split(/\D+/).map(Number);
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
