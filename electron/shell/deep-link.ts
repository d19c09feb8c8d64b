import { type ReadLink, readLink } from '#shared/lib/deep-link.ts';

/** The first link among the words of a command line, read; the desktop starts the app with one. */
export function linkOfCommandLine(argv: readonly string[]): ReadLink | null {
  for (const word of argv) {
    const read = readLink(word);
    if (read !== null) return read;
  }
  return null;
}

/** The window's address with the view changed and everything before `#` kept, so that the page is not loaded anew. */
export function withView(address: string, view: string): string {
  const url = new URL(address);
  url.hash = view;
  return url.href;
}
