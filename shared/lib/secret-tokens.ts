/** What stands in a text where a secret is: equal secrets have equal tokens, and only the core knows what they stand for. */
export const secretToken = /⟦secret [0-9a-f]{12}⟧/g;

/** The different tokens of a text, in the order in which they come. */
export function secretTokens(text: string): string[] {
  return [...new Set(text.match(secretToken))];
}

/** The text with these tokens opened; others stay. */
export function openTokens(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(secretToken, (token) => values.get(token) ?? token);
}
