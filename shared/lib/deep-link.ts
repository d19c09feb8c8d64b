/** The scheme of links that the desktop hands to the app. */
export const linkScheme = 'quarterdeck';

/** What carries links (command lines, desktops, chats) cuts longer ones; most filters fit several times over. */
export const longestLink = 8000;

/** What a link names, as the part of the window's address after `#`; or why it is not opened. */
export type ReadLink = { readonly view: string } | { readonly refusal: string };

/**
 * Reads `quarterdeck://c/prod/fleet?q=x`, which names `/c/prod/fleet?q=x`. Null for anything that is not meant as such
 * a link; what it names is judged by the window.
 */
export function readLink(link: string): ReadLink | null {
  if (!/^quarterdeck:\/\//i.test(link)) return null;
  if (link.length > longestLink) return { refusal: tooLongForLink(link.length) };
  const match = /^quarterdeck:\/\/([A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*)$/i.exec(link);
  if (!match) return { refusal: 'This link holds characters that no link holds: it was cut, or is not whole.' };
  return { view: `/${(match[1] ?? '').replace(/^\/+/, '')}` };
}

/** The words for a link of so many characters. */
export function tooLongForLink(chars: number): string {
  return `This link has ${chars} characters, and ${longestLink} is the most a link may have: shorten its filter.`;
}
