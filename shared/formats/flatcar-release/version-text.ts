/** What a release's version.txt says: `FLATCAR_VERSION=4230.2.1` and its like, quotes taken off; older ones say COREOS. */
export function parseVersionText(text: string): { version: string | null; buildId: string | null } {
  const values = new Map<string, string>();
  for (const line of text.slice(0, 20_000).split(/\r?\n/)) {
    const match = /^\s*(?:FLATCAR|COREOS)_([A-Z_]+)=(?:"([^"]*)"|'([^']*)'|(\S*))\s*$/.exec(line);
    if (match?.[1]) values.set(match[1], match[2] ?? match[3] ?? match[4] ?? '');
  }
  return {
    version: values.get('VERSION') ?? values.get('VERSION_ID') ?? null,
    buildId: values.get('BUILD_ID') ?? null,
  };
}
