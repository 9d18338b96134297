import type { Page } from 'playwright-core';
import { QUESTIONS } from '../../examples/tutoring/questions.ts';
import { placeTutoringApp } from '../../src/dev/demo-app.ts';
import { openPage } from '../../src/dev/pictures/browser.ts';
import { answerNext, choiceOf, homeSays, openMail, signUp } from './support/tutoring.ts';
import { SIZES, useScene } from './support/use-scene.ts';

/** A challenge as both sides see it in a real browser, from the example app's offer to the shields: nothing of ours is stood in for. */
jest.setTimeout(180_000);
const scene = useScene(() => placeTutoringApp(() => {}));

/** Practises in the app, from its home page, with so many of four right. */
async function practise(page: Page, right: number): Promise<void> {
  await page.getByRole('link', { name: 'Practise' }).click();
  for (const n of QUESTIONS.keys()) await page.getByLabel(choiceOf(n, n < right), { exact: true }).check();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('heading', { name: `${String(right)} of 4 right` }).waitFor();
}

/** Takes the offer after practice, and has the friend written to. */
async function challenge(page: Page, friend: string): Promise<void> {
  await page.getByRole('heading', { name: 'Can a friend beat that?' }).waitFor();
  await page.getByLabel('A friend\'s e-mail').fill(friend);
  await page.getByRole('button', { name: 'Challenge a friend' }).click();
  await page.getByText('Your challenge is open.').waitFor();
}

/** What the hosted page of rewards says to whoever is signed in. */
async function rewardsOf(page: Page): Promise<string> {
  await page.goto(scene.app.url);
  await page.getByRole('button', { name: 'See your rewards' }).click();
  await page.waitForURL('**/r/me');
  return page.locator('main').innerText();
}

test.each(SIZES)('on a %s: practice, offer, mail, game as a guest, sign-up; the member watches, and both have a shield', async (device, size) => {
  const [anaMail, benMail] = [`ana-${device}@members.example`, `ben-${device}@friends.example`];
  const ana = await openPage(scene.browser, size);
  await ana.goto(scene.app.url);
  await signUp(scene, ana, 'Ana', anaMail);
  await practise(ana, 3);
  await challenge(ana, benMail);
  await ana.getByRole('link', { name: 'See who plays' }).click();
  await ana.getByText('Waiting for your friend').waitFor();

  const ben = await openMail(scene, await openPage(scene.browser, size), { to: benMail, subject: /Ana challenges you/, button: 'See the challenge' });
  await ben.getByRole('heading', { name: 'A challenge from Ana' }).waitFor();
  await ben.getByRole('button', { name: 'Play' }).click();
  for (const n of [0, 1, 2]) await answerNext(ben, n);
  // Ana's page is not touched from here on: it hears by itself.
  await ana.getByText('Your friend is playing (3 of 4)').waitFor();
  await answerNext(ben, 3);
  await ben.getByRole('heading', { name: 'You beat Ana!' }).waitFor();
  await ana.getByText('Your friend won, 4 to 3').waitFor();

  await ben.getByRole('link', { name: 'Go on with Lumen' }).click();
  await ben.getByText('Your result comes along.').waitFor();
  await signUp(scene, ben, 'Ben', benMail);
  await ana.getByText('Your friend won, 4 to 3, signed up').waitFor();

  for (const [page, side] of [[ana, 'for inviting'], [ben, 'for joining']] as const) {
    await homeSays(scene, page, 'reward.released: 1 shield');
    await homeSays(scene, page, 'Shields: 1.');
    expect(await rewardsOf(page)).toMatch(new RegExp(`1 Streak shield\\s+Available\\s+Challenge a friend, ${side}`));
  }
  await homeSays(scene, ana, 'Your friend has finished your challenge');
  expect(await ana.locator('body').innerText()).not.toContain(benMail);
});

test('who had nothing right, and who said no a moment ago, is offered nothing, and the app can say why', async () => {
  const page = await openPage(scene.browser, { width: 1000, height: 800 });
  await page.goto(scene.app.url);
  await signUp(scene, page, 'Cleo', 'cleo@members.example');
  await practise(page, 0);
  await page.getByText('No offer this time. What you sent with the moment is not what its loops need.').waitFor();
  await page.goto(scene.app.url);
  await practise(page, 1);
  await page.getByRole('button', { name: 'Not now' }).click();
  await page.getByText('You did not want it.').waitFor();
  await page.goto(scene.app.url);
  await practise(page, 4);
  await page.getByText('The member dismissed an offer and is left alone for a while.').waitFor();
  expect(await page.getByRole('button', { name: 'Challenge a friend' }).count()).toBe(0);
});

test('a webhook that is not signed changes nothing', async () => {
  const answer = await fetch(`${scene.app.url}webhooks/flywheel`, { method: 'POST', body: '{"type":"reward.released"}', headers: { 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)), 'webhook-signature': 'v1,AAAA' } });
  expect(answer.status).toBe(400);
});
