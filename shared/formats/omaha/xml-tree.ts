import { SaxesParser } from 'saxes';
import { fail } from '#shared/contract/problem.ts';

/** What an Omaha text may be at most, in characters; Nebraska takes as much. */
export const mostOmahaChars = 64 * 1024;
const mostDepth = 12;
const mostElements = 400;
const mostAttributes = 40;

/** An element of an XML text; what stands between elements is of no meaning in Omaha. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
}

/**
 * Reads an XML text into its root. Refuses with `invalid-input` what is too large or deep or not well-formed, and every
 * DOCTYPE: without one there are no entities but XML's own five.
 */
export function readXml(text: string): XmlElement {
  if (text.length > mostOmahaChars) throw fail('invalid-input', `more than ${mostOmahaChars} characters`);
  interface Open {
    name: string;
    attributes: Record<string, string>;
    children: Open[];
  }
  const open: Open[] = [];
  let root: Open | null = null;
  let elements = 0;
  const refuse = (why: string) => {
    throw fail('invalid-input', why);
  };
  const parser = new SaxesParser({ position: false });
  parser.on('error', (error) => refuse(`not well-formed XML: ${error.message.slice(0, 100)}`));
  parser.on('doctype', () => refuse('a DOCTYPE is not taken'));
  parser.on('opentag', ({ name, attributes }) => {
    if (++elements > mostElements) refuse(`more than ${mostElements} elements`);
    if (open.length >= mostDepth) refuse(`deeper than ${mostDepth} elements`);
    const pairs = Object.entries(attributes);
    if (pairs.length > mostAttributes) refuse(`more than ${mostAttributes} attributes`);
    const element: Open = { name, attributes: Object.assign(Object.create(null), attributes), children: [] };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  if (root === null) throw fail('invalid-input', 'no XML element');
  return root;
}

// oxlint-disable-next-line no-control-regex -- control characters are exactly what XML cannot carry
const notCarried = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** Writes a value into an attribute; a character that XML cannot carry is left out. */
export function xmlText(value: string): string {
  return value
    .replaceAll(notCarried, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&#34;')
    .replaceAll('\t', '&#x9;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\r', '&#xD;');
}
