/**
 * The simple commands of a shell text as lists of words, as far as they can be told without running it: quotes are taken
 * away, command substitutions count as commands of their own, variables and patterns stay as they are written.
 */
export function simpleCommands(text: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | null = null;
  const endWord = () => {
    if (word !== null) words.push(word);
    word = null;
  };
  const endCommand = () => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  let quoted = false;
  // Whether each substitution that is open stands in quotes.
  const outer: boolean[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    if (char === '\\') {
      if (next !== '\n') word = (word ?? '') + next;
      at++;
    } else if (char === "'" && !quoted) {
      const end = text.indexOf("'", at + 1);
      word = (word ?? '') + text.slice(at + 1, end === -1 ? text.length : end);
      at = end === -1 ? text.length : end;
    } else if (char === '"') {
      quoted = !quoted;
      word ??= '';
    } else if (char === '$' && next === '(') {
      endCommand();
      outer.push(quoted);
      quoted = false;
      at++;
    } else if (char === ')' && !quoted) {
      endCommand();
      quoted = outer.pop() ?? false;
    } else if (char === '`') endCommand();
    else if (quoted) word = (word ?? '') + char;
    else if (char === '#' && word === null) {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end - 1;
    } else if (/[;&|(\n]/.test(char)) endCommand();
    else if (/[ \t<>]/.test(char)) endWord();
    else word = (word ?? '') + char;
  }
  endCommand();
  return commands;
}
