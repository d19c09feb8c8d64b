/**
 * Whether `text` fits an OpenSSH pattern: `*` is any run of characters, `?` exactly one. Case matters.
 * Runs in at most text × pattern steps, whatever the pattern.
 */
export function matchPattern(text: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const wanted = pattern[inPattern];
    if (wanted === '*') {
      star = inPattern++;
      starAt = at;
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[at])) {
      inPattern++;
      at++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (pattern[inPattern] === '*') inPattern++;
  return inPattern === pattern.length;
}

/** Matches a comma-separated pattern list; one negated (`!`) pattern that fits refuses the whole list. */
export function matchPatternList(text: string, list: string): boolean {
  let matched = false;
  for (const part of list.split(',')) {
    const negated = part.startsWith('!');
    if (!matchPattern(text, negated ? part.slice(1) : part)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

/** Matches a host name against a pattern list without regard to case. */
export function matchHostName(name: string, list: string): boolean {
  return matchPatternList(lowerCase(name), lowerCase(list));
}

/** Lower case for ASCII letters only, as OpenSSH does it. */
export function lowerCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Whether a pattern names more than one host: it holds a wildcard. */
export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?');
}
