import { expect, onTestFinished, test } from 'vitest';
import { Scope } from '#core/lib/scope.ts';
import { needsEtcd, startEtcd } from '#kit/etcd.ts';
import { skipUnless } from '#kit/skip.ts';
import { openWindow, startConsole, windowUnavailable } from '#kit/window.ts';

const reason = windowUnavailable();

test('an alarm of etcd is told in the top bar of every view and leads to it; before it nothing is', async () => {
  skipUnless(reason === null, reason ?? '');
  needsEtcd();
  const scope = new Scope('alerts');
  onTestFinished(() => scope.end());
  const { spec, etcdctl } = await startEtcd(scope, { arguments: ['--quota-backend-bytes', '1000000'] });
  const [endpoint = ''] = spec.endpoints;
  const file = `name: small\nmode: observe\netcd:\n  endpoints: [${endpoint}]\nhosts: []\n`;
  const running = await startConsole({ clusters: { small: file } });
  onTestFinished(() => running.end());
  const window = await openWindow(running.link());
  onTestFinished(() => window.end());
  const { page } = window;
  await page.evaluate(() => {
    location.hash = '#/c/small/settings';
  });
  await page.getByText(/etcd healthy · 1 of 1 member/).waitFor({ timeout: 20_000 });
  const chips = page.getByRole('banner').getByRole('link', { name: /etcd|failing|unreachable/ });
  expect(await chips.count()).toBe(0);

  // How much fits depends on when etcd writes its pages down: it is filled until it refuses.
  const refused = (at: number) =>
    etcdctl('put', `/fill/${at}`, 'x'.repeat(120_000)).then(
      () => false,
      () => true,
    );
  for (let at = 0; at < 100 && !(await refused(at)); at++);
  const alarm = page.getByRole('banner').getByRole('link', { name: 'etcd alarm NOSPACE' });
  await alarm.waitFor({ timeout: 10_000 });
  await alarm.click();
  await page.getByRole('heading', { name: 'etcd', exact: true }).waitFor();
  expect(page.url()).toContain('/c/small/etcd');
  expect(window.complaints).toEqual([]);
});
