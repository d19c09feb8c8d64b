import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cacheControl, loadWindowFiles } from './window-files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-window-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('holds the built files by path; links and unknown kinds are not among them', async () => {
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'assets', 'index-1a.js'), 'export {};');
  await writeFile(join(folder, 'assets', 'index-1a.js.map'), '{}');
  // A junction is the one kind of link that Windows lets everyone make.
  await symlink(tmpdir(), join(folder, 'leak.txt'), 'junction');
  const files = await loadWindowFiles(folder);
  expect([...files.keys()].toSorted()).toEqual(['/', '/assets/index-1a.js', '/index.html']);
  const script = files.get('/assets/index-1a.js');
  expect(script?.type).toBe('text/javascript; charset=utf-8');
  expect(script && cacheControl(script)).toMatch(/immutable/);
  const page = files.get('/');
  expect(page && cacheControl(page)).toBe('no-store');
});

test('says what to do when nothing was built', async () => {
  await expect(loadWindowFiles(join(folder, 'none'))).rejects.toMatchObject({
    problem: { code: 'not-found', hint: 'Run: npm run build' },
  });
});
