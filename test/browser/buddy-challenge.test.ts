import { createServer, type Server } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { QUESTIONS } from '../../examples/tutoring/questions.ts';
import { makeKey } from '../../db/write/make-key.ts';
import { makeTenant } from '../../db/write/make-tenant.ts';
import { placeTutoringApp, type DemoApp } from '../../src/dev/demo-app.ts';
import { findFreePort, LOOPBACK } from '../../src/dev/free-port.ts';
import { createInboxWeb } from '../../src/dev/inbox-web.ts';
import { openPage, startBrowser, type Size } from '../../src/dev/pictures/browser.ts';
import { mailTo } from '../chaos/support/mails.ts';
import { waitUntil } from '../chaos/support/wait-until.ts';
import { openWholeStack, type WholeStack } from '../chaos/support/whole-stack.ts';

/** A challenge as both sides see it in a real browser, from the example app's offer to the shields: nothing of ours is stood in for. */
jest.setTimeout(180_000);
const SIZES: readonly (readonly [string, Size])[] = [['desktop', { width: 1000, height: 800 }], ['phone', { width: 390, height: 800 }]];

let stack: WholeStack;
let browser: Browser;
let app: DemoApp;
let inbox: Server;
let inboxUrl: string;
beforeAll(async () => {
  [stack, browser, app] = await Promise.all([openWholeStack({ afterCheck: 'quick', env: { WEBHOOKS_TO_INTERNAL: 'true' } }), startBrowser(), placeTutoringApp(() => {})]);
  const made = await makeTenant(stack.owner.sql, {
    name: 'Lumen', fromAddress: 'hello@lumen.example', fromName: 'Lumen', postalAddress: 'Lumen, 12 Harbour Street, 20457 Hamburg, Germany', zone: 'UTC',
    publicUrl: stack.apiUrl, linkHosts: [new URL(stack.apiUrl).host], allowedDestinations: [app.host],
  }, Date.now());
  if (made.outcome === 'refused') throw new Error(made.problems.join('\n'));
  const { secret } = await makeKey(stack.owner.sql, { tenantId: made.tenantId, name: 'browser' }, Date.now());
  await app.listen({ flywheelUrl: stack.apiUrl, secretKey: secret });
  const port = await findFreePort();
  inboxUrl = `http://${LOOPBACK}:${String(port)}`;
  inbox = createServer(createInboxWeb(stack.sink.store));
  await new Promise<void>((resolve) => { inbox.listen(port, LOOPBACK, resolve); });
}, 120_000);
afterAll(async () => {
  await browser.close();
  inbox.closeAllConnections();
  await new Promise((resolve) => { inbox.close(resolve); });
  await app.stop();
  await stack.close();
}, 30_000);

async function signUp(page: Page, name: string, email: string): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Your e-mail').fill(email);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByRole('heading', { name: `Hello, ${name}` }).waitFor();
}

/** The choice of question `n`, right or wrong. */
function choiceOf(n: number, isRight: boolean): string {
  const { choices, answer } = QUESTIONS[n] ?? { choices: [], answer: 0 };
  return choices[isRight ? answer : (answer + 1) % choices.length] ?? '';
}

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

/** Finds the mail in the inbox and follows its button, which opens beside it. */
async function openMail(page: Page, address: string): Promise<Page> {
  await mailTo(stack, address);
  await page.goto(`${inboxUrl}/?to=${encodeURIComponent(address)}`);
  await page.getByRole('link', { name: 'Ana challenges you' }).click();
  const [opened] = await Promise.all([page.context().waitForEvent('page'), page.frameLocator('iframe').getByRole('link', { name: 'See the challenge' }).click()]);
  opened.setDefaultTimeout(25_000);
  return opened;
}

async function answerNext(page: Page, n: number): Promise<void> {
  await page.getByText(`Question ${String(n + 1)} of 4`).waitFor();
  await page.getByLabel(choiceOf(n, true), { exact: true }).check();
  await page.getByRole('button', { name: 'Answer' }).click();
}

/** The app's home page, once it says this. */
async function homeSays(page: Page, wanted: string): Promise<void> {
  const said = async (): Promise<string> => {
    await page.goto(app.url);
    return page.locator('body').innerText();
  };
  await waitUntil(`the app says "${wanted}"`, 30_000, async () => (await said()).includes(wanted), said);
}

/** What the hosted page of rewards says to whoever is signed in. */
async function rewardsOf(page: Page): Promise<string> {
  await page.goto(app.url);
  await page.getByRole('button', { name: 'See your rewards' }).click();
  await page.waitForURL('**/r/me');
  return page.locator('main').innerText();
}

test.each(SIZES)('on a %s: practice, offer, mail, game as a guest, sign-up; the member watches, and both have a shield', async (device, size) => {
  const [anaMail, benMail] = [`ana-${device}@members.example`, `ben-${device}@friends.example`];
  const ana = await openPage(browser, size);
  await ana.goto(app.url);
  await signUp(ana, 'Ana', anaMail);
  await practise(ana, 3);
  await challenge(ana, benMail);
  await ana.getByRole('link', { name: 'See who plays' }).click();
  await ana.getByText('Waiting for your friend').waitFor();

  const ben = await openMail(await openPage(browser, size), benMail);
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
  await signUp(ben, 'Ben', benMail);
  await ana.getByText('Your friend won, 4 to 3, signed up').waitFor();

  for (const [page, side] of [[ana, 'for inviting'], [ben, 'for joining']] as const) {
    await homeSays(page, 'reward.released: 1 shield');
    await homeSays(page, 'Shields: 1.');
    expect(await rewardsOf(page)).toMatch(new RegExp(`1 Streak shield\\s+Available\\s+Challenge a friend, ${side}`));
  }
  await homeSays(ana, 'Your friend has finished your challenge');
  expect(await ana.locator('body').innerText()).not.toContain(benMail);
});

test('who had nothing right, and who said no a moment ago, is offered nothing, and the app can say why', async () => {
  const page = await openPage(browser, { width: 1000, height: 800 });
  await page.goto(app.url);
  await signUp(page, 'Cleo', 'cleo@members.example');
  await practise(page, 0);
  await page.getByText('No offer this time. What you sent with the moment is not what its loops need.').waitFor();
  await page.goto(app.url);
  await practise(page, 1);
  await page.getByRole('button', { name: 'Not now' }).click();
  await page.getByText('You did not want it.').waitFor();
  await page.goto(app.url);
  await practise(page, 4);
  await page.getByText('The member dismissed an offer and is left alone for a while.').waitFor();
  expect(await page.getByRole('button', { name: 'Challenge a friend' }).count()).toBe(0);
});

test('a webhook that is not signed changes nothing', async () => {
  const answer = await fetch(`${app.url}webhooks/flywheel`, { method: 'POST', body: '{"type":"reward.released"}', headers: { 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)), 'webhook-signature': 'v1,AAAA' } });
  expect(answer.status).toBe(400);
});
