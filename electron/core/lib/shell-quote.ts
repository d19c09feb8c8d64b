/** Quotes one word for a POSIX shell: the only way a value may enter a command. Throws on NUL, which no shell can carry. */
export function quote(word: string): string {
  if (word.includes('\0')) throw new RangeError('a shell word cannot hold a NUL character');
  if (word !== '' && /^[A-Za-z0-9_\-.,:/@%+=]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Joins words, each quoted, into one command line. */
export function commandLine(words: readonly string[]): string {
  return words.map(quote).join(' ');
}
