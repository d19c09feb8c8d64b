import { expect, onTestFinished, test } from 'vitest';
import { skipUnless } from '#kit/skip.ts';
import { openWindow, startConsole, windowUnavailable } from '#kit/window.ts';

test('with etcd away the board says that the groups are not read, and not that there are none', async () => {
  const reason = windowUnavailable();
  skipUnless(reason === null, reason ?? '');
  // Nobody listens on this port.
  const file = 'name: Away\netcd:\n  endpoints: [http://127.0.0.1:1]\nhosts: [{ name: web1, address: 192.0.2.1 }]\n';
  const running = await startConsole({ clusters: { away: file } });
  onTestFinished(() => running.end());
  const window = await openWindow(running.link());
  onTestFinished(() => window.end());
  const { page } = window;
  await page.evaluate(() => (location.hash = '#/c/away/updates'));
  await page.getByText('which hosts belong to which is not known').waitFor({ timeout: 30_000 });
  const board = page.getByRole('grid', { name: 'Groups by channel' });
  await board.getByRole('rowheader', { name: 'groups not read' }).waitFor();
  const text = await page.getByRole('main').innerText();
  expect(text).toContain('groups not read');
  expect(text).not.toMatch(/0 hosts behind|0 groups|no group/);
});
