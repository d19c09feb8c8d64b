import { fail } from '#shared/contract/problem.ts';
import { readXml, type XmlElement } from './xml-tree.ts';

/** A file of a manifest, as far as the response says. */
export interface OfferedFile {
  readonly name: string;
  readonly sha1: string;
  readonly sha256Hex: string;
  readonly size: string;
}

/** An update as a public server offers it, every value as it stands there. */
export interface OfferedUpdate {
  readonly version: string;
  readonly codebase: string;
  readonly files: readonly OfferedFile[];
  readonly action: Readonly<Record<string, string>>;
}

/** Reads the update that an Omaha response offers; throws `invalid-input` where it offers none. */
export function parseOfferedUpdate(xml: string): OfferedUpdate {
  const root = readXml(xml);
  if (root.name !== 'response') throw fail('invalid-input', `<${root.name.slice(0, 40)}> is no Omaha response`);
  const check = find(root, 'app', 'updatecheck');
  const manifest = check && find(check, 'manifest');
  if (!check || !manifest) {
    const status = check?.attributes['status'] ?? find(root, 'app')?.attributes['status'] ?? 'nothing';
    throw fail('invalid-input', `the response offers no update: it says ${status.slice(0, 60)}`);
  }
  const actions = find(manifest, 'actions')?.children ?? [];
  return {
    version: manifest.attributes['version'] ?? '',
    codebase: find(check, 'urls', 'url')?.attributes['codebase'] ?? '',
    files: (find(manifest, 'packages')?.children ?? []).map(({ attributes }) => ({
      name: attributes['name'] ?? '',
      sha1: attributes['hash'] ?? '',
      sha256Hex: attributes['hash_sha256'] ?? '',
      size: attributes['size'] ?? '',
    })),
    action: actions.find(({ attributes }) => attributes['event'] === 'postinstall')?.attributes ?? {},
  };
}

function find(from: XmlElement, ...names: string[]): XmlElement | null {
  let at: XmlElement | null = from;
  for (const name of names) at = at?.children.find((child) => child.name === name) ?? null;
  return at;
}
