import { fleetDocuments, strayHosts } from '../documents/fleet-documents.ts';
import type { HostSpec } from '../world/roster.ts';
import type { ReadFile } from './system-files.ts';

/** Files that the team's documents speak of, as hosts of one kind have them: like the newest revision, or as somebody left them. */
export function keptFiles(spec: HostSpec): Record<string, ReadFile> {
  const { family, channel } = spec.release;
  const has: Readonly<Record<string, boolean>> = {
    'sysctl-fleet': true,
    timesyncd: family === 'flatcar',
    'nginx-limits': spec.role === 'web',
    'sshd-hardening': family !== 'debian',
    'flatcar-update': family === 'flatcar' && channel === 'stable' && spec.role !== 'etcd',
  };
  const files: Record<string, ReadFile> = {};
  for (const { name, file, revisions } of fleetDocuments) {
    if (!has[name]) continue;
    const text = revisions.at(-1)?.content ?? '';
    const stray = strayHosts[file.path];
    files[file.path] = ({ spec: { name: host } }) =>
      stray && stray.host === host ? text.replace(stray.from, stray.to) : text;
  }
  return files;
}
