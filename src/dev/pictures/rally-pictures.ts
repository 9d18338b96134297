import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { QUESTIONS } from '../../../examples/tutoring/questions.ts';
import { apiClient } from '../story/api-client.ts';
import { openPage, takePicture } from './browser.ts';
import type { Size } from './browser.ts';
import type { Places } from './places.ts';
import { PHONE } from './scenes.ts';

const DESKTOP: Size = { width: 800, height: 700 };
/** Of the page's height, in CSS pixels: what matters stands in it. */
const MOST_HEIGHT = 700;
const DAY_MS = 86_400_000;
const LOOKED_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 500;

const idOf = z.object({ id: z.string() });
const started = z.object({ id: z.string(), boardUrl: z.string(), link: z.object({ url: z.string() }) });
const boardOf = z.object({ top: z.array(z.object({ movement: z.string() })) });
/** Who is on the board already, and what they scored before the quiz of these pictures and after the first look at the ranks. */
const OTHERS = [['cleo', 70, 0], ['dan', 60, 30], ['eva', 60, 0], ['finn', 20, 15]] as const;

/** A rally from its landing page to the board, on a phone and on a desktop: each picture when the story has come to it. Takes a minute and more, for ranks are looked at once a minute. */
export async function* rallyPictures(browser: Browser, { apiUrl, secret }: Pick<Places, 'apiUrl' | 'secret'>): AsyncGenerator<{ file: string; picture: Buffer }> {
  const api = apiClient(apiUrl, secret);
  const picture = async (file: string, page: Page): Promise<{ file: string; picture: Buffer }> => ({ file, picture: await takePicture(page, MOST_HEIGHT) });
  const practise = (externalId: string, score: number, runId: string) => api.call('POST', '/v1/events', {
    events: [{ eventId: `${runId}-${externalId}-${String(score)}`, type: 'practice_completed', externalId, properties: { score, runId } }],
  }, z.unknown());
  await api.call('PUT', '/v1/members/ana', { name: 'Ana' }, idOf);
  const { id: programId } = await api.call('POST', '/v1/programs', { loop: 'results-rally', title: 'Rallies', terms: { life: { lookMinutes: 1 } } }, idOf);
  const run = await api.call('POST', '/v1/runs', {
    programId, externalId: 'ana', input: { cohort: 'Algebra, spring', endsAt: new Date(Date.now() + 7 * DAY_MS).toISOString() }, deck: { title: 'Four quick questions', questions: QUESTIONS },
  }, started);
  for (const [who, score] of OTHERS) await practise(who, score, run.id);

  const ben = await openPage(browser, PHONE);
  await ben.goto(run.link.url);
  await ben.getByRole('button', { name: 'Join' }).waitFor();
  yield await picture('rally-landing.webp', ben);
  await ben.getByRole('button', { name: 'Join' }).click();
  for (const [n, { choices, answer }] of QUESTIONS.entries()) {
    await ben.getByText(`Question ${String(n + 1)} of`).waitFor();
    await ben.getByLabel(choices[answer] ?? '', { exact: true }).check();
    await ben.getByRole('button', { name: 'Answer' }).click();
  }
  await ben.getByRole('link', { name: 'See the board' }).waitFor();
  yield await picture('rally-placed.webp', ben);
  await ben.getByRole('link', { name: 'See the board' }).click();

  await untilLookedAt(async () => (await api.call('GET', `/v1/runs/${run.id}/board`, undefined, boardOf)).top.every(({ movement }) => movement !== 'new'));
  for (const [who, , more] of OTHERS) if (more > 0) await practise(who, more, run.id);
  await ben.getByText('You are number 4 of').waitFor();
  yield await picture('rally-board-phone.webp', ben);
  await practise('ana', 70, run.id);
  const ana = await openPage(browser, DESKTOP);
  await ana.goto(run.boardUrl);
  await ana.getByText('You share it with').waitFor();
  yield await picture('rally-board-desktop.webp', ana);
}

async function untilLookedAt(isLookedAt: () => Promise<boolean>): Promise<void> {
  for (const giveUpAt = performance.now() + LOOKED_WITHIN_MS; !(await isLookedAt());) {
    if (performance.now() > giveUpAt) throw new Error(`the ranks were not looked at within ${String(LOOKED_WITHIN_MS / 1000)} s`);
    await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY_MS); });
  }
}
