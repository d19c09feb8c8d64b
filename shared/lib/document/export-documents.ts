import type { ConfigDocument, ExportFormat } from '../../contract/document.ts';
import type { HostValues } from './render-document.ts';

/** Documents together as one text to provision a machine with; `notes` says what it cannot hold. Without values placeholders stay. */
export function exportDocuments(
  documents: readonly ConfigDocument[],
  format: ExportFormat,
  _values: HostValues | null,
): { text: string; notes: string[] } {
  return { text: '', notes: documents.map(({ name }) => `${name} cannot be held by ${format} yet`) };
}
