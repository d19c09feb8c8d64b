import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { skipUnless } from '#kit/skip.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');

describe('tracked files', () => {
  beforeEach(() => skipUnless(existsSync(join(root, '.git')), 'this copy of the project is no git work tree'));

  const texts = () =>
    execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
      .split('\0')
      .filter((file) => file !== '' && existsSync(join(root, file)))
      .map((file) => ({ file, text: read(file) }))
      .filter(({ text }) => !text.includes('\0'));
  const holding = (pattern: RegExp) => texts().flatMap(({ file, text }) => (pattern.test(text) ? [file] : []));
  const literal = (text: string) => new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));

  test('name no folder of the machine they were written on', () => {
    expect(texts().length).toBeGreaterThan(100);
    // Not a short root such as /src, which a text may hold by chance.
    const folders = [root, homedir()].filter((folder) => folder.split(/[/\\]/).length > 2);
    for (const folder of folders) expect(holding(literal(folder))).toEqual([]);
  });

  test('name no package registry, so that everyone uses their own', () => {
    expect(holding(/https?:\/\/[^\s"'`)]*(npmjs\.org\/|registry\.|artifactory|verdaccio|\/nexus)/)).toEqual([]);
    expect(read('package-lock.json')).not.toMatch(/"resolved"/);
  });
});

test('every dependency is pinned to one exact version', () => {
  const manifest = z.record(z.string(), z.unknown()).parse(JSON.parse(read('package.json')));
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    const versions = z.record(z.string(), z.string()).parse(manifest[kind]);
    expect(Object.keys(versions).length).toBeGreaterThan(0);
    for (const [name, version] of Object.entries(versions)) {
      expect(`${name}@${version}`).toMatch(/@\d+\.\d+\.\d+(-[\w.]+)?$/);
    }
  }
});

describe('licences of dependencies', () => {
  const locked = z.object({
    version: z.string().optional(),
    license: z.string().optional(),
    dev: z.boolean().optional(),
  });
  const manifest = z.object({
    license: z.union([z.string(), z.object({ type: z.string() })]).optional(),
    // The old form, which ssh2 still has.
    licenses: z.array(z.object({ type: z.string() })).optional(),
  });
  /** May be shipped with an Apache-2.0 program. */
  const free = new Set(
    [
      'MIT',
      'ISC',
      'BSD-2-Clause',
      'BSD-3-Clause',
      'Apache-2.0',
      '0BSD',
      'BlueOak-1.0.0',
      'Unlicense',
      'CC0-1.0',
    ].concat(['WTFPL', 'OFL-1.1']),
  );
  /** Fine for tools that build or test, and are not shipped. */
  const toolsOnly = new Set(['MPL-2.0', 'Python-2.0', 'CC-BY-4.0']);

  const licenceOf = (path: string, inLock: string | undefined): string => {
    const file = join(root, path, 'package.json');
    // Packages for other platforms are not installed; the lock file knows them.
    if (!existsSync(file)) return inLock ?? 'unknown';
    const { license, licenses } = manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
    if (typeof license === 'string') return license;
    return license?.type ?? licenses?.[0]?.type ?? inLock ?? 'unknown';
  };

  test('all go with Apache-2.0; the stricter ones belong to tools', () => {
    const { packages } = z
      .object({ packages: z.record(z.string(), locked) })
      .parse(JSON.parse(read('package-lock.json')));
    const paths = Object.keys(packages).filter((path) => path !== '');
    expect(paths.length).toBeGreaterThan(100);
    const refused = paths.flatMap((path) => {
      const { license, dev } = packages[path] ?? {};
      const words = licenceOf(path, license).replaceAll(/[()]/g, '').split(/ OR /);
      return words.some((word) => free.has(word) || (dev && toolsOnly.has(word)))
        ? []
        : [`${path}: ${words.join(' OR ')}`];
    });
    expect(refused).toEqual([]);
  });
});
