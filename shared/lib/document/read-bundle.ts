import type { ConfigDocument } from '../../contract/document.ts';
import { readButane } from '../../formats/butane/read.ts';
import { readCloudConfig } from '../../formats/cloud-config/read.ts';
import { readIgnition } from '../../formats/ignition/read.ts';
import { emptyDraft, type ReadBundle } from '../../formats/provision/bundle.ts';
import type { AddressValues } from '../../formats/provision/placeholders.ts';

/** What a document wishes, whatever its format, with what is wrong in it. A `file` is a bundle of one file. */
export function readBundle(document: ConfigDocument, values: AddressValues | null): ReadBundle {
  const { format, file, content, name } = document;
  if (file) {
    const { path, mode, owner, actions } = file;
    const wished = { path, content, mode, owner, place: { line: 1, column: 1 }, written: null };
    return { bundle: { ...emptyDraft(), files: [wished], steps: actions }, findings: [] };
  }
  if (format === 'cloud-config') return readCloudConfig(content, name, values);
  return format === 'butane' ? readButane(content, name, values) : readIgnition(content, name, values);
}
