import type { ConfigDocument, RenderedDocument } from '../../contract/document.ts';

/** What a document may name of the host it is rendered for; null: not known. */
export interface HostValues {
  readonly host: string;
  readonly privateIpv4: string | null;
  readonly publicIpv4: string | null;
  readonly privateIpv6: string | null;
  readonly publicIpv6: string | null;
}

/** What a document comes to on a host; without values placeholders stay as they are written. Never throws. */
export function renderDocument(document: ConfigDocument, _values: HostValues | null): RenderedDocument {
  const { format, file, content } = document;
  if (file) {
    const { path, mode, owner, actions } = file;
    return { files: [{ path, content, mode, owner }], actions, firstBoot: [], problems: [] };
  }
  return {
    files: [],
    actions: [],
    firstBoot: [],
    problems: [{ code: 'unsupported', message: `${format} is not read yet` }],
  };
}
