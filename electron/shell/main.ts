import { join } from 'node:path';
import {
  BrowserWindow,
  Menu,
  app,
  dialog,
  ipcMain,
  nativeTheme,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
} from 'electron';
import { startCore, type Core } from '#core/index.ts';
import { readJson, writeAtomically } from '#core/storage/json-file.ts';
import type { Preferences } from '#shared/contract/preferences.ts';
import { toProblem } from '#shared/contract/problem.ts';
import { linkScheme, type ReadLink, readLink } from '#shared/lib/deep-link.ts';
import { demoStarter } from '../launch/demo-fleet.ts';
import { fleetView } from '../launch/fleet-view.ts';
import { defaultFolders } from '../launch/folders.ts';
import { logLevel, pinoLog } from '../launch/pino-log.ts';
import { keepHeapSmall } from '../launch/small-heap.ts';
import { stampedWindow } from '../launch/stamped-window.ts';
import { loadWindowFiles, windowFolder } from '../launch/window-files.ts';
import { parseArguments } from './arguments.ts';
import { contentAnswer } from './content-answer.ts';
import { contentOrigin, contentScheme, contentSchemePrivileges } from './content-origin.ts';
import { linkOfCommandLine, withView } from './deep-link.ts';
import { lockPages, lockSession } from './lock-down.ts';
import { menuTemplate } from './menu-template.ts';
import { servePageLines } from './page-lines.ts';
import { openSafeStorageVault } from './safe-storage-vault.ts';
import { windowOptions } from './window-options.ts';
import { windowPlace, windowState, type WindowState } from './window-state.ts';

const log = pinoLog(logLevel(process.env.QUARTERDECK_LOG, 'warn'));
const launch = parseArguments(process.argv.slice(app.isPackaged ? 1 : 2), defaultFolders());
const windowFile = join(launch.dataDir, 'window.json');

let window: BrowserWindow | null = null;
let core: Core | null = null;
/** A link that came before there was a window. */
let waitingView: string | null = null;
const firstLink = linkOfCommandLine(process.argv);
if (firstLink && 'view' in firstLink) waitingView = firstLink.view;

protocol.registerSchemesAsPrivileged([contentSchemePrivileges]);
app.enableSandbox();
keepHeapSmall();
// Chromium's own files, and with them the lock of the single instance, go with the data folder.
app.setPath('userData', join(launch.dataDir, 'electron'));
// Run from its sources, the command to register would be Electron's own.
if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme);

function showView(view: string): void {
  if (!window) {
    waitingView = view;
    return;
  }
  if (window.isMinimized()) window.restore();
  window.focus();
  void window.loadURL(withView(window.webContents.getURL(), view));
}

function isDark(theme: Preferences['theme']): boolean {
  return theme === 'system' ? nativeTheme.shouldUseDarkColors : theme === 'dark';
}

/** Opens a link that was handed to the app, or says why not. */
function openLink(link: ReadLink): void {
  if ('view' in link) showView(link.view);
  else dialog.showErrorBox('The link was not opened', link.refusal);
}

async function openWindow(): Promise<void> {
  const kept: WindowState | null = await readJson(windowFile, windowState.nullable(), null).catch(() => null);
  const place = windowPlace(
    kept,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const opened = new BrowserWindow(
    windowOptions(place, join(import.meta.dirname, 'preload.cjs'), isDark(core?.preferences().theme ?? 'system')),
  );
  window = opened;
  if (place.maximized) opened.maximize();
  opened.once('ready-to-show', () => opened.show());
  opened.on('close', () => {
    const state: WindowState = { bounds: opened.getNormalBounds(), maximized: opened.isMaximized() };
    writeAtomically(windowFile, JSON.stringify(state)).catch((error: unknown) =>
      log.warn('the place of the window was not kept', { error: toProblem(error).message }),
    );
  });
  opened.on('closed', () => (window = null));
  const address = `${contentOrigin}/`;
  const view = waitingView;
  waitingView = null;
  await opened.loadURL(view === null ? address : withView(address, view));
}

async function start(): Promise<void> {
  await app.whenReady();
  const files = await loadWindowFiles(windowFolder);
  lockSession(session.defaultSession, app.isPackaged);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate(process.platform, app.isPackaged, {
        openDataFolder: () => void shell.openPath(launch.dataDir),
      }),
    ),
  );
  const running = await startCore({
    dataDir: launch.dataDir,
    configDir: launch.configDir,
    vault: await openSafeStorageVault(join(launch.dataDir, 'vault-desktop.json'), safeStorage),
    log,
    startDemo: demoStarter(launch.dataDir, log),
  });
  core = running;
  const stamped = stampedWindow(files, () => running.preferences());
  protocol.handle(contentScheme, (request) => contentAnswer(stamped, request.method, request.url));
  servePageLines(ipcMain, (port) => running.attach(port));
  if (launch.demoHosts !== null) {
    const view = fleetView(await running.startDemo(launch.demoHosts));
    waitingView ??= view;
  }
  await openWindow();
  if (firstLink && 'refusal' in firstLink) openLink(firstLink);
}

lockPages(app, (address) => void shell.openExternal(address));
app.on('window-all-closed', () => {
  if (process.platform !== 'darwin') app.quit();
});
app.on('activate', () => {
  if (core && !window) void openWindow();
});
app.on('open-url', (event, link) => {
  event.preventDefault();
  const read = readLink(link);
  if (read) openLink(read);
});
app.on('second-instance', (_event, argv) => {
  const read = linkOfCommandLine(argv);
  if (read) openLink(read);
  else window?.focus();
});
app.on('will-quit', (event) => {
  const ending = core;
  if (!ending) return;
  core = null;
  event.preventDefault();
  // A host that does not answer must not keep the app on the screen.
  const hardEnd = setTimeout(() => app.exit(1), 5_000);
  ending
    .end()
    .catch((error: unknown) => log.error('did not end cleanly', { error: toProblem(error).message }))
    .finally(() => {
      clearTimeout(hardEnd);
      app.exit(0);
    });
});

if (app.requestSingleInstanceLock()) {
  start().catch((error: unknown) => {
    const { message, hint } = toProblem(error);
    log.error('could not start', { error: message });
    dialog.showErrorBox('Quarterdeck could not start', hint ? `${message}\n\n${hint}` : message);
    app.exit(1);
  });
} else {
  app.quit();
}
