// Finds a Chromium-like browser of this machine and opens one link in it as an app window.
import { accessSync, constants, realpathSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { spawn } from 'node:child_process';

const linuxNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
  'brave-browser',
];
const macApps = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'];
const windowsPaths = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'Chromium\\Application\\chrome.exe',
];

/** The path of the first browser found, or null; QUARTERDECK_BROWSER names another. */
export function findBrowser({ platform = process.platform, env = process.env } = {}) {
  if (env.QUARTERDECK_BROWSER) return isRunnable(env.QUARTERDECK_BROWSER) ? env.QUARTERDECK_BROWSER : null;
  return candidates(platform, env).find(isRunnable) ?? null;
}

function candidates(platform, env) {
  if (platform === 'darwin') {
    const folders = ['/Applications', join(env.HOME ?? homedir(), 'Applications')];
    return folders.flatMap((folder) => macApps.map((name) => `${folder}/${name}.app/Contents/MacOS/${name}`));
  }
  if (platform === 'win32') {
    const folders = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter(Boolean);
    return folders.flatMap((folder) => windowsPaths.map((path) => `${folder}\\${path}`));
  }
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return linuxNames.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function isRunnable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folder of the window's own browser profile; a snap may not look into hidden folders of the home folder. */
export function profileFolder(browser, dataFolder) {
  return realpathSync(browser).startsWith('/snap/') || realpathSync(browser) === '/usr/bin/snap'
    ? join(homedir(), 'snap', 'chromium', 'common', 'quarterdeck')
    : join(dataFolder, 'window-profile');
}

/**
 * Opens the link in a window without tabs and address bar; resolves to the child process. The link goes by a file that
 * only this user can read, because every user of the machine can read a command line.
 */
export async function openWindow(browser, link, profile) {
  await mkdir(profile, { recursive: true, mode: 0o700 });
  const page = join(profile, 'open.html');
  await writeFile(page, `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${link}">`, {
    mode: 0o600,
  });
  const asRoot = process.getuid?.() === 0;
  const args = [
    `--app=file://${encodeURI(page.replaceAll('\\', '/')).replace(/^([A-Za-z]:)/, '/$1')}`,
    `--user-data-dir=${profile}`,
    '--class=Quarterdeck',
    '--window-size=1360,860',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-breakpad',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    // Chromium does not start as root with its sandbox; without --test-type a warning bar eats the window.
    ...(asRoot ? ['--no-sandbox', '--test-type'] : []),
  ];
  return spawn(browser, args, { stdio: 'ignore' });
}
