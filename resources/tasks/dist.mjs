// npm run dist packages the app for this platform. npm run dist -- --check packages with an empty stand-in for Electron's
// binary (Linux) and looks into the result: what is in the archive, and whether the fuses are set. It does not prove that it starts.
import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { commands, environment, root } from './places.mjs';
import { run } from './run.mjs';
import { setup } from './setup.mjs';

/** What the archive must hold, and what it must not. */
const wanted = [
  '/package.json',
  '/dist/shell/main.mjs',
  '/dist/shell/preload.cjs',
  '/dist/shell/hosts-worker.mjs',
  '/dist/shell/demo-worker.mjs',
  '/dist/window/index.html',
  '/resources/host/sampler.awk',
  '/node_modules/ssh2/package.json',
  '/node_modules/etcd3/proto/rpc.proto',
  '/node_modules/zod/package.json',
];
const unwanted = [
  /^\/node_modules\/(react|electron|vite|vitest|cpu-features)\//,
  /^\/dist\/serve/,
  /^\/test\//,
  /\.map$/,
  /\.[cm]?tsx?$/,
];

/** What stands before the fuses in every Electron binary (Electron's documentation of fuses). */
const fuseMarker = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** The names in an asar archive, read from its header; the first bytes tell how long that is. */
function archiveNames(file) {
  const bytes = readFileSync(file);
  const header = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12)));
  const walk = (node, path) =>
    Object.entries(node.files ?? {}).flatMap(([name, child]) => [`${path}/${name}`, ...walk(child, `${path}/${name}`)]);
  return walk(header, '');
}

/** A folder that electron-builder takes for an Electron: the marker and the fuses in the binary are real, the rest is empty. */
async function makeStandIn(folder) {
  const { FuseV1Options } = await import('@electron/fuses');
  const count = Object.values(FuseV1Options).filter((value) => typeof value === 'number').length;
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8'));
  await mkdir(join(folder, 'resources'), { recursive: true });
  await mkdir(join(folder, 'locales'));
  const fuses = Buffer.concat([Buffer.from(fuseMarker), Buffer.from([1, count]), Buffer.alloc(count, '0')]);
  await writeFile(join(folder, 'electron'), Buffer.concat([Buffer.from('stand-in\n'), fuses, Buffer.alloc(64)]));
  await chmod(join(folder, 'electron'), 0o755);
  await writeFile(join(folder, 'version'), version);
  await writeFile(join(folder, 'LICENSE'), '');
  const empty = Buffer.from('{"files":{}}');
  const archive = Buffer.alloc(16 + empty.length);
  // Two nested length-prefixed records: sizes first, then the JSON header.
  archive.writeUInt32LE(4, 0);
  archive.writeUInt32LE(empty.length + 8, 4);
  archive.writeUInt32LE(empty.length + 4, 8);
  archive.writeUInt32LE(empty.length, 12);
  empty.copy(archive, 16);
  await writeFile(join(folder, 'resources', 'default_app.asar'), archive);
}

/** The packages that our bundles import when they run. */
async function importedPackages() {
  const folder = join(root, 'dist', 'shell');
  const found = new Set();
  for (const file of await readdir(folder)) {
    if (!file.endsWith('.mjs')) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, name] of text.matchAll(/(?:\bfrom |\bimport |\bimport\()"((?:@[^/"]+\/)?[^./"][^/"]*)/g)) {
      if (!name.startsWith('node:') && name !== 'electron') found.add(name);
    }
  }
  return [...found];
}

/** Resolves to what is wrong with a packaged app; empty when nothing is. */
async function inspect(unpacked) {
  const names = archiveNames(join(unpacked, 'resources', 'app.asar'));
  const packages = await importedPackages();
  const problems = [...wanted, ...packages.map((name) => `/node_modules/${name}/package.json`)]
    .filter((name) => !names.includes(name))
    .map((name) => `missing: ${name}`);
  for (const name of names)
    if (unwanted.some((pattern) => pattern.test(name))) problems.push(`should not be there: ${name}`);
  const { FuseState, FuseV1Options, getCurrentFuseWire } = await import('@electron/fuses');
  const wire = await getCurrentFuseWire(join(unpacked, 'quarterdeck'));
  const on = new Set(['EnableCookieEncryption', 'EnableEmbeddedAsarIntegrityValidation', 'OnlyLoadAppFromAsar']);
  for (const name of [
    ...on,
    'RunAsNode',
    'EnableNodeOptionsEnvironmentVariable',
    'EnableNodeCliInspectArguments',
    'GrantFileProtocolExtraPrivileges',
  ]) {
    const state = wire[FuseV1Options[name]];
    if (state !== (on.has(name) ? FuseState.ENABLE : FuseState.DISABLE))
      problems.push(`fuse ${name} is in state ${state}`);
  }
  console.log(`${names.length} names in the archive, ${packages.length} packages imported: ${packages.join(', ')}.`);
  return problems;
}

async function check(node) {
  if (process.platform !== 'linux') {
    console.log('Skipped: the stand-in for Electron is made for Linux only.');
    return 0;
  }
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-dist-'));
  try {
    await makeStandIn(join(folder, 'electron'));
    const { code, output } = await run(
      node,
      [
        commands.electronBuilder,
        '--linux',
        '--dir',
        '--publish=never',
        `-c.electronDist=${join(folder, 'electron')}`,
        `-c.directories.output=${join(folder, 'release')}`,
      ],
      { cwd: root, env: environment(node), quiet: true, timeoutMs: 300_000 },
    );
    if (code !== 0) {
      console.error(output);
      return code;
    }
    const problems = await inspect(join(folder, 'release', 'linux-unpacked'));
    for (const problem of problems) console.error(problem);
    if (problems.length === 0) console.log('The package is laid out as it should be. (It was not started.)');
    return problems.length === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const args = process.argv.slice(2);
  const node = await setup();
  await build();
  process.exitCode = args.includes('--check')
    ? await check(node)
    : (await run(node, [commands.electronBuilder, '--publish=never', ...args], { cwd: root, env: environment(node) }))
        .code;
}
