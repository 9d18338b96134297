import type { Browser, Page } from 'playwright-core';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { QUESTIONS } from '../../../examples/tutoring/questions.ts';
import { apiClient } from '../story/api-client.ts';
import { openPage, takePicture } from './browser.ts';
import { eveningZone } from './evening-zone.ts';
import type { Places } from './places.ts';
import { PHONE } from './scenes.ts';

/** Of the page's height, in CSS pixels: what matters stands in it. */
const MOST_HEIGHT = 700;
const DAY_MS = 86_400_000;
const HALF_AN_HOUR_MS = DAY_MS / 48;

const idOf = z.object({ id: z.string() });
const streaksOf = z.object({ streaks: z.array(z.object({ expiresAt: z.string(), current: z.number() })) });
const started = z.object({ waitingUrl: z.string(), link: z.object({ url: z.string() }) });

/** A rescue on two phones, from the buddy's landing page to the saved streak: each picture when the story has come to it. */
export async function* rescuePictures(browser: Browser, { apiUrl, secret }: Pick<Places, 'apiUrl' | 'secret'>): AsyncGenerator<{ file: string; picture: Buffer }> {
  const picture = async (file: string, page: Page): Promise<{ file: string; picture: Buffer }> => ({ file, picture: await takePicture(page, MOST_HEIGHT) });
  const { waitingUrl, link } = await startRescue(apiUrl, secret);
  const [ana, ben] = [await openPage(browser, PHONE), await openPage(browser, PHONE)];
  await ben.goto(link.url);
  await ben.getByRole('button', { name: 'Help now' }).waitFor();
  yield await picture('rescue-landing.webp', ben);
  await ben.getByRole('button', { name: 'Help now' }).click();
  await answer(ben, 0);
  await ana.goto(waitingUrl);
  await ana.getByText('1 of 4 answered').waitFor();
  yield await picture('rescue-countdown.webp', ana);

  await ana.getByRole('link', { name: 'Play your part' }).click();
  await answer(ana, 0);
  await ana.getByText('Question 2 of').waitFor();
  yield await picture('rescue-own-part.webp', ana);
  for (const n of [1, 2, 3]) await answer(ana, n);
  await ana.getByRole('link', { name: 'Back to the countdown' }).click();
  for (const n of [1, 2, 3]) await answer(ben, n);
  await ben.getByText('the streak is saved').waitFor();
  yield await picture('rescue-helped.webp', ben);
  await ana.getByText('Your streak is saved.').waitFor();
  yield await picture('rescue-saved.webp', ana);
}

/** Ana practised for twelve days, and today is still missing. */
async function startRescue(apiUrl: string, secret: string): Promise<z.output<typeof started>> {
  const api = apiClient(apiUrl, secret);
  const now = Date.now();
  await api.call('PUT', '/v1/members/ana-rescue', { name: 'Ana', zone: eveningZone(now) }, idOf);
  const days = Array.from({ length: 12 }, (_, day) => ({ eventId: randomUUID(), type: 'practice_completed', externalId: 'ana-rescue', occurredAt: new Date(now - (day + 1) * DAY_MS).toISOString() }));
  await api.call('POST', '/v1/events', { events: days }, z.unknown());
  const { streaks: [streak] } = await api.call('GET', '/v1/members/ana-rescue/streaks', undefined, streaksOf);
  if (streak === undefined) throw new Error('twelve days of practice are no streak');
  const { id: programId } = await api.call('POST', '/v1/programs', { loop: 'streak-rescue', title: 'Rescues' }, idOf);
  return api.call('POST', '/v1/runs', {
    programId, externalId: 'ana-rescue', deck: { questions: QUESTIONS },
    // The streak ends with the member's day: the day at risk is the one of the moment before.
    input: { streakEndsAt: streak.expiresAt, streakDay: new Date(Date.parse(streak.expiresAt) - HALF_AN_HOUR_MS).toISOString().slice(0, 10), streakDays: streak.current },
  }, started);
}

/** Right, but for the third question. */
async function answer(page: Page, n: number): Promise<void> {
  const { choices, answer: right } = QUESTIONS[n] ?? { choices: [], answer: 0 };
  await page.getByText(`Question ${String(n + 1)} of`).waitFor();
  await page.getByLabel(choices[n === 2 ? (right + 1) % choices.length : right] ?? '', { exact: true }).check();
  await page.getByRole('button', { name: 'Answer' }).click();
}
