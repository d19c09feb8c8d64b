import type { HostDisks } from '../../contract/host.ts';
import type { HostUpdate } from '../../contract/update.ts';
import { agoWords, hasSomethingToDo, unread, type UpdateSubject, type Verdict, verdict } from './condition.ts';

const mib = 1_048_576;

interface Need {
  readonly mount: string;
  /** A folder of the same file system, for hosts that do not list it by its own name. */
  readonly or?: string;
  readonly bytes: number;
  readonly what: string;
}

/**
 * What an update needs free, by agent: an image of update_engine goes into the other slot, which is a partition of its own, and
 * leaves a kernel in /boot; ostree keeps a second system beside the first; packages are unpacked where they are installed.
 */
const needs: Record<Exclude<HostUpdate['agent'], 'none'>, readonly Need[]> = {
  'update-engine': [
    { mount: '/boot', bytes: 64 * mib, what: 'the kernel of the new slot' },
    { mount: '/var', bytes: 32 * mib, what: 'the state of its agent' },
  ],
  'rpm-ostree': [
    { mount: '/boot', bytes: 128 * mib, what: 'a second kernel' },
    { mount: '/sysroot', or: '/var', bytes: 1024 * mib, what: 'a second system' },
  ],
  bootc: [
    { mount: '/boot', bytes: 128 * mib, what: 'a second kernel' },
    { mount: '/sysroot', or: '/var', bytes: 2048 * mib, what: 'a second image' },
  ],
  apt: [
    { mount: '/boot', bytes: 100 * mib, what: 'a new kernel' },
    { mount: '/usr', bytes: 500 * mib, what: 'packages' },
    { mount: '/var/cache', bytes: 200 * mib, what: 'downloads' },
  ],
  dnf: [
    { mount: '/boot', bytes: 100 * mib, what: 'a new kernel' },
    { mount: '/usr', bytes: 500 * mib, what: 'packages' },
    { mount: '/var/cache', bytes: 200 * mib, what: 'downloads' },
  ],
};

/** Whether there is room for what an update brings. */
export function disk(subject: UpdateSubject): Verdict {
  const { update, disks, readings } = subject.host;
  if (!update) return unread;
  if (update.agent === 'none') return verdict('does-not-apply', 'No agent would write anything.');
  if (update.rebootNeeded) return verdict('does-not-apply', 'What it needs room for is in place already.');
  const next = { label: 'Look at its disks', leads: 'host', tab: 'facts' } as const;
  const failed = readings?.disks;
  if (!disks)
    return verdict(
      'unknown',
      failed ? `Its disks could not be read: ${failed.reason}` : 'Its disks have not been read yet.',
      { next },
    );
  const from = { source: 'its mounted file systems', readAt: disks.readAt, next };
  const asked = needs[update.agent].map((need) => ({
    ...need,
    at: mountOf(disks.mounts, need.mount) ?? mountOf(disks.mounts, need.or ?? need.mount),
  }));
  const room = asked.filter(({ at }) => at !== null);
  const broken = room.find(({ at }) => at?.readOnlyFault);
  if (broken?.at) return verdict('stops', `${broken.at.mount} can only be read: ${broken.at.readOnlyFault}`, from);
  const short = room.find(({ at, bytes }) => at && !at.readOnly && at.freeBytes < bytes);
  if (short?.at) {
    const text = `${short.at.mount} has ${words(short.at.freeBytes)} free; ${short.what} may take ${words(short.bytes)}.`;
    // Where nothing is to come there is nothing that it stops yet.
    return hasSomethingToDo(subject)
      ? verdict('stops', text, from)
      : verdict('ok', `Nothing is to come. ${text}`, from);
  }
  if (room.length === 0)
    return verdict('unknown', 'None of the file systems that an update would write to is known.', from);
  const old = failed ? ` Of ${agoWords(disks.readAt, subject.now)}: ${failed.reason}` : '';
  return verdict(
    'ok',
    `There is room: ${[...new Set(room.map(({ at }) => `${at?.mount} has ${words(at?.freeBytes ?? 0)} free`))].join(', ')}.${old}`,
    from,
  );
}

/** The file system that a folder is on. */
function mountOf(mounts: HostDisks['mounts'], folder: string): HostDisks['mounts'][number] | null {
  const over = mounts.filter(({ mount }) => mount === '/' || mount === folder || folder.startsWith(`${mount}/`));
  return over.toSorted((a, b) => b.mount.length - a.mount.length)[0] ?? null;
}

function words(bytes: number): string {
  return bytes < 1024 * mib ? `${Math.floor(bytes / mib)} MiB` : `${(bytes / 1024 / mib).toFixed(1)} GiB`;
}
