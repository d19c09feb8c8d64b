import type { BrowserWindowConstructorOptions } from 'electron';
import type { WindowPlace } from './window-state.ts';

/** The window's colours before its first paint, as in the renderer's tokens. */
const background = { dark: '#0d1014', light: '#f4f5f7' };

/** Everything the one window is made with: a sandboxed page that can reach nothing but its preload script's line. */
export function windowOptions(place: WindowPlace, preload: string, dark: boolean): BrowserWindowConstructorOptions {
  return {
    ...place.bounds,
    minWidth: 900,
    minHeight: 560,
    show: false,
    title: 'Quarterdeck',
    backgroundColor: dark ? background.dark : background.light,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      // The spell checker would fetch its dictionaries from the internet.
      spellcheck: false,
      enableWebSQL: false,
    },
  };
}
