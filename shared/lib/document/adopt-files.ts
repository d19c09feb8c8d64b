import type { ConfigDocument } from '../../contract/document.ts';
import { fail, type ProblemError } from '../../contract/problem.ts';
import { removed, replaced } from '../../formats/provision/edit-text.ts';
import { namesAddress } from '../../formats/provision/placeholders.ts';
import { readBundle } from './read-bundle.ts';
import type { HostValues } from './render-document.ts';

/** Addresses that stand for no host, so that texts can be compared as a host would get them. */
const anyHost: HostValues = {
  host: 'any',
  privateIpv4: '192.0.2.1',
  publicIpv4: '192.0.2.2',
  privateIpv6: '2001:db8::1',
  publicIpv6: '2001:db8::2',
};

/**
 * The document that says of these paths what a host has (null: the file is not there); everything else in its text, comments
 * too, stays as it is. Throws `unsupported` for what the format cannot say.
 */
export function adoptFiles(document: ConfigDocument, found: ReadonlyMap<string, string | null>): ConfigDocument {
  if (document.file) {
    const text = found.get(document.file.path);
    if (typeof text !== 'string') throw fail('unsupported', `${document.name} cannot take that over`);
    return { ...document, content: text };
  }
  let adopted = document;
  for (const [path, text] of found) adopted = adoptOne(adopted, path, text);
  return adopted;
}

function adoptOne(document: ConfigDocument, path: string, text: string | null): ConfigDocument {
  const { bundle, findings } = readBundle(document, null);
  const error = findings.find(({ level }) => level === 'error');
  if (error) throw fail('unsupported', `${document.name} has faults: ${error.problem.message}`, more(error.problem));
  const file = bundle.files.findLast((one) => one.path === path);
  const before = stateOf(document);
  if (before.files.get(path)?.content === (text ?? undefined)) return document;
  if (!file) throw refused(document, path, text === null ? 'does not write it' : 'has no text of its own for it');
  if (!file.written) throw refused(document, path, 'has no text of its own for it: it follows from other keys');
  const style = document.format === 'cloud-config' ? 'dollar' : 'braces';
  if (text !== null && namesAddress(file.content, style))
    throw refused(document, path, 'names an address of the host in it, and every host would get that of this one');
  if (text !== null && style === 'braces' && namesAddress(text, style))
    throw refused(document, path, 'would take words in braces for an address of the host');
  const dollars = style === 'dollar' && file.written.pack === 'plain';
  const ways =
    text === null ? [removed(document.content, file.written)] : replaced(document.content, file.written, text, dollars);
  for (const content of ways)
    if (content !== null && content.length <= maxChars && says(before, stateOf({ ...document, content }), path, text))
      return { ...document, content };
  throw refused(document, path, text === null ? 'is written so that it cannot be taken out' : 'cannot hold this text');
}

const maxChars = 262_144;

type State = ReturnType<typeof stateOf>;

/** Whether the edited document says exactly this of the path, and of everything else what it said before. */
function says(old: State, now: State, path: string, text: string | null): boolean {
  if (now.files.get(path)?.content !== (text ?? undefined)) return false;
  if (text !== null && now.files.get(path)?.rest !== old.files.get(path)?.rest) return false;
  const others = ({ files }: State): string =>
    JSON.stringify(
      [...files].filter(([other]) => other !== path && !(other === '/etc/hosts' && path === '/etc/hostname')),
    );
  return others(old) === others(now) && old.accounts === now.accounts && (text === null || old.units === now.units);
}

function stateOf(document: ConfigDocument): {
  files: Map<string, { content: string; rest: string }>;
  accounts: string;
  units: string;
} {
  const { bundle, findings } = readBundle(document, anyHost);
  const files = new Map(
    bundle.files.map(({ path, content, mode, owner }) => [path, { content, rest: JSON.stringify([mode, owner]) }]),
  );
  const units = bundle.units.map((unit) => ({ ...unit, place: null }));
  const users = bundle.users.map((user) => ({ ...user, place: null }));
  const firstBoot = bundle.firstBoot.map(({ what }) => what);
  const wrong = findings.map(({ level, problem }) => level + problem.message);
  return {
    files,
    accounts: JSON.stringify([users, bundle.groups, firstBoot, wrong]),
    units: JSON.stringify([units, bundle.steps]),
  };
}

function refused(document: ConfigDocument, path: string, why: string): ProblemError {
  return fail('unsupported', `${path} cannot be taken over: ${document.name} ${why}`, {
    hint: 'Edit the text of the document by hand.',
  });
}

function more(problem: { place?: ProblemError['problem']['place'] }): { place?: NonNullable<typeof problem.place> } {
  return problem.place === undefined ? {} : { place: problem.place };
}
