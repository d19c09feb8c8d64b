import type { UnitStep } from '#shared/contract/change.ts';
import type { Finding } from '../finding.ts';
import type { YamlNode, YamlPlace } from '../yaml-tree/read.ts';

/** Where a text of a bundle stands, so that it can be replaced there; `pack` is how it is written. */
export interface WrittenText {
  /** The value that holds the text; null when none is written. */
  readonly node: YamlNode | null;
  readonly pack: 'plain' | 'base64' | 'data-url' | 'line';
  /** The item whose removal removes the text: the position in a list; null when the text is a key of `owner` by itself. */
  readonly list: YamlNode | null;
  readonly index: number;
  /** The mapping that the text belongs to, and the key that holds it. */
  readonly owner: YamlNode;
  readonly key: string;
}

/** A file that a bundle wishes; null mode or owner: whatever is there. Null `written`: it follows from other keys. */
export interface BundleFile {
  readonly path: string;
  readonly content: string;
  readonly mode: string | null;
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  readonly place: YamlPlace;
  readonly written: WrittenText | null;
}

/** A unit that a bundle wishes something of; its files are among the files of the bundle. */
export interface BundleUnit {
  readonly name: string;
  readonly hasContent: boolean;
  readonly hasDropIns: boolean;
  /** True: masked; false: unmasked if it is; null: nothing is said. */
  readonly mask: boolean | null;
  readonly enable: boolean | null;
  readonly command: UnitStep['verb'] | null;
  readonly place: YamlPlace;
}

/** An account; null: not said. */
export interface BundleUser {
  readonly name: string;
  readonly uid: number | null;
  readonly gecos: string | null;
  readonly home: string | null;
  readonly createHome: boolean;
  readonly primaryGroup: string | null;
  readonly groups: readonly string[];
  readonly shell: string | null;
  readonly system: boolean;
  readonly keys: readonly string[];
  readonly place: YamlPlace;
}

export interface BundleGroup {
  readonly name: string;
  readonly gid: number | null;
}

/** What a provisioning text wishes, whatever its format. Order is that of the text. */
export interface Bundle {
  readonly hostname: string | null;
  readonly files: readonly BundleFile[];
  readonly units: readonly BundleUnit[];
  readonly users: readonly BundleUser[];
  readonly groups: readonly BundleGroup[];
  /** What is done besides, after everything else. */
  readonly steps: readonly UnitStep[];
  /** What only a first boot does. */
  readonly firstBoot: readonly { readonly what: string; readonly why: string; readonly line: number }[];
}

/** A text as far as it could be read. */
export interface ReadBundle {
  readonly bundle: Bundle;
  readonly findings: readonly Finding[];
}

/** A bundle that is being read. */
export interface Draft {
  hostname: string | null;
  files: BundleFile[];
  units: BundleUnit[];
  users: BundleUser[];
  groups: BundleGroup[];
  steps: UnitStep[];
  firstBoot: { what: string; why: string; line: number }[];
}

/** A bundle that wishes nothing yet. */
export function emptyDraft(): Draft {
  return { hostname: null, files: [], units: [], users: [], groups: [], steps: [], firstBoot: [] };
}
