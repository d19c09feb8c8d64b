const words = 'looking again at';

/** What a change says while its hosts that are done are looked at before the next wave. */
export function lookingAgain(hosts: number): string {
  return `${words} ${hosts === 1 ? '1 host' : `${hosts} hosts`} before the next wave`;
}

/** Whether that is what it says: for a moment, between "next wave in" and the wave. */
export function isLookingAgain(text: string): boolean {
  return text.startsWith(words);
}
