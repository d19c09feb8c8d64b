import type { ConfigDocument } from '../../contract/document.ts';
import { type Finding, Findings } from '../../formats/finding.ts';
import { accountFiles } from './account-files.ts';
import { readBundle } from './read-bundle.ts';

/**
 * Everything that can be said of a document's text without a host, with line and column: errors keep it from being
 * rendered, warnings say what has no effect. Never throws.
 */
export function checkDocument(document: ConfigDocument): Finding[] {
  const { bundle, findings } = readBundle(document, null);
  const more = new Findings(document.name);
  accountFiles(document.name, bundle, more);
  return [...findings, ...more.list()];
}
