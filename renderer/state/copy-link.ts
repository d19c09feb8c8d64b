import { fail } from '#shared/contract/problem.ts';
import { longestLink, tooLongForLink } from '#shared/lib/deep-link.ts';

/** Puts a link on the clipboard; rejects for one that nothing would open. */
export async function copyLink(link: string): Promise<void> {
  if (link.length > longestLink) throw fail('invalid-input', tooLongForLink(link.length));
  await navigator.clipboard.writeText(link);
}
