import type { ConfigDocument, RenderedDocument } from '../../contract/document.ts';
import { Findings } from '../../formats/finding.ts';
import { accountFiles, accountsUnit } from './account-files.ts';
import { orderSteps } from './order-steps.ts';
import { readBundle } from './read-bundle.ts';

/** What a document may name of the host it is rendered for; null: not known. */
export interface HostValues {
  readonly host: string;
  readonly privateIpv4: string | null;
  readonly publicIpv4: string | null;
  readonly privateIpv6: string | null;
  readonly publicIpv6: string | null;
}

const maxFiles = 200;
const maxSteps = 100;
const maxContentChars = 262_144;

/** What a document comes to on a host; without values placeholders stay as they are written. Never throws. */
export function renderDocument(document: ConfigDocument, values: HostValues | null): RenderedDocument {
  if (document.file) {
    const { path, mode, owner, actions } = document.file;
    return { files: [{ path, content: document.content, mode, owner }], actions, firstBoot: [], problems: [] };
  }
  const { bundle, findings } = readBundle(document, values);
  const more = new Findings(document.name);
  const accounts = accountFiles(document.name, bundle, more);
  const files = [...bundle.files, ...accounts];
  const actions = orderSteps(bundle, accounts.length > 0 ? accountsUnit(document.name) : null, files);
  if (files.length > maxFiles) more.error(top, `${files.length} files are more than a change may have`, split);
  if (actions.length > maxSteps) more.error(top, `${actions.length} steps are more than a change may have`, split);
  for (const { path, content, place } of files)
    if (content.length > maxContentChars) more.error(place, `${path} would be longer than a change may write`);
  return {
    files: files.map(({ path, content, mode, owner }) => ({ path, content, mode, owner })),
    actions,
    firstBoot: [...bundle.firstBoot],
    problems: [...findings, ...more.list()].flatMap(({ level, problem }) => (level === 'error' ? [problem] : [])),
  };
}

const top = { line: 1, column: 1 };
const split = 'Split the document into several.';
