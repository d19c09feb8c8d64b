import type { DocumentFormat } from '#shared/contract/document.ts';

const lookedAt = 20_000;

/** What a pasted text is by its first lines: Ignition is JSON with its version, Butane names a variant, cloud-config says so. */
export function recogniseFormat(text: string): DocumentFormat {
  const head = text.slice(0, lookedAt);
  if (/^\s*\{/.test(head) && /"ignition"\s*:/.test(head)) return 'ignition';
  if (/^#cloud-config\s*$/m.test(head.slice(0, 200))) return 'cloud-config';
  if (/^variant:\s*\S/m.test(head)) return 'butane';
  return 'file';
}

/** A document's name for a path or a title: small letters, digits, dots, dashes; empty when nothing of it can be used. */
export function nameFor(path: string): string {
  const last = path.split('/').findLast((part) => part !== '') ?? '';
  return last
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 100);
}
