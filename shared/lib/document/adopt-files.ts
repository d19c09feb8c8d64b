import type { ConfigDocument } from '../../contract/document.ts';
import { fail, type ProblemError } from '../../contract/problem.ts';
import type { WrittenText } from '../../formats/provision/bundle.ts';
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
  const before = stateOf(document);
  const changed = new Map([...found].filter(([path, text]) => before.files.get(path)?.content !== (text ?? undefined)));
  const whole = changed.size > 1 ? adoptTogether(document, before, changed) : null;
  if (whole !== null) return whole;
  let adopted = document;
  for (const [path, text] of changed) adopted = adoptOne(adopted, path, text);
  return adopted;
}

/** All texts by one pass over the document, the last place first; null when one of them has to be looked at by itself. */
function adoptTogether(
  document: ConfigDocument,
  before: State,
  found: ReadonlyMap<string, string | null>,
): ConfigDocument | null {
  const { bundle } = readBundle(document, null);
  const byPath = new Map(bundle.files.map((file) => [file.path, file]));
  const edits = [...found].flatMap(([path, text]) => {
    const file = byPath.get(path);
    const from = file?.written?.node?.source?.from;
    if (!file?.written || from === undefined || text === null || whyNot(document, file.content, text)) return [];
    return [{ from, text, written: file.written }];
  });
  if (edits.length < found.size) return null;
  let { content } = document;
  for (const { text, written } of edits.sort((a, b) => b.from - a.from)) {
    const [way] = replaced(content, written, text, hasDollars(document, written));
    if (way === undefined) return null;
    content = way;
  }
  const adopted = { ...document, content };
  return content.length <= maxChars && says(before, stateOf(adopted), found) ? adopted : null;
}

function adoptOne(document: ConfigDocument, path: string, text: string | null): ConfigDocument {
  const { bundle, findings } = readBundle(document, null);
  const error = findings.find(({ level }) => level === 'error');
  if (error) throw fail('unsupported', `${document.name} has faults: ${error.problem.message}`, more(error.problem));
  const file = bundle.files.findLast((one) => one.path === path);
  if (!file) throw refused(document, path, text === null ? 'does not write it' : 'has no text of its own for it');
  const { written } = file;
  if (!written) throw refused(document, path, 'has no text of its own for it: it follows from other keys');
  const why = text === null ? null : whyNot(document, file.content, text);
  if (why !== null) throw refused(document, path, why);
  const before = stateOf(document);
  const ways =
    text === null
      ? [removed(document.content, written)]
      : replaced(document.content, written, text, hasDollars(document, written));
  const wanted = new Map([[path, text]]);
  for (const content of ways)
    if (content !== null && content.length <= maxChars && says(before, stateOf({ ...document, content }), wanted))
      return { ...document, content };
  throw refused(document, path, text === null ? 'is written so that it cannot be taken out' : 'cannot hold this text');
}

/** Why a text cannot take the place of another, as far as names of addresses are concerned. */
function whyNot({ format }: ConfigDocument, old: string, text: string): string | null {
  const style = format === 'cloud-config' ? 'dollar' : 'braces';
  if (namesAddress(old, style)) return 'names an address of the host in it, and every host would get that of this one';
  return style === 'braces' && namesAddress(text, style)
    ? 'would take words in braces for an address of the host'
    : null;
}

function hasDollars({ format }: ConfigDocument, { pack }: WrittenText): boolean {
  return format === 'cloud-config' && pack === 'plain';
}

const maxChars = 262_144;

type State = ReturnType<typeof stateOf>;

/** Whether the edited document says exactly this of the paths, and of everything else what it said before. */
function says(old: State, now: State, wanted: ReadonlyMap<string, string | null>): boolean {
  for (const [path, text] of wanted) {
    if (now.files.get(path)?.content !== (text ?? undefined)) return false;
    if (text !== null && now.files.get(path)?.rest !== old.files.get(path)?.rest) return false;
  }
  // This file follows from the name of the host.
  const follows = (path: string): boolean => path === '/etc/hosts' && wanted.has('/etc/hostname');
  const others = ({ files }: State): string =>
    JSON.stringify([...files].filter(([path]) => !wanted.has(path) && !follows(path)));
  const kept = [...wanted.values()].every((text) => text !== null);
  return others(old) === others(now) && old.accounts === now.accounts && (!kept || old.units === now.units);
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
