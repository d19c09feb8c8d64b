// npm start: sets up, builds, and opens the console by the best means this machine has.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { findBrowser, openWindow, profileFolder } from './browser.mjs';
import { electronBinary, fetchElectron } from './electron.mjs';
import { environment, root } from './places.mjs';
import { run } from './run.mjs';
import { setup } from './setup.mjs';

const usage = `npm start -- [options] [quarterdeck://LINK]

  --demo             go straight into the embedded demo fleet (24 hosts)
  --demo-hosts N     the same with N hosts (1 to 2000)
  --serve            no window: print the link and wait
  --browser          a window of the system's Chromium, Chrome or Edge, not Electron
  --port N, --host ADDRESS, --tls-cert FILE, --tls-key FILE    as for serve; no window is opened
  --data-dir FOLDER, --config-dir FOLDER                       where the console keeps things
`;

/** An Electron that ends this soon with an error never showed a window. */
const electronFailedWithinMs = 10_000;

const given = process.argv.slice(2);
const own = new Set(['--serve', '--browser']);
const passed = given.filter((word) => !own.has(word));
const serveOnly = given.some((word) => /^--(serve|port|host|tls-cert|tls-key)(=|$)/.test(word));
const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
const children = new Set();
let interrupted = false;

function keep(child) {
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}

function endAll() {
  for (const child of children) {
    child.stdin?.end();
    child.kill('SIGTERM');
  }
  setTimeout(() => {
    for (const child of children) child.kill('SIGKILL');
    process.exit(1);
  }, 8_000).unref();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (interrupted) process.exit(1);
    interrupted = true;
    endAll();
  });
}

const ended = (child) =>
  new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });

/** True when Electron ran and showed its window; false leaves the field to a browser. */
async function startElectron(node) {
  const binary = electronBinary() ?? (await fetchElectron(node));
  if (!binary) {
    console.log('Electron is not here and could not be fetched; opening a browser window instead.');
    return false;
  }
  const started = Date.now();
  const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = keep(spawn(binary, [...sandbox, root, ...passed], { cwd: root, stdio: 'inherit' }));
  const code = await ended(child);
  if (code === 0 || interrupted || Date.now() - started > electronFailedWithinMs) return true;
  console.log(`Electron ended with code ${code}; opening a browser window instead.`);
  return false;
}

/** Runs serve to its end; every line it prints is a link. */
async function startServe(node, browser) {
  // Else V8 lets the young generation grow to 128 MiB, which a console that is open all day should leave to others.
  const args = [
    '--max-semi-space-size=4',
    join(root, 'dist', 'serve', 'main.mjs'),
    '--print-url',
    '--end-with-input',
    ...passed,
  ];
  const server = keep(spawn(node, args, { cwd: root, env: environment(node), stdio: ['pipe', 'pipe', 'inherit'] }));
  let window = null;
  let rest = '';
  server.stdout.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const link of lines) void onLink(link);
  });
  async function onLink(link) {
    if (window || !browser) {
      console.log(`${window ? 'To open it in one more browser' : 'Quarterdeck is running. Open'}: ${link}`);
      return;
    }
    window = keep(await openWindow(browser, link, profileFolder(browser, await dataFolder())));
    console.log(`Quarterdeck is open in a window of ${browser}. Close it or press Ctrl-C to end.`);
    await ended(window);
    if (!interrupted) endAll();
    interrupted = true;
  }
  const code = await ended(server);
  for (const child of children) child.kill('SIGTERM');
  return interrupted ? 0 : code;
}

/** Where the console keeps things, by the console's own rule. */
async function dataFolder() {
  const { values } = parseArgs({ args: passed, options: { 'data-dir': { type: 'string' } }, strict: false });
  if (typeof values['data-dir'] === 'string') return resolve(values['data-dir']);
  const { defaultFolders } = await import(pathToFileURL(join(root, 'dist', 'serve', 'folders.mjs')).href);
  return defaultFolders().dataDir;
}

if (given.includes('--help')) {
  process.stdout.write(usage);
} else {
  try {
    const node = await setup();
    // In a process of its own: the bundlers would keep half a gigabyte for as long as the window is open.
    const { code } = await run(node, [join(root, 'resources', 'tasks', 'build.mjs'), '--quiet'], { cwd: root });
    if (code !== 0) throw new Error('The console could not be built.');
    const electron = !serveOnly && hasDisplay && !given.includes('--browser');
    if (!(electron && (await startElectron(node)))) {
      const browser = serveOnly || !hasDisplay ? null : findBrowser();
      process.exitCode = interrupted ? 0 : await startServe(node, browser);
    }
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
