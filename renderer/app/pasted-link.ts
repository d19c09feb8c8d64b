import { linkScheme, readLink } from '#shared/lib/deep-link.ts';
import { parseRoute, printRoute, type Route } from '../state/routes.ts';

/** Where a pasted link leads, in words too; or why it cannot be opened. */
export type PastedLink = { readonly route: Route; readonly words: string } | { readonly refusal: string };

/**
 * Reads a link that was pasted: `quarterdeck://…`, or the address of a window in a browser, whichever console's it was:
 * it only names a view. Null for any other text.
 */
export function readPasted(text: string): PastedLink | null {
  const words = text.trim();
  const page = /^https?:\/\/[^\s/]+\/(?:#\/|(?=(?:c|add)\/))(\S*)$/.exec(words);
  const read = readLink(page ? `${linkScheme}://${page[1]}` : words);
  if (read === null || 'refusal' in read) return read;
  const route = parseRoute(`#${read.view}`);
  return { route, words: printRoute(route).slice(2) || 'the start' };
}
