import { randomUUID } from 'node:crypto';
import { at, listAt, textAt } from '../../examples/tutoring/answers.ts';
import { caller, type Call } from '../../examples/tutoring/call.ts';
import { QUESTIONS } from '../../examples/tutoring/questions.ts';
import { placeTutoringApp } from '../../src/dev/demo-app.ts';
import { eveningZone } from '../../src/dev/pictures/evening-zone.ts';
import { openPage } from '../../src/dev/pictures/browser.ts';
import { FIND_STREAKS_SCHEDULE_ID } from '../../workflows/system/find-streaks-at-risk/contract.ts';
import { waitUntil } from '../chaos/support/wait-until.ts';
import { seriousProblems } from './support/axe.ts';
import { answerNext, homeSays, openMail, signUp } from './support/tutoring.ts';
import { PHONE, SIZES, useScene } from './support/use-scene.ts';

/** A rescue within its window as both see it in a real browser, from the hourly sweep to the shields: nothing of ours is stood in for. */
jest.setTimeout(240_000);
const DAY_MS = 86_400_000;

let call: Call;
let programId: string;
const scene = useScene(() => placeTutoringApp(() => {}), async ({ stack, secret, app }) => {
  call = caller(stack.apiUrl, secret);
  // Mails leave at any hour, so that this can be watched at any.
  const terms = { destination: app.url, life: { atRiskHours: 8 }, sendRules: { layers: [] } };
  programId = textAt(await call('POST', '/v1/programs', { loop: 'streak-rescue', title: 'Rescues', terms }), 'id');
});

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

test.each(SIZES)('on a %s: the sweep finds the streak, the offer stands in the app, the buddy comes by mail, both play, and both have a shield', async (device, size) => {
  const [anaMail, benMail] = [`ana-${device}@members.example`, `ben-${device}@friends.example`];
  const home = await openPage(scene.browser, size);
  await home.goto(scene.app.url);
  const ana = await signUp(scene, home, 'Ana', anaMail);
  await putAtRisk(ana);
  await homeSays(scene, home, 'Days in a row: 2');
  await scene.stack.client.schedule.getHandle(FIND_STREAKS_SCHEDULE_ID).trigger();
  await homeSays(scene, home, 'Your streak ends today');

  const { runId, waitingUrl } = await askBuddy(ana, benMail);
  await home.goto(waitingUrl);
  await home.getByText(/1(20|19) minutes left/).waitFor();
  await home.getByText('not here yet').waitFor();
  expect(await seriousProblems(home)).toEqual([]);
  const watching = await openPage(scene.browser, size);
  await watching.goto(waitingUrl);

  const ben = await openMail(scene, await openPage(scene.browser, size), { to: benMail, subject: /Ana/, button: 'Help now' });
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
  await signUp(scene, ben, 'Ben', benMail);
  await homeSays(scene, home, 'Days in a row: 3');
  for (const page of [home, ben]) await homeSays(scene, page, 'Shields: 1.');
  await homeSays(scene, home, 'The streak is saved');
  await waitUntil('the run says how it ended', 30_000, async () => at(await call('GET', `/v1/runs/${runId}`), 'outcome') === 'rescued');
});

test('who opens the own link in the same browser is told whose it is, and there is no second rescue on that day', async () => {
  const page = await openPage(scene.browser, PHONE);
  await page.goto(scene.app.url);
  const cleo = await signUp(scene, page, 'Cleo', 'cleo@members.example');
  await putAtRisk(cleo);
  const [first, again] = [await askBuddy(cleo, 'dan@friends.example'), await askBuddy(cleo, 'eva@friends.example')];
  expect(again.runId).toBe(first.runId);
  await page.goto(first.waitingUrl);
  const link = await page.getByLabel('Your link').inputValue();
  await page.goto(link);
  await page.getByRole('heading', { name: 'This is your own link' }).waitFor();
  expect(await page.getByRole('button', { name: 'Help now' }).count()).toBe(0);
});
