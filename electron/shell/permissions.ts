import { isContent } from './content-origin.ts';

/** All that the page may do beyond drawing itself: put text on the clipboard when a person asks for it. */
const granted: readonly string[] = ['clipboard-sanitized-write'];

/** Denied unless named above and asked for by our own page. */
export function mayUse(permission: string, requester: string): boolean {
  return granted.includes(permission) && isContent(requester);
}
