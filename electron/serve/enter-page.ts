/**
 * The page that follows a used link. It sends the browser on by itself instead of by a redirect: the first
 * request after a link that came from elsewhere would not carry the SameSite=Strict cookie, one from this page does.
 * Its empty icon keeps browsers from asking for /favicon.ico.
 */
export function enterPage(view: string): string {
  const next = `/${view === '' ? '' : `#${view}`}`.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Quarterdeck</title>
<meta http-equiv="refresh" content="0;url=${next}"><p><a href="${next}">Open Quarterdeck</a></p></html>\n`;
}
