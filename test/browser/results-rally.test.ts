import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { listAt, textAt } from '../../examples/tutoring/answers.ts';
import { caller, type Call } from '../../examples/tutoring/call.ts';
import { QUESTIONS } from '../../examples/tutoring/questions.ts';
import { placeTutoringApp } from '../../src/dev/demo-app.ts';
import { openPage, type Size } from '../../src/dev/pictures/browser.ts';
import { waitUntil } from '../chaos/support/wait-until.ts';
import { seriousProblems } from './support/axe.ts';
import { answerNext, signUp } from './support/tutoring.ts';
import { SIZES, useScene } from './support/use-scene.ts';

/** A rally with three players as each of them sees it in a real browser, from the link to the closed board: nothing of ours is stood in for. */
jest.setTimeout(240_000);
/** The shortest there is: who moved is said against the ranks as they were looked at last. */
const LOOK_MINUTES = 1;
const DAY_MS = 86_400_000;
const TIED = 'You are number 1 of 3. You share it with one other.';

let call: Call;
let programId: string;
const scene = useScene(() => placeTutoringApp(() => {}), async ({ stack, secret, app }) => {
  call = caller(stack.apiUrl, secret);
  programId = textAt(await call('POST', '/v1/programs', { loop: 'results-rally', title: 'Rallies', terms: { destination: app.url, life: { lookMinutes: LOOK_MINUTES } } }), 'id');
});

/** The app's server tells that a member practised. */
const practise = (externalId: string, score: number): Promise<unknown> => call('POST', '/v1/events', { events: [{ eventId: randomUUID(), type: 'practice_completed', externalId, properties: { score } }] });

/** Follows the link and takes the placement quiz as a guest, with so many of four right; answers where its result stands. */
async function takeQuiz(page: Page, link: string, right: number): Promise<string> {
  await page.goto(link);
  await page.getByText('you need no account').waitFor();
  await page.getByRole('button', { name: 'Join' }).click();
  for (const n of QUESTIONS.keys()) await answerNext(page, n, n < right);
  await page.getByRole('link', { name: 'See the board' }).waitFor();
  return page.url();
}

/** A board that stays open: from here on its page is touched by nobody, and says what it was loaded as. */
async function watchBoard(page: Page): Promise<void> {
  await page.locator('#board').waitFor();
  await page.evaluate('window.isTheFirst = true');
}
const isUntouched = (page: Page): Promise<boolean> => page.evaluate<boolean>('window.isTheFirst === true');

/** The lines of a board as they are read: rank, score, how it moved, and whether it is the own. */
const linesOf = (page: Page): Promise<string[]> => page.evaluate<string[]>(`[...document.querySelectorAll('#board tbody tr')].map((row) =>
  [...row.querySelectorAll('td')].map((cell) => cell.textContent.trim()).join(' | ') + (row.getAttribute('aria-current') === 'true' ? ' | own' : ''))`);

/** Waits until the open page says this by itself. A line may leave out how it moved: that depends on when the ranks were looked at. */
async function shows(page: Page, own: string, lines: readonly string[]): Promise<void> {
  const standing = async () => ({ own: await page.locator('#own').innerText(), lines: await linesOf(page) });
  const fits = (line: string, wanted = ''): boolean => line === wanted || line.replace(/ \| (?:new|–same)/, '') === wanted;
  await waitUntil(`"${own}" above ${JSON.stringify(lines)}`, 25_000, async () => {
    const now = await standing();
    return now.own === own && now.lines.length === lines.length && now.lines.every((line, n) => fits(line, lines[n]));
  }, standing);
}

/** The app's home page, once it says this. */
async function homeSays(page: Page, wanted: string): Promise<void> {
  const said = async (): Promise<string> => {
    await page.goto(scene.app.url);
    return page.locator('body').innerText();
  };
  await waitUntil(`the app says "${wanted}"`, 30_000, async () => (await said()).includes(wanted), said);
}

type Rally = {
  readonly device: string;
  readonly size: Size;
  readonly runId: string;
  readonly link: string;
  /** Ana's, who opened the board: the app, and the board. */
  readonly home: Page;
  readonly ana: Page;
  readonly anaId: string;
  readonly ben: Page;
  readonly cleo: Page;
};

async function openRally(device: string, size: Size): Promise<Rally> {
  const [home, ana, ben, cleo] = [await openPage(scene.browser, size), await openPage(scene.browser, size), await openPage(scene.browser, size), await openPage(scene.browser, size)];
  await home.goto(scene.app.url);
  const anaId = await signUp(scene, home, 'Ana', `ana-${device}@members.example`);
  const run = await call('POST', '/v1/runs', {
    programId, externalId: anaId, input: { cohort: 'Algebra, spring', endsAt: new Date(Date.now() + DAY_MS).toISOString() }, deck: { title: 'Four quick questions', questions: QUESTIONS },
  });
  await ana.goto(textAt(run, 'boardUrl'));
  await watchBoard(ana);
  await ana.getByRole('heading', { name: 'Algebra, spring' }).waitFor();
  await shows(ana, 'You are on the board, and have no score yet.', ['1 | 0 | own']);
  await ana.getByText('Nobody is practising right now.').waitFor();
  return { device, size, home, ana, anaId, ben, cleo, runId: textAt(run, 'id'), link: textAt(run, 'link', 'url') };
}

/** Both come by the link and take the quiz as guests, with as many right: they share a rank, and each page says so to whom it concerns. Answers where Ben's result stands. */
async function joinWithATie({ ana, ben, cleo, link }: Rally): Promise<string> {
  const result = await takeQuiz(ben, link, 3);
  await ben.getByRole('link', { name: 'See the board' }).click();
  await watchBoard(ben);
  await shows(ben, 'You are number 1 of 2.', ['1 | 30 | own']);
  await shows(ana, 'You are on the board, and have no score yet.', ['1 | 30', '2 | 0 | own']);
  await ana.getByText('1 is practising now.').waitFor();

  await takeQuiz(cleo, link, 3);
  await cleo.getByRole('link', { name: 'See the board' }).click();
  await watchBoard(cleo);
  await shows(cleo, TIED, ['1 shared | 30', '1 shared | 30 | own']);
  await shows(ben, TIED, ['1 shared | 30 | own', '1 shared | 30']);
  await cleo.getByText('2 are practising now.').waitFor();
  return result;
}

/** Ben signs up where the quiz leads on to: the first value that his answers were counts from now, for Ana. Answers the app's id of him. */
async function signUpFromQuiz({ device, size, home, ben }: Rally, result: string): Promise<string> {
  // Another page of his own browser: the board stays open beside it.
  const quiz = await openPage(scene.browser, size);
  await quiz.context().addCookies(await ben.context().cookies());
  await quiz.goto(result);
  await quiz.getByRole('link', { name: 'Go on with Lumen' }).click();
  await quiz.getByText('Your result comes along.').waitFor();
  const id = await signUp(scene, quiz, 'Ben', `ben-${device}@friends.example`);
  await homeSays(home, 'reward.released: 50 xp');
  await shows(ben, TIED, ['1 shared | 30 | own', '1 shared | 30']);
  return id;
}

/** Once the ranks were looked at, whoever climbs is said to have climbed, and whoever was passed to have fallen. */
async function climb({ ana, anaId, ben, cleo, runId }: Rally, benId: string): Promise<void> {
  const unseen = async (): Promise<number> => (await scene.stack.superuser.sql<{ count: number }[]>`select count(*)::int from board_entries where run_id = ${runId} and noted_rank is null`)[0]?.count ?? -1;
  await waitUntil('the ranks of all three were looked at', 2 * LOOK_MINUTES * 60_000 + 30_000, async () => await unseen() === 0);
  await practise(anaId, 90);
  await shows(ana, 'You are number 1 of 3.', ['1 | 90 | ▲ 2up 2 | own', '2 shared | 30 | ▼ 1down 1', '2 shared | 30 | ▼ 1down 1']);
  await shows(ben, 'You are number 2 of 3. You share it with one other.', ['1 | 90 | ▲ 2up 2', '2 shared | 30 | ▼ 1down 1 | own', '2 shared | 30 | ▼ 1down 1']);
  await practise(benId, 20);
  await shows(cleo, 'You are number 3 of 3.', ['1 | 90 | ▲ 2up 2', '2 | 50 | ▼ 1down 1', '3 | 30 | ▼ 2down 2 | own']);
  await cleo.getByText('3 are practising now.').waitFor();
}

/** The deadline comes, brought forward: the open pages say so by themselves, and who won hears of it in the app, with the way back to the board. */
async function end({ home, ana, anaId, ben, cleo, runId }: Rally): Promise<void> {
  await call('POST', `/v1/runs/${runId}/shorten`, { until: new Date(Date.now() + 3_000).toISOString(), reason: 'The lesson is over' });
  for (const page of [ana, ben, cleo]) await page.getByText('The board is closed.').waitFor();
  expect(await ana.locator('#own').innerText()).toBe('You finished number 1 of 3.');
  expect(await Promise.all([ana, ben, cleo].map(isUntouched))).toEqual([true, true, true]);
  await homeSays(home, 'You are number one');
  const [won] = listAt(await call('GET', `/v1/feed?externalId=${anaId}`), 'data');
  await home.goto(textAt(won, 'deepLink'));
  await home.getByText('The board is closed.').waitFor();
  expect(await home.locator('tr[aria-current=true]').innerText()).toContain('(you)');
  expect(textAt(await call('GET', `/v1/runs/${runId}`), 'outcome')).toBe('finished');
}

// Side by side: each waits a minute for the look at its ranks.
test('three players, joined by link and quiz, see ranks, a tie, movement and the end live, on desktops and on phones; who brought them has 50 XP', async () => {
  await Promise.all(SIZES.map(async ([device, size]) => {
    const rally = await openRally(device, size);
    const { ana, ben, cleo } = rally;
    const result = await joinWithATie(rally);
    await climb(rally, await signUpFromQuiz(rally, result));
    for (const page of [ana, ben, cleo]) expect([device, await seriousProblems(page), await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')]).toEqual([device, [], true]);
    expect(await cleo.locator('body').innerText()).not.toMatch(/\bAna\b|\bBen\b|@/);
    await end(rally);
  }));
});
