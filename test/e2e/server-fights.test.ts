import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Scope } from '#core/lib/scope.ts';
import { runFleet } from '#demo/fleet/run-fleet.ts';
import { seriousViolations } from '#kit/axe.ts';
import { type NebraskaStandIn, startNebraska } from '#kit/nebraska-stand-in.ts';
import { skipUnless } from '#kit/skip.ts';
import { openWindow, startConsole, windowUnavailable, type OpenWindow, type RunningConsole } from '#kit/window.ts';

// The demo's fleet as a team would have it with an update server of its own (a stand-in), in a protected cluster.
const reason = windowUnavailable();
const shots = process.env['QUARTERDECK_SHOTS'];
const scope = new Scope('server fights');
const asking: string[] = [];
let nebraska: NebraskaStandIn;
let running: RunningConsole;
let window: OpenWindow;
let page: Page;

beforeAll(async () => {
  if (reason) return;
  nebraska = await startNebraska(scope);
  const [group] = nebraska.groups;
  if (group) group['track'] = 'stable';
  const dir = await mkdtemp(join(tmpdir(), 'qd-fights-'));
  scope.add(() => rm(dir, { recursive: true, force: true }));
  const fleet = await runFleet({
    hosts: 24,
    dir: join(dir, 'demo'),
    seed: 1,
    preferRealEtcd: false,
    stories: false,
    scope,
  });
  for (const { spec, files } of fleet.world.hosts) {
    if (spec.role !== 'worker' || spec.release.family !== 'flatcar') continue;
    files.write('/etc/flatcar/update.conf', `GROUP=stable\nSERVER=${nebraska.url}/v1/update/\n`, 'root');
    asking.push(spec.name);
  }
  const text = await readFile(fleet.clusterFile, 'utf8');
  await writeFile(fleet.clusterFile, text.replace('mode: operate\n', 'mode: operate\nprotected: true\n'));
  await appendFile(fleet.clusterFile, `updates: {server: {kind: nebraska, url: "${nebraska.url}"}}\n`);
  running = await startConsole({ words: ['--config-dir', dirname(fleet.clusterFile)] });
  window = await openWindow(running.link());
  ({ page } = window);
  await page.goto(`${new URL(page.url()).origin}/#/c/demo/updates`);
  await page.getByText(/24 of 24 hosts connected/).waitFor({ timeout: 60_000 });
  await page.getByText(/etcd healthy/).waitFor({ timeout: 60_000 });
});
afterAll(async () => {
  await window?.end();
  await running?.end();
  await scope.end();
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const pane = () => page.getByRole('complementary', { name: 'Update group' });
const change = () => page.getByRole('region', { name: 'The change' });
const fights = () => pane().getByRole('region', { name: 'The update server’s group prod-eu' });

async function shoot(name: string): Promise<void> {
  if (!shots) return;
  for (const [width, height] of [
    [1920, 1080],
    [1280, 800],
  ] as const)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${shots}/${name}-${width}-${colorScheme}.png` });
    }
}

test('a roll-out says before it begins where the limits of the update server meet its own', async () => {
  const row = page
    .getByRole('grid', { name: 'Groups by channel' })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: 'workers' }) });
  await row.getByText('4628.2.0').waitFor({ timeout: 60_000 });
  await row.getByRole('rowheader').click();
  await pane().getByRole('link', { name: 'Roll out' }).click();
  await fights().waitFor({ timeout: 60_000 });
  // Of those that ask this server, the ones that are behind.
  const told = /^(\d) hosts ask the update server for its group prod-eu, which has limits of its own:/;
  const [, many = ''] = told.exec(await fights().innerText()) ?? [];
  expect(Number(many)).toBeGreaterThan(1);
  expect(Number(many)).toBeLessThanOrEqual(asking.length);
  const said = await fights().getByRole('listitem').allInnerTexts();
  expect(said.map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
    'stops it The server disables updates of prod-eu when the first of them fails, though 2 may fail here.',
    expect.stringMatching(
      /^stops it The server calls an update timed out after 60 minutes, and a host may take 75 minutes/,
    ),
    'slows it The server lets one host go first, whatever the size of the first wave.',
    expect.stringMatching(/^to know At the server's pace \d+ hosts take at least \d+ minutes\.$/),
  ]);
  await pane().getByRole('region', { name: 'The plan' }).waitFor({ timeout: 60_000 });
  await shoot('fights');
  expect(await seriousViolations(page)).toEqual([]);
});

test('the server’s group is led to, and where it agrees nothing is said', async () => {
  const back = page.url();
  await fights().getByRole('link', { name: 'prod-eu' }).click();
  await page.getByRole('button', { name: 'Edit policy' }).waitFor({ timeout: 30_000 });
  const [group] = nebraska.groups;
  Object.assign(group ?? {}, {
    policy_safe_mode: false,
    policy_max_updates_per_period: 900_000,
    policy_update_timeout: '2 hours',
  });
  await page.getByText('Any number at once.').first().waitFor({ timeout: 60_000 });
  await page.goto(back);
  await pane().getByRole('region', { name: 'The plan' }).waitFor({ timeout: 60_000 });
  expect(await fights().count()).toBe(0);
});

test('what is proposed lies in its lanes, all hosts waiting, until a second person approves it', async () => {
  const propose = pane().getByRole('button', { name: 'Propose it for approval' });
  await propose.click({ timeout: 30_000 });
  await change().getByText('planned', { exact: true }).waitFor({ timeout: 60_000 });
  await change().getByText('It waits for a second person to approve this very plan.').waitFor();
  expect(await change().getByRole('button', { name: 'Start the change' }).count()).toBe(0);
  const lane = change().getByRole('region', { name: 'Wave 1' });
  const tiles = lane.getByRole('button', { name: /^worker-[abc]\d: waiting$/ });
  const hosts = await tiles.count();
  expect(hosts).toBeGreaterThanOrEqual(asking.length);
  expect(await page.getByTestId('work-count-waiting').innerText()).toBe(String(hosts));
  for (const column of ['downloading', 'held', 'rebooting', 'done', 'failed'])
    expect(await page.getByTestId(`work-count-${column}`).innerText()).toBe('0');
  await shoot('planned');
  // One host's course is there before it has one.
  await tiles.first().click();
  const course = page.getByRole('complementary', { name: /^What worker-\S+ went through$/ });
  await course.getByText('Nothing was done there yet.').waitFor();
  await shoot('planned-host');
  expect(await seriousViolations(page)).toEqual([]);
  expect(window.complaints).toEqual([]);
});
