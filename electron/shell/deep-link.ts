/** The scheme of links that the desktop hands to the app. */
export const linkScheme = 'quarterdeck';

const maxChars = 2000;

/**
 * The view that a link names, as the part of the window's address after `#`: `quarterdeck://c/prod/fleet?q=x` is
 * `/c/prod/fleet?q=x`. Null for anything that is not such a link; what it names is judged by the window.
 */
export function viewOfLink(link: string): string | null {
  if (link.length > maxChars) return null;
  const match = /^quarterdeck:\/\/([A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*)$/i.exec(link);
  if (!match) return null;
  return `/${(match[1] ?? '').replace(/^\/+/, '')}`;
}

/** The first link among the words of a command line; the desktop starts the app with one. */
export function viewOfCommandLine(argv: readonly string[]): string | null {
  for (const word of argv) {
    const view = viewOfLink(word);
    if (view !== null) return view;
  }
  return null;
}

/** The window's address with the view changed and everything before `#` kept, so that the page is not loaded anew. */
export function withView(address: string, view: string): string {
  const url = new URL(address);
  url.hash = view;
  return url.href;
}
