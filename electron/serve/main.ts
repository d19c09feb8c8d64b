import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startCore } from '#core/index.ts';
import type { Vault } from '#core/lib/vault.ts';
import { Scope } from '#core/lib/scope.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import { demoStarter } from '../launch/demo-fleet.ts';
import { fleetView } from '../launch/fleet-view.ts';
import { defaultFolders } from '../launch/folders.ts';
import { noVault } from '../launch/no-vault.ts';
import { logLevel, pinoLog } from '../launch/pino-log.ts';
import { keepHeapSmall } from '../launch/small-heap.ts';
import { stampedWindow } from '../launch/stamped-window.ts';
import { loadWindowFiles, windowFolder } from '../launch/window-files.ts';
import { parseArguments, usage, type ServeArguments } from './arguments.ts';
import { listenAddress, type Tls } from './binding.ts';
import { openFileVault } from './file-vault.ts';
import { startServer } from './server.ts';

const endWithinMs = 5_000;
const log = pinoLog(logLevel(process.env.QUARTERDECK_LOG, 'warn'));

async function readTls(files: ServeArguments['tlsFiles']): Promise<Tls | null> {
  if (!files) return null;
  const read = (file: string) =>
    readFile(file, 'utf8').catch((cause: unknown) => {
      throw fail('not-found', `Cannot read ${file}: ${toProblem(cause).message}`);
    });
  return { cert: await read(files.cert), key: await read(files.key) };
}

function openVault(dataDir: string): Promise<Vault> | Vault {
  const passphrase = process.env.QUARTERDECK_VAULT_PASSPHRASE;
  // Programs started from here (an ssh agent's helper, a Match exec) have no business with it.
  delete process.env.QUARTERDECK_VAULT_PASSPHRASE;
  return passphrase ? openFileVault(join(dataDir, 'vault.json'), passphrase) : noVault;
}

async function run(given: ServeArguments): Promise<void> {
  const scope = new Scope('serve main');
  let ending = false;
  const end = (why: string) => {
    if (ending) process.exit(1);
    ending = true;
    log.info('ending', { why });
    setTimeout(() => process.exit(1), endWithinMs).unref();
    scope.end().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('did not end cleanly', { error: toProblem(error).message });
        process.exit(1);
      },
    );
  };
  keepHeapSmall();
  process.on('SIGINT', () => end('interrupted'));
  process.on('SIGTERM', () => end('terminated'));
  process.on('SIGHUP', () => end('the terminal went away'));
  if (given.endWithInput) process.stdin.resume().on('end', () => end('input ended'));

  try {
    const tls = await readTls(given.tlsFiles);
    // Refused before anything is started.
    listenAddress(given.host, tls);
    const core = await startCore({
      dataDir: given.dataDir,
      configDir: given.configDir,
      vault: await openVault(given.dataDir),
      log,
      startDemo: demoStarter(given.dataDir, log),
    });
    scope.add(() => core.end());
    const demo = given.demoHosts === null ? null : await core.startDemo(given.demoHosts);
    if (given.updateService) {
      const { tlsFiles, cluster, ...wish } = given.updateService;
      const updates = await core.serveUpdates({ ...wish, cluster: cluster ?? demo, tls: await readTls(tlsFiles) });
      process.stderr.write(`Update service: SERVER=${updates.url}\n`);
    }
    const say = (link: string) => process.stdout.write(given.printUrl ? `${link}\n` : `Quarterdeck: open ${link}\n`);
    const server = await startServer({
      host: given.host,
      port: given.port,
      tls,
      files: stampedWindow(await loadWindowFiles(windowFolder), () => core.preferences()),
      attach: (port) => core.attach(port),
      view: given.view ?? (demo === null ? '' : fleetView(demo)),
      onEntered: say,
      log,
    });
    scope.add(() => server.end());
    say(server.link());
  } catch (error) {
    await scope.end().catch(() => {});
    throw error;
  }
}

try {
  const given = parseArguments(process.argv.slice(2), defaultFolders());
  if (given.help) process.stdout.write(usage);
  else await run(given);
} catch (error) {
  const { message, hint } = toProblem(error);
  process.stderr.write(`quarterdeck serve: ${message}\n${hint ? `${hint}\n` : ''}`);
  process.exit(1);
}
