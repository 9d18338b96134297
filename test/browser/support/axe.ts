import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { z } from 'zod';

const found = z.object({ violations: z.array(z.object({ id: z.string(), impact: z.string().nullish(), help: z.string(), nodes: z.array(z.object({ target: z.array(z.unknown()) })) })) });

/** What axe finds serious or critical on a page as it stands, in light and in dark, each with where it is; empty where all is well. */
export async function seriousProblems(page: Page): Promise<string[]> {
  const problems: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
    const { violations } = found.parse(await page.evaluate('axe.run(document, { resultTypes: ["violations"] })'));
    problems.push(...violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => `${colorScheme}: ${id}: ${help} (${nodes.slice(0, 3).map(({ target }) => target.join(' ')).join(', ')})`));
  }
  return problems;
}
