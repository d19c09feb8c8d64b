/** An operating system's pretty name for a narrow column: the words that every release of it has are left out. */
export function shortOsName(pretty: string): string {
  return pretty
    .replace(/ GNU\/Linux| Container Linux by \w+| Linux(?= )/, '')
    .replace(/ \([^)]*\)$/, '')
    .trim();
}
