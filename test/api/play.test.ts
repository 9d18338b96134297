import { arrangeChallenges, hiddenIn, openFriend, playOn, startChallenge } from '../support/play.ts';
import type { Challenge } from '../support/play.ts';
import { useChallenges } from '../support/use-challenges.ts';

const HOUR_MS = 3_600_000;

const { api, tenant, start } = useChallenges();
beforeEach(() => api.clock.advance(60_000));
const factsOf = async ({ runId }: Challenge) => (await api.database.superuser<{ kind: string }[]>`select kind from run_facts where run_id = ${runId} order by kind`).map(({ kind }) => kind);
const playsOf = async ({ runId }: Challenge) => api.database.superuser<{ n: number; choice: number; isRight: boolean; round: number }[]>`select round, n, choice, is_right as "isRight" from plays where run_id = ${runId} order by person_id, round, n`;

test('a friend plays one question a page, without a script, and sees both scores at the end', async () => {
  const challenge = await start();
  const friend = openFriend(api);
  const first = await friend.accept(challenge.code);
  expect(first.status).toBe(200);
  expect(first.text).toContain('<h1>Capitals &amp; &lt;rivers&gt;</h1>');
  expect(first.text).toContain('<legend>Question &lt;0&gt;?</legend>');
  expect(first.text).toContain('Question 1 of 5');
  expect(first.text).not.toMatch(/<script|javascript:|<link|<img/);
  expect(Buffer.byteLength(first.text)).toBeLessThan(30_000);
  const second = await friend.answer(challenge.code, 0);
  expect(second.text).toContain('Right!');
  expect(second.text).toContain('Question 2 of 5');
  expect((await friend.answer(challenge.code, 0)).text).toContain('Not this time.');
  const end = await playOn(friend, challenge.code, [true, true, true], 2);
  expect(end?.text).toContain('<h1 class="big">You beat Ana!</h1>');
  expect(end?.text).toContain('<dd>4 of 5</dd>');
  expect(end?.text).toContain('<dd>3 of 5</dd>');
  expect(await playsOf(challenge)).toEqual([0, 0, 2, 0, 1].map((choice, n) => ({ round: 1, n, choice, isRight: n !== 1 })));
  expect(await factsOf(challenge)).toEqual(['friend_began', 'friend_came', 'friend_finished', 'friend_opened', 'friend_reached_value']);
});

test('which answer is right stands in no page and in no row that a page reads', async () => {
  const challenge = await start();
  const friend = openFriend(api);
  const pages = [await friend.accept(challenge.code), await friend.answer(challenge.code, 0), await friend.get(challenge.waitingPath)].map(({ text }) => text).join(' ');
  expect(pages).not.toMatch(/"answer"|answers|isRight|correct/);
  const [row] = await api.database.superuser<{ text: string; sealed: string }[]>`select questions::text as text, encode(answers_sealed, 'escape') as sealed from decks where run_id = ${challenge.runId}`;
  expect(row?.text).not.toContain('answer');
  expect(row?.sealed).not.toContain('[0,1,2,0,1]');
  expect(challenge.reply.text).not.toContain('answer');
});

test('the way on leads to the program\'s destination, with the visit and the guest\'s token', async () => {
  const challenge = await start();
  const friend = openFriend(api);
  await friend.accept(challenge.code);
  const end = await playOn(friend, challenge.code, [true, true, true, false, false]);
  expect(end?.text).toContain('A tie with Ana');
  expect(end?.text).toContain(`href="/play/${challenge.code}/sign-up"`);
  expect(end?.text).not.toContain(friend.guestToken(challenge.code));
  const on = await friend.get(`/play/${challenge.code}/sign-up`);
  expect(on.status).toBe(302);
  const to = new URL(on.headers.location ?? '');
  expect([to.origin, to.pathname, to.searchParams.get('from')]).toEqual(['https://app.kite.example', '/join', 'game']);
  expect(to.searchParams.get('guestToken')).toBe(friend.guestToken(challenge.code));
  expect(to.searchParams.get('clickId')).toMatch(/^tch_/);
  const [touch] = await api.database.superuser<{ code: string }[]>`select code from touches where id = ${to.searchParams.get('clickId')}`;
  expect(touch?.code).toBe(challenge.code);
});

test('a guest\'s token is kept as a hash alone, and its cookie goes to the game, its invitation and members\' own pages alone, hidden from scripts', async () => {
  const challenge = await start();
  const friend = openFriend(api);
  const page = await friend.get(`/i/${challenge.code}`);
  const { headers } = await friend.post(`/i/${challenge.code}`, { ...hiddenIn(page.text), do: 'accept' });
  expect(headers['set-cookie']?.map((cookie) => cookie.replace(/=[0-9a-z]{26}\.[\w-]{43};/, '=token;').replace(/Age=\d+/, 'Age=n'))).toEqual(
    [['', `/play/${challenge.code}`], ['', `/i/${challenge.code}`], [`_${challenge.code}`, '/w']].map(([of, at]) => `flywheel_guest${String(of)}=token; Path=${String(at)}; Max-Age=n; HttpOnly; SameSite=Lax; Secure`));
  const [, secret = ''] = friend.guestToken(challenge.code).split('.');
  const kept = JSON.stringify(await api.database.superuser`select * from guests where run_id = ${challenge.runId}`);
  expect(kept).not.toContain(secret);
  expect(JSON.stringify(api.logged)).not.toContain(secret);
});

test('the same answer posted twice is one; another for the same question is refused and changes nothing', async () => {
  const challenge = await start();
  const friend = openFriend(api);
  const form = { ...hiddenIn((await friend.accept(challenge.code)).text), choice: '1' };
  const path = `/play/${challenge.code}`;
  expect((await Promise.all([friend.post(path, form), friend.post(path, form), friend.post(path, form)])).map(({ status }) => status)).toEqual([303, 303, 303]);
  const other = await friend.post(path, { ...form, choice: '0' });
  expect([other.status, other.text.includes('You have answered this question already. Your first answer stays.')]).toEqual([409, true]);
  expect(await playsOf(challenge)).toEqual([{ round: 1, n: 0, choice: 1, isRight: false }]);
});

test('answers out of range, out of turn, of another page, without a choice or with a score of their own are refused clearly', async () => {
  const [challenge, another] = [await start(), await start()];
  const friend = openFriend(api);
  const path = `/play/${challenge.code}`;
  const form = hiddenIn((await friend.accept(challenge.code)).text);
  const foreign = hiddenIn((await friend.accept(another.code)).text);
  const say = async (changed: Record<string, string>, without: readonly string[] = []) => {
    const { status, text } = await friend.post(path, Object.fromEntries(Object.entries({ ...form, choice: '0', ...changed }).filter(([name]) => !without.includes(name))));
    return `${String(status)} ${/role="alert">([^<]*)/.exec(text)?.[1] ?? ''}`;
  };
  expect(await say({ choice: '3' })).toBe('400 That is none of the answers to this question.');
  for (const choice of ['-1', '1.5', 'NaN', '1e1', '', '999999999']) expect(await say({ choice })).toBe('400 That is none of the answers to this question.');
  expect(await say({ n: '4' })).toBe('422 This page is out of date. Nothing was changed.');
  expect(await say({ n: '99' })).toBe('422 This page is out of date. Nothing was changed.');
  expect(await say({ round: '2' })).toBe('422 This page is out of date. Nothing was changed.');
  expect(await say({ page: foreign['page'] ?? '' })).toBe('422 This page is out of date. Nothing was changed.');
  expect(await say({}, ['page'])).toBe('422 This page is out of date. Nothing was changed.');
  expect(await say({}, ['choice'])).toBe('422 Choose an answer first.');
  expect(await playsOf(challenge)).toEqual([]);
  expect(await say({ score: '5', isRight: 'true', right: '5', choice: '1' })).toBe('303 ');
  expect(await playsOf(challenge)).toEqual([{ round: 1, n: 0, choice: 1, isRight: false }]);
  expect((await friend.post(path, { whole: 'x'.repeat(10_000) })).status).toBe(422);
});

test('after the end nothing is taken: not after its week, not when an operator shortened or canceled it', async () => {
  const challenge = await start();
  const friend = openFriend(api);
  const form = { ...hiddenIn((await friend.accept(challenge.code)).text), choice: '0' };
  const path = `/play/${challenge.code}`;
  const startedAt = api.clock.now();
  api.clock.set(startedAt + 7 * 24 * HOUR_MS);
  const late = await friend.post(path, form);
  expect([late.status, late.text.includes('That came too late: no more answers are taken.')]).toEqual([409, true]);
  expect((await friend.get(path)).text).toContain('The time is over');
  api.clock.set(startedAt);
  await api.database.superuser`update runs set cap_at = ${startedAt - 1} where id = ${challenge.runId}`;
  expect((await friend.post(path, form)).status).toBe(409);
  expect(await playsOf(challenge)).toEqual([]);
  const stranger = openFriend(api);
  expect((await stranger.accept(challenge.code)).status).not.toBe(200);
});

test('a game\'s address that is passed on leads whoever has no place to the invitation; an altered link leads nowhere', async () => {
  const challenge = await start();
  const friend = openFriend(api);
  await friend.accept(challenge.code);
  const stranger = openFriend(api);
  const led = await stranger.get(`/play/${challenge.code}`);
  expect([led.status, led.headers.location]).toEqual([303, `/i/${challenge.code}`]);
  const altered = `${challenge.code.slice(0, -1)}${challenge.code.endsWith('2') ? '3' : '2'}`;
  for (const path of [`/play/${altered}`, '/play/x', '/play/%E0%A4', `/play/${altered}/sign-up`]) expect((await friend.get(path)).status).toBe(404);
  const forgetful = await stranger.get(`/play/${challenge.code}`, { 'sec-fetch-site': 'same-origin' });
  expect([forgetful.status, forgetful.text.includes('Your browser forgot you')]).toEqual([422, true]);
  const forged = await friend.get(`/play/${challenge.code}`, { cookie: `flywheel_guest=${'a'.repeat(26)}.${'b'.repeat(43)}` });
  expect([forged.status, forged.headers.location]).toEqual([303, `/i/${challenge.code}`]);
  expect((await friend.post(`/play/${challenge.code}/sign-up`, {})).status).toBe(405);
});

test('two who come for the last place: one has it, the other reads that it is full', async () => {
  const narrow = await arrangeChallenges(api, tenant, { life: { places: 1 } });
  const challenge = await startChallenge(api, tenant, narrow);
  const pages = await Promise.all([openFriend(api).accept(challenge.code), openFriend(api).accept(challenge.code)]);
  expect(pages.map(({ status }) => status).toSorted()).toEqual([200, 403]);
  const [{ count } = { count: 0 }] = await api.database.superuser<{ count: number }[]>`select count(*)::int as count from guests where run_id = ${challenge.runId}`;
  expect(count).toBe(1);
});

test('the one rematch: the last score counts, and a second one is not had', async () => {
  const challenge = await start();
  const friend = openFriend(api);
  await friend.accept(challenge.code);
  const path = `/play/${challenge.code}`;
  expect((await friend.get(`${path}/again`)).headers.location).toBe(path);
  const lost = await playOn(friend, challenge.code, [true, false, false, false, false]);
  expect(lost?.text).toContain('This time Ana is ahead');
  expect(lost?.text).toContain(`href="${path}/again"`);
  const again = await friend.get(`${path}/again`);
  expect(again.text).toContain('Question 1 of 5');
  await friend.post(path, { ...hiddenIn(again.text), choice: '0' });
  const won = await playOn(friend, challenge.code, [true, true, true, true], 1);
  expect(won?.text).toContain('You beat Ana!');
  expect(won?.text).not.toContain('/again');
  expect((await friend.get(`${path}/again`)).headers.location).toBe(path);
  expect((await factsOf(challenge)).filter((kind) => kind === 'friend_finished' || kind === 'rematch_began')).toEqual(['friend_finished', 'friend_finished', 'rematch_began']);
});

test.each([['es', 'Pregunta 1 de 5', 'Responder'], ['de-AT,en;q=0.5', 'Frage 1 von 5', 'Antworten'], ['xx', 'Question 1 of 5', 'Answer']])('the game is in the friend\'s language: %s', async (language, step, button) => {
  const challenge = await start();
  const { text } = await openFriend(api, language).accept(challenge.code);
  expect(text).toContain(step);
  expect(text).toContain(`<button>${button}</button>`);
});
