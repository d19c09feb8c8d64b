import type { ConfigDocument, ExportFormat } from '../../contract/document.ts';
import { printButane } from '../../formats/butane/print.ts';
import { printCloudConfig } from '../../formats/cloud-config/print.ts';
import { exportSet } from '../../formats/provision/export-set.ts';
import { readBundle } from './read-bundle.ts';
import type { HostValues } from './render-document.ts';

/**
 * Documents together as one text to provision a machine with, in the order of their names; `notes` says what it cannot
 * hold. Without values placeholders stay.
 */
export function exportDocuments(
  documents: readonly ConfigDocument[],
  format: ExportFormat,
  values: HostValues | null,
): { text: string; notes: string[] } {
  const faults: string[] = [];
  const bundles = documents
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map((document) => {
      const { name } = document;
      const { bundle, findings } = readBundle(document, values);
      for (const { level, problem } of findings)
        if (level === 'error') faults.push(`Left out (${name}, line ${problem.place?.line ?? 1}): ${problem.message}.`);
      const dollars = document.format === 'cloud-config' && values === null ? 'written' : 'words';
      return { name, bundle, dollars } as const;
    });
  const set = exportSet(bundles);
  const { text, notes } =
    format === 'cloud-config' ? printCloudConfig(set) : printButane(set, format === 'butane-fcos' ? 'fcos' : 'flatcar');
  return { text, notes: [...new Set([...faults, ...set.notes, ...notes])] };
}
