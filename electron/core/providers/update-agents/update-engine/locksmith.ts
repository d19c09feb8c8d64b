import type { HostUpdate } from '#shared/contract/update.ts';
import { type ConfSetting, lookUpConf, type UpdateConf } from '#shared/formats/update-conf/parse.ts';
import { readLocksmithWindow } from '#shared/lib/reboot/read-windows.ts';

type Strategy = HostUpdate['strategy'];

const words: Readonly<Record<string, { name: Strategy['name']; text: string }>> = {
  'etcd-lock': { name: 'etcd-lock', text: 'Reboots by itself once it holds the reboot lock in etcd.' },
  reboot: { name: 'reboot', text: 'Reboots by itself as soon as an update is ready, without a lock.' },
  off: { name: 'off', text: 'Nobody reboots this host but a person.' },
  'best-effort': {
    name: 'unknown',
    text: 'best-effort was taken out of locksmith 0.6: locksmithd refuses to start with it.',
  },
};

/** Who reboots the host after an update: what locksmithd said when it started, else what it would read now. */
export function rebootStrategy(files: readonly UpdateConf[], coordinator: UpdateConf | null): Strategy {
  const running = coordinator?.values.get('STRATEGY');
  const set: ConfSetting =
    running === undefined || running === '' || coordinator === null
      ? (lookUpConf(files, 'REBOOT_STRATEGY') ?? { value: 'reboot', source: '' })
      : { value: running, source: coordinator.path };
  const known = Object.hasOwn(words, set.value) ? words[set.value] : undefined;
  if (known) return { ...known, source: set.source };
  return { name: 'unknown', text: `The strategy ${set.value || '(empty)'} is not known.`, source: set.source };
}

/** The reboot window in words; none without both a start and a length. */
export function rebootWindows(files: readonly UpdateConf[], timeZone: string): HostUpdate['windows'] {
  const { start: text, length } = windowSettings(files);
  const start = /^(?:([A-Za-z]{3}) )?(\d{1,2}:\d{2})$/.exec(text);
  if (!start || !/^(\d+(\.\d+)?(h|m|s))+$/.test(length)) return [];
  const [, day = '', time = ''] = start;
  const when = day === '' ? 'every day' : `every ${day.charAt(0).toUpperCase()}${day.slice(1).toLowerCase()}`;
  return [{ text: `${when} from ${time} for ${length}`, timeZone }];
}

/** The reboot window as it can be reckoned with; none where locksmithd would refuse it. */
export function weeklyWindows(files: readonly UpdateConf[], timeZone: string): Pick<HostUpdate, 'weekly'> {
  const { start, length } = windowSettings(files);
  if (start === '' || length === '') return {};
  try {
    const { windows } = readLocksmithWindow(start, length, timeZone);
    return { weekly: { timeZone, windows: windows.map((window) => ({ ...window, days: [...window.days] })) } };
  } catch {
    return {};
  }
}

function windowSettings(files: readonly UpdateConf[]): { start: string; length: string } {
  const part = (name: string) =>
    (lookUpConf(files, `LOCKSMITHD_REBOOT_WINDOW_${name}`) ?? lookUpConf(files, `REBOOT_WINDOW_${name}`))?.value ?? '';
  return { start: part('START').trim(), length: part('LENGTH').trim() };
}
