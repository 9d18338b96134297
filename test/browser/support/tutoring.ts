import type { Page } from 'playwright-core';
import { QUESTIONS } from '../../../examples/tutoring/questions.ts';
import { mailTo } from '../../chaos/support/mails.ts';
import { waitUntil } from '../../chaos/support/wait-until.ts';
import type { Scene } from './use-scene.ts';

/* What people do in the tutoring app, in their mail and in the hosted game. */

/** Signs up in the app; answers the app's own id of them. */
export async function signUp({ app }: Scene, page: Page, name: string, email: string): Promise<string> {
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Your e-mail').fill(email);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByRole('heading', { name: `Hello, ${name}` }).waitFor();
  return (await page.context().cookies(app.url)).find((cookie) => cookie.name === 'tutoring_user')?.value ?? '';
}

/** The app's home page, once it says this. */
export async function homeSays({ app }: Scene, page: Page, wanted: string): Promise<void> {
  const said = async (): Promise<string> => {
    await page.goto(app.url);
    return page.locator('body').innerText();
  };
  await waitUntil(`the app says "${wanted}"`, 30_000, async () => (await said()).includes(wanted), said);
}

/** Finds the mail in the inbox and follows its button, which opens beside it. */
export async function openMail({ stack, inboxUrl }: Scene, page: Page, { to, subject, button }: { to: string; subject: RegExp; button: string }): Promise<Page> {
  await mailTo(stack, to);
  await page.goto(`${inboxUrl}/?to=${encodeURIComponent(to)}`);
  await page.getByRole('link', { name: subject }).click();
  const [opened] = await Promise.all([page.context().waitForEvent('page'), page.frameLocator('iframe').getByRole('link', { name: button }).click()]);
  opened.setDefaultTimeout(25_000);
  return opened;
}

/** The choice of question `n`, right or wrong. */
export function choiceOf(n: number, isRight: boolean): string {
  const { choices, answer } = QUESTIONS[n] ?? { choices: [], answer: 0 };
  return choices[isRight ? answer : (answer + 1) % choices.length] ?? '';
}

/** Answers question `n` of the hosted game, once it is there. */
export async function answerNext(page: Page, n: number, isRight = true): Promise<void> {
  await page.getByText(`Question ${String(n + 1)} of ${String(QUESTIONS.length)}`).waitFor();
  await page.getByLabel(choiceOf(n, isRight), { exact: true }).check();
  await page.getByRole('button', { name: 'Answer' }).click();
}
