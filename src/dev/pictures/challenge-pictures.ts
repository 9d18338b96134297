import type { Browser, Page } from 'playwright-core';
import { QUESTIONS } from '../../../examples/tutoring/questions.ts';
import { openPage, takePicture } from './browser.ts';
import { PHONE } from './scenes.ts';

/** How many of the questions each has right. */
const ANA_RIGHT = 3;
const BEN_RIGHT = QUESTIONS.length;
/** Of the page's height, in CSS pixels: what matters stands in it. */
const MOST_HEIGHT = 700;

/** A challenge on two phones, from the offer in the tutoring app (at `appUrl`) to its result: each picture when the story has come to it. */
export async function* challengePictures(browser: Browser, appUrl: string): AsyncGenerator<{ file: string; picture: Buffer }> {
  const picture = async (file: string, page: Page): Promise<{ file: string; picture: Buffer }> => ({ file, picture: await takePicture(page, MOST_HEIGHT) });
  const [ana, ben] = [await openPage(browser, PHONE), await openPage(browser, PHONE)];
  await ana.goto(appUrl);
  await signUp(ana, 'Ana');
  await ana.getByRole('link', { name: 'Practise' }).click();
  for (const n of QUESTIONS.keys()) await ana.getByLabel(choiceOf(n, n < ANA_RIGHT), { exact: true }).check();
  await ana.getByRole('button', { name: 'Done' }).click();
  yield await picture('challenge-offer.webp', ana);
  await ana.getByRole('button', { name: 'Challenge a friend' }).click();
  const link = await ana.locator('a[href*="/i/"]').first().getAttribute('href') ?? '';
  await ana.getByRole('link', { name: 'See who plays' }).click();

  await ben.goto(link);
  await ben.getByRole('heading', { name: 'A challenge from Ana' }).waitFor();
  yield await picture('challenge-landing.webp', ben);
  await ben.getByRole('button', { name: 'Play' }).click();
  for (const n of QUESTIONS.keys()) {
    await ben.getByText(`Question ${String(n + 1)} of`).waitFor();
    if (n === QUESTIONS.length - 1) {
      yield await picture('challenge-game.webp', ben);
      await ana.getByText(`Your friend is playing (${String(n)} of`).waitFor();
      yield await picture('challenge-waiting.webp', ana);
    }
    await ben.getByLabel(choiceOf(n, n < BEN_RIGHT), { exact: true }).check();
    await ben.getByRole('button', { name: 'Answer' }).click();
  }
  await ben.getByRole('heading', { name: 'You beat Ana!' }).waitFor();
  yield await picture('challenge-result.webp', ben);
}

async function signUp(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Your e-mail').fill(`${name.toLowerCase()}@members.example`);
  await page.getByRole('button', { name: 'Sign up' }).click();
}

/** The choice of question `n`, right or wrong. */
function choiceOf(n: number, isRight: boolean): string {
  const { choices, answer } = QUESTIONS[n] ?? { choices: [], answer: 0 };
  return choices[isRight ? answer : (answer + 1) % choices.length] ?? '';
}
