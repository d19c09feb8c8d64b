import type { HostFacts } from '#shared/contract/host.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { rebootMarkers } from '../../probes/reboot-markers.ts';
import type { ScriptSections } from '../../probes/script-sections.ts';

/** Whether packages wait for a reboot and which, and what was prepared for the next boot; alike for all package managers. */
export function packageReboot(
  sections: ScriptSections,
  { virtualization }: Pick<HostFacts, 'virtualization'>,
): Pick<HostUpdate, 'rebootNeeded' | 'rebootBecause' | 'offline'> {
  const [lines, kernel] = [sections.lines('reboot'), sections.value('tools', 'kernel')];
  const markers = kernel === '' ? [] : rebootMarkers([], sections.lines('modules'), kernel, virtualization);
  const because = [
    ...lines.filter((line) => !line.startsWith('/')),
    // `  * NAME` of dnf's needs-restarting.
    ...sections.lines('since-boot').flatMap((line) => /^\* ([\w+.-]{1,128})$/.exec(line)?.[1] ?? []),
    ...markers.map(({ evidence }) => evidence),
  ];
  const offline = preparedOffline(sections);
  return {
    rebootNeeded:
      // 1 is "a reboot is needed"; anything else is no, or not known.
      lines.includes('/run/reboot-required') ||
      sections.value('tools', 'restart') === '1' ||
      markers.length > 0 ||
      !!offline,
    rebootBecause: [...new Set(because.map((line) => cleanLine(line, 200)))].slice(0, 20),
    ...(offline ? { offline } : {}),
  };
}

/** The link by which systemd knows that the next boot is for an update, and whose that is. */
function preparedOffline(sections: ScriptSections): HostUpdate['offline'] {
  const link = sections.value('offline', 'link');
  const to = cleanLine(sections.value('offline', 'to'), 300);
  if (link !== '/system-update' && link !== '/etc/system-update') return undefined;
  if (/dnf/.test(to)) return { by: 'dnf', link, to };
  return { by: /PackageKit/i.test(to) ? 'PackageKit' : 'somebody', link, to };
}
