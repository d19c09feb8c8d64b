import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Scope } from '#core/lib/scope.ts';
import { seriousViolations } from '#kit/axe.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { type Lab, labUnavailable, startLab } from '#kit/lab.ts';
import { instanceOf, type NebraskaStandIn, startNebraska } from '#kit/nebraska-stand-in.ts';
import { skipUnless } from '#kit/skip.ts';
import { openWindow, startConsole, windowUnavailable, type OpenWindow, type RunningConsole } from '#kit/window.ts';

const reason = labUnavailable() ?? windowUnavailable();
const shots = process.env['QUARTERDECK_SHOTS'];
const scope = new Scope('update server and a host');
let lab: Lab;
let nebraska: NebraskaStandIn;
let running: RunningConsole;
let window: OpenWindow;
let page: Page;

beforeAll(async () => {
  if (reason) return;
  nebraska = await startNebraska(scope);
  lab = await startLab({ systems: ['flatcar'], etcd: 'none' });
  const settings = `GROUP=prod-eu\\nSERVER=${nebraska.url}/v1/update/\\nREBOOT_STRATEGY=off\\n`;
  await lab.exec('node1', ['sh', '-c', `printf '${settings}' > /etc/flatcar/update.conf`]);
  const machineId = (await lab.exec('node1', ['cat', '/etc/machine-id'])).stdout.trim();
  nebraska.instances.push(instanceOf(machineId, 8, '4152.2.1'));
  const updates = `updates: {server: {kind: nebraska, url: "${nebraska.url}"}}\n`;
  running = await startConsole({ clusters: { lab: updates + labCluster(lab) } });
  window = await openWindow(running.link());
  ({ page } = window);
  await page.goto(`${new URL(page.url()).origin}/#/c/lab/updates/server`);
  await page.getByRole('link', { name: 'prod-eu' }).waitFor({ timeout: 60_000 });
});
afterAll(async () => {
  await window?.end();
  await running?.end();
  await lab?.end();
  await scope.end();
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

test('an instance leads to its host, whose page tells what the server has of it and why it is held', async () => {
  await page.getByRole('link', { name: 'prod-eu' }).click();
  const grid = page.getByRole('grid', { name: 'Instances' });
  await grid.getByRole('link', { name: 'node1' }).click({ timeout: 60_000 });
  const card = page.getByRole('region', { name: 'Update server' });
  await card.getByText('on hold').waitFor({ timeout: 60_000 });
  await card.getByText('4152.2.1').waitFor();
  const why = page.getByRole('region', { name: 'Why is node1 not updating?' });
  await why.getByText('The policy of group prod-eu lets no more hosts update now.').first().waitFor();
  if (shots)
    for (const [width, height, colorScheme] of [
      [1280, 800, 'dark'],
      [1920, 1080, 'light'],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${shots}/host-${width}-${colorScheme}.png` });
    }
  expect(await seriousViolations(page)).toEqual([]);
  await why.getByRole('link', { name: 'Look at its group there' }).click();
  await page.getByRole('heading', { name: 'prod-eu' }).waitFor();
  // What the server hears later is told here too.
  const [instance] = nebraska.instances;
  Object.assign(instance?.['application'] as object, { status: 4, version: '4230.2.1' });
  await page.goBack();
  await card.getByText('complete').waitFor({ timeout: 60_000 });
  expect(window.complaints).toEqual([]);
});
