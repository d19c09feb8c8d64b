import type { Preferences } from '#shared/contract/preferences.ts';
import type { WindowFile, WindowFiles } from './window-files.ts';

/** Where the page finds the preferences before it has heard anything of the core. */
const metaName = 'quarterdeck-preferences';

/**
 * The window's files, the page among them with the person's preferences written in: its first paint is then in the
 * right theme, whatever port it comes from.
 */
export function stampedWindow(files: WindowFiles, preferences: () => Preferences): Pick<WindowFiles, 'get'> {
  return {
    get(path) {
      const file = files.get(path);
      return file?.type.startsWith('text/html') ? stamped(file, preferences()) : file;
    },
  };
}

function stamped(file: WindowFile, preferences: Preferences): WindowFile {
  const meta = `<meta name="${metaName}" content="${attribute(JSON.stringify(preferences))}">`;
  const theme = preferences.theme === 'system' ? '' : ` data-theme="${preferences.theme}"`;
  const page = new TextDecoder()
    .decode(file.body)
    .replace(/<html\b/, (tag) => tag + theme)
    .replace('</head>', (tag) => meta + tag);
  return { ...file, body: new TextEncoder().encode(page) };
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
