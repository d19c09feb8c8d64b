import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';

const serveMain = fileURLToPath(new URL('../../electron/serve/main.ts', import.meta.url));
const builtServe = fileURLToPath(new URL('../../dist/serve/main.mjs', import.meta.url));
const builtWindow = fileURLToPath(new URL('../../dist/window/index.html', import.meta.url));

/** Where this machine has a Chromium, or null. */
export function chromiumPath(): string | null {
  const named = process.env['QUARTERDECK_CHROMIUM'];
  const places = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  return [...(named ? [named] : []), ...places].find((path) => existsSync(path)) ?? null;
}

/** Why no window can be opened here, or null when one can. */
export function windowUnavailable(): string | null {
  if (chromiumPath() === null) return 'no Chromium is installed';
  if (!existsSync(builtWindow)) return 'the window is not built (npm run build)';
  return null;
}

export interface ConsoleOptions {
  /** Cluster files by id. */
  readonly clusters?: Readonly<Record<string, string>>;
  /** More command line words for `serve`, as `--demo-hosts 24`. */
  readonly words?: readonly string[];
  /** The user's home: `~/.ssh/config` and keys are looked for there. A new empty folder when left out. */
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Runs the bundle that `npm run build` made, as users do, instead of the sources. */
  readonly built?: boolean;
}

/** A console run as a person runs it: `serve` in a process of its own, its window in a real Chromium. */
export interface RunningConsole {
  readonly dir: string;
  readonly home: string;
  readonly configDir: string;
  readonly process: ChildProcess;
  /** A link that no browser has used yet; each is good once. */
  link(): string;
  /** What the process wrote to standard error so far. */
  errors(): string;
  end(): Promise<void>;
}

/** Starts `serve` with its own folders; resolves when it answers. */
export async function startConsole(options: ConsoleOptions = {}): Promise<RunningConsole> {
  const dir = await mkdtemp(join(tmpdir(), 'qd-console-'));
  const home = options.home ?? join(dir, 'home');
  const configDir = join(dir, 'clusters');
  await mkdir(configDir, { recursive: true });
  await mkdir(join(home, '.ssh'), { recursive: true, mode: 0o700 });
  for (const [id, text] of Object.entries(options.clusters ?? {})) await writeFile(join(configDir, `${id}.yaml`), text);
  const words = [
    // As `npm start` runs it.
    ...(options.built ? ['--max-semi-space-size=4', builtServe] : [serveMain]),
    '--print-url',
    '--end-with-input',
    '--data-dir',
    join(dir, 'data'),
    '--config-dir',
    configDir,
    ...(options.words ?? []),
  ];
  const child = spawn(process.execPath, words, {
    env: { ...process.env, HOME: home, SSH_AUTH_SOCK: '', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk).slice(-20_000)));
  const link = await links(child, () => errors);
  return {
    dir,
    home,
    configDir,
    process: child,
    link,
    errors: () => errors,
    async end() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Resolves at the first link with a reader of the newest one. */
function links(child: ChildProcess, errors: () => string): Promise<() => string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const newest = () => [...text.matchAll(/^(https?:\S+)\n/gm)].at(-1)?.[1];
    const timer = setTimeout(() => reject(new Error(`serve printed no link in 60 s: ${errors()}`)), 60_000);
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk;
      if (newest() === undefined) return;
      clearTimeout(timer);
      resolve(() => newest() ?? '');
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`serve ended with ${code}: ${errors()}`));
    });
  });
}

export interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'dark' | 'light';
  /** Takes every connection to the link's address here instead, as a network in between would; `http://127.0.0.1:1234`. */
  readonly via?: string;
}

/** A page in Chromium, with everything it complained of. */
export interface OpenWindow {
  readonly browser: Browser;
  readonly page: Page;
  /** Console errors, uncaught exceptions and refused requests, one line each. */
  readonly complaints: string[];
  end(): Promise<void>;
}

/** Opens the console's link in a headless Chromium. */
export async function openWindow(
  url: string,
  { width = 1280, height = 800, theme = 'dark', via }: WindowOptions = {},
): Promise<OpenWindow> {
  const path = chromiumPath();
  if (path === null) throw new Error('no Chromium is installed');
  const root = process.getuid?.() === 0;
  const browser = await chromium.launch({
    executablePath: path,
    args: [
      ...(root ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(via === undefined ? [] : [`--host-resolver-rules=MAP ${new URL(url).host} ${new URL(via).host}`]),
    ],
  });
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(url);
  // The link trades its token for a cookie, then goes on to the window itself.
  await page.waitForURL((at) => !at.pathname.startsWith('/enter'));
  return { browser, page, complaints, end: () => browser.close() };
}
