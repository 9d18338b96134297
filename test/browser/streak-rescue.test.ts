import { createServer, type Server } from 'node:http';
import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { at, listAt, textAt } from '../../examples/tutoring/answers.ts';
import { caller, type Call } from '../../examples/tutoring/call.ts';
import { QUESTIONS } from '../../examples/tutoring/questions.ts';
import { makeKey } from '../../db/write/make-key.ts';
import { makeTenant } from '../../db/write/make-tenant.ts';
import { placeTutoringApp, type DemoApp } from '../../src/dev/demo-app.ts';
import { findFreePort, LOOPBACK } from '../../src/dev/free-port.ts';
import { createInboxWeb } from '../../src/dev/inbox-web.ts';
import { eveningZone } from '../../src/dev/pictures/evening-zone.ts';
import { openPage, startBrowser, type Size } from '../../src/dev/pictures/browser.ts';
import { FIND_STREAKS_SCHEDULE_ID } from '../../workflows/system/find-streaks-at-risk/contract.ts';
import { mailTo } from '../chaos/support/mails.ts';
import { waitUntil } from '../chaos/support/wait-until.ts';
import { openWholeStack, type WholeStack } from '../chaos/support/whole-stack.ts';
import { seriousProblems } from './support/axe.ts';

/** A rescue within its window as both see it in a real browser, from the hourly sweep to the shields: nothing of ours is stood in for. */
jest.setTimeout(240_000);
const SIZES: readonly (readonly [string, Size])[] = [['desktop', { width: 1000, height: 800 }], ['phone', { width: 390, height: 800 }]];
const DAY_MS = 86_400_000;

let stack: WholeStack;
let browser: Browser;
let app: DemoApp;
let call: Call;
let programId: string;
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
  call = caller(stack.apiUrl, secret);
  // Mails leave at any hour, so that this can be watched at any.
  const terms = { destination: app.url, life: { atRiskHours: 8 }, sendRules: { layers: [] } };
  programId = textAt(await call('POST', '/v1/programs', { loop: 'streak-rescue', title: 'Rescues', terms }), 'id');
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

/** Signs up in the app; answers the app's own id of them. */
async function signUp(page: Page, name: string, email: string): Promise<string> {
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Your e-mail').fill(email);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByRole('heading', { name: `Hello, ${name}` }).waitFor();
  return (await page.context().cookies(app.url)).find((cookie) => cookie.name === 'tutoring_user')?.value ?? '';
}

/** The app's home page, once it says this. */
async function homeSays(page: Page, wanted: string): Promise<void> {
  const said = async (): Promise<string> => {
    await page.goto(app.url);
    return page.locator('body').innerText();
  };
  await waitUntil(`the app says "${wanted}"`, 30_000, async () => (await said()).includes(wanted), said);
}

/** It is evening where the member lives, who practised yesterday and the day before. */
async function putAtRisk(externalId: string): Promise<void> {
  const now = Date.now();
  await call('PUT', `/v1/members/${externalId}`, { zone: eveningZone(now) });
  await call('POST', '/v1/events', { events: [2, 1].map((days) => ({ eventId: randomUUID(), type: 'practice_completed', externalId, occurredAt: new Date(now - days * DAY_MS).toISOString() })) });
}

type Asked = { readonly runId: string; readonly waitingUrl: string };

/** The app's server, when the member says yes to the offer: the run, and the mail to whoever was named. */
async function askBuddy(externalId: string, email: string): Promise<Asked> {
  const [streak] = listAt(await call('GET', `/v1/members/${externalId}/streaks`), 'streaks');
  const streakEndsAt = textAt(streak, 'expiresAt');
  const run = await call('POST', '/v1/runs', {
    programId, externalId, deck: { questions: QUESTIONS },
    // The streak ends with the member's day: the day that is at risk is the one of the instant before.
    input: { streakEndsAt, streakDay: new Date(Date.parse(streakEndsAt) - DAY_MS / 2).toISOString().slice(0, 10), streakDays: Number(at(streak, 'current')) },
    invitees: [{ email, consent: { basis: 'inviter_attested' } }],
  });
  return { runId: textAt(run, 'id'), waitingUrl: textAt(run, 'waitingUrl') };
}

/** Finds the mail in the inbox and follows its button, which opens beside it. */
async function openMail(page: Page, address: string): Promise<Page> {
  await mailTo(stack, address);
  await page.goto(`${inboxUrl}/?to=${encodeURIComponent(address)}`);
  await page.getByRole('link', { name: /Ana/ }).click();
  const [opened] = await Promise.all([page.context().waitForEvent('page'), page.frameLocator('iframe').getByRole('link', { name: 'Help now' }).click()]);
  opened.setDefaultTimeout(25_000);
  return opened;
}

async function answerNext(page: Page, n: number, isRight = true): Promise<void> {
  const { choices, answer } = QUESTIONS[n] ?? { choices: [], answer: 0 };
  await page.getByText(`Question ${String(n + 1)} of 4`).waitFor();
  await page.getByLabel(choices[isRight ? answer : (answer + 1) % choices.length] ?? '', { exact: true }).check();
  await page.getByRole('button', { name: 'Answer' }).click();
}

test.each(SIZES)('on a %s: the sweep finds the streak, the offer stands in the app, the buddy comes by mail, both play, and both have a shield', async (device, size) => {
  const [anaMail, benMail] = [`ana-${device}@members.example`, `ben-${device}@friends.example`];
  const home = await openPage(browser, size);
  await home.goto(app.url);
  const ana = await signUp(home, 'Ana', anaMail);
  await putAtRisk(ana);
  await homeSays(home, 'Days in a row: 2');
  await stack.client.schedule.getHandle(FIND_STREAKS_SCHEDULE_ID).trigger();
  await homeSays(home, 'Your streak ends today');

  const { runId, waitingUrl } = await askBuddy(ana, benMail);
  await home.goto(waitingUrl);
  await home.getByText(/1(20|19) minutes left/).waitFor();
  await home.getByText('not here yet').waitFor();
  expect(await seriousProblems(home)).toEqual([]);
  const watching = await openPage(browser, size);
  await watching.goto(waitingUrl);

  const ben = await openMail(await openPage(browser, size), benMail);
  await ben.getByRole('heading', { name: 'Help Ana keep a streak' }).waitFor();
  await ben.getByRole('button', { name: 'Help now' }).click();
  for (const n of [0, 1]) await answerNext(ben, n);
  // This page is not touched from here on: it hears by itself.
  await watching.getByText('2 of 4 answered').waitFor();

  await home.getByRole('link', { name: 'Play your part' }).click();
  await answerNext(home, 0);
  expect(await seriousProblems(home)).toEqual([]);
  await watching.getByText('1 of 4 answered').waitFor();
  for (const n of [1, 2, 3]) await answerNext(home, n, n !== 2);
  await home.getByText('Your part is done.').waitFor();
  await home.getByText('3 of 4').waitFor();
  expect(await seriousProblems(home)).toEqual([]);

  for (const n of [2, 3]) await answerNext(ben, n);
  await ben.getByText('Both of you have finished in time: the streak is saved.').waitFor();
  await watching.getByText('Your streak is saved.').waitFor();
  await home.getByRole('link', { name: 'Back to the countdown' }).click();
  await home.getByText('Your streak is saved.').waitFor();

  await ben.getByRole('link', { name: 'Go on with Lumen' }).click();
  await signUp(ben, 'Ben', benMail);
  await homeSays(home, 'Days in a row: 3');
  for (const page of [home, ben]) await homeSays(page, 'Shields: 1.');
  await homeSays(home, 'The streak is saved');
  await waitUntil('the run says how it ended', 30_000, async () => at(await call('GET', `/v1/runs/${runId}`), 'outcome') === 'rescued');
});

test('who opens the own link in the same browser is told whose it is, and there is no second rescue on that day', async () => {
  const page = await openPage(browser, { width: 390, height: 800 });
  await page.goto(app.url);
  const cleo = await signUp(page, 'Cleo', 'cleo@members.example');
  await putAtRisk(cleo);
  const [first, again] = [await askBuddy(cleo, 'dan@friends.example'), await askBuddy(cleo, 'eva@friends.example')];
  expect(again.runId).toBe(first.runId);
  await page.goto(first.waitingUrl);
  const link = await page.getByLabel('Your link').inputValue();
  await page.goto(link);
  await page.getByRole('heading', { name: 'This is your own link' }).waitFor();
  expect(await page.getByRole('button', { name: 'Help now' }).count()).toBe(0);
});
