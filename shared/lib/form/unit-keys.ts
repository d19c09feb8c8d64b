import type { DocumentFormat } from '../../contract/document.ts';

/** What a cloud-config may have done to a unit. */
export const unitCommands = [
  'start',
  'stop',
  'restart',
  'reload',
  'try-restart',
  'reload-or-restart',
  'reload-or-try-restart',
];

/** Where a format has its units, and what it calls their parts. */
export function unitPaths(format: Exclude<DocumentFormat, 'file'>): {
  readonly list: readonly string[];
  readonly contents: string;
  readonly dropIns: string;
} {
  return format === 'cloud-config'
    ? { list: ['coreos', 'units'], contents: 'content', dropIns: 'drop_ins' }
    : { list: ['systemd', 'units'], contents: 'contents', dropIns: 'dropins' };
}
