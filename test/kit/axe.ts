import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What on the page is a serious obstacle to those who cannot see or point, one line each. */
export async function seriousViolations(page: Page): Promise<string[]> {
  // Evaluated by the debugger: the page itself may load no foreign script.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`);
}
