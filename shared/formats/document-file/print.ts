import { stringify } from 'yaml';
import type { ConfigDocument } from '#shared/contract/document.ts';
import { printSteps } from '#shared/lib/change/suggest.ts';

/** What a document is, as the file `NAME.yaml` says it; its text lies beside it. */
export function printDocumentFile({ format, targets, file }: ConfigDocument): string {
  const fields: Record<string, unknown> = { format };
  if (targets !== '') fields['targets'] = targets;
  if (file) {
    fields['path'] = file.path;
    if (file.mode !== null) fields['mode'] = file.mode;
    if (file.owner) fields['owner'] = `${file.owner.uid}:${file.owner.gid}`;
    if (file.actions.length > 0) fields['actions'] = printSteps(file.actions).split('\n');
  }
  return stringify(fields, { lineWidth: 0 });
}

const endings = { 'cloud-config': 'yml', butane: 'bu', ignition: 'ign' } as const;

/** The name of the file that holds a document's text; never one that ends in `.yaml`, which says what a document is. */
export function textFileName(name: string, { format, file }: Pick<ConfigDocument, 'format' | 'file'>): string {
  if (format !== 'file') return `${name}.${endings[format]}`;
  const ending = /[^/]\.([a-z0-9]{1,12})$/i.exec(file?.path ?? '')?.[1]?.toLowerCase() ?? 'txt';
  return `${name}.${ending === 'yaml' ? 'yml' : ending}`;
}
