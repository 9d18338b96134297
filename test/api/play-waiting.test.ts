import { DECK, hiddenIn, openFriend, playOn, signUp } from '../support/play.ts';
import type { Challenge } from '../support/play.ts';
import { useChallenges } from '../support/use-challenges.ts';

const { api, tenant, start } = useChallenges();
beforeEach(() => api.clock.advance(60_000));

const look = async ({ waitingPath }: Challenge, language = 'en'): Promise<string> => (await openFriend(api, language).get(waitingPath)).text;

test('the member sees who waits, who plays and how far, and how it ends', async () => {
  const challenge = await start();
  const empty = await look(challenge);
  expect(empty).toContain('Waiting for your friend');
  expect(empty).toContain('Your score: 3 of 5.');
  expect(empty).toContain(`value="https://flywheel.example/i/${challenge.code}"`);
  expect(empty).toContain('5 of 5 places are left');
  expect(Buffer.byteLength(empty)).toBeLessThan(30_000);
  const friend = openFriend(api);
  await friend.accept(challenge.code);
  expect(await look(challenge)).toContain('Your friend is about to begin');
  await playOn(friend, challenge.code, [true, true]);
  expect(await look(challenge)).toContain('Your friend is playing (2 of 5)');
  await playOn(friend, challenge.code, [true, true, false], 2);
  expect(await look(challenge)).toContain('Your friend won, 4 to 3');
  await signUp(api, tenant, 'ben', friend.guestToken(challenge.code));
  expect(await look(challenge)).toContain('Your friend won, 4 to 3, signed up');
  api.clock.advance(1_000);
  const second = openFriend(api);
  await second.accept(challenge.code);
  await playOn(second, challenge.code, [true, true, true, false, false]);
  const both = await look(challenge);
  expect(both).toContain('<span>Friend 2</span><b>A tie, 3 each</b>');
  expect(both).toContain('3 of 5 places are left');
});

test('a rematch, a decline and the end are said; friends are named nowhere', async () => {
  const challenge = await start();
  const friend = openFriend(api);
  await friend.accept(challenge.code);
  await playOn(friend, challenge.code, [true, false, false, false, false]);
  const again = await friend.get(`/play/${challenge.code}/again`);
  await friend.post(`/play/${challenge.code}`, { ...hiddenIn(again.text), choice: '0' });
  expect(await look(challenge)).toContain('Your friend plays again (1 of 5); until then 1 of 5');
  const other = openFriend(api);
  await other.post(`/i/${challenge.code}`, { ...hiddenIn((await other.get(`/i/${challenge.code}`)).text), do: 'decline' });
  const text = await look(challenge);
  expect(text).toContain('Would not play: 1.');
  await signUp(api, tenant, 'ben', friend.guestToken(challenge.code));
  expect(await look(challenge)).not.toMatch(/ben|gst_|mbr_/);
  api.clock.advance(8 * 86_400_000);
  const over = await look(challenge);
  expect(over).toContain('The challenge is over.');
  expect(over).toContain('You won, 3 to 1');
  expect(over).not.toContain('<script');
});

test('it is in the member\'s language, and says hostile titles as text', async () => {
  const evil = { ...DECK, title: '<script>alert(1)</script>' };
  const challenge = await start({ deck: evil });
  const text = await look(challenge, 'de');
  expect(text).toContain('Noch spielt niemand');
  expect(text).toContain('<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>');
  expect(await look(challenge, 'es')).toContain('Tu resultado: 3 de 5.');
});

test('lets in its one style and one script, by their hashes, and nothing else', async () => {
  const challenge = await start();
  const { headers, text } = await openFriend(api).get(challenge.waitingPath);
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'sha256-[\w+/=]+'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'$/);
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex, nofollow' });
  expect(text.match(/<script/g)).toHaveLength(1);
});

test('an altered address opens nothing, and a start again answers the same one', async () => {
  const challenge = await start({ subject: 'monday' });
  const again = await start({ subject: 'monday', deck: { questions: DECK.questions.slice(0, 3) } });
  expect([again.reply.status, again.waitingPath]).toEqual([200, challenge.waitingPath]);
  expect(await look(challenge)).toContain('3 of 5');
  const { waitingPath } = challenge;
  const last = waitingPath.slice(-2);
  for (const path of [`${waitingPath.slice(0, -2)}${last === 'aa' ? 'bb' : 'aa'}`, '/w/x', `${waitingPath.slice(0, 8)}${waitingPath.charAt(8) === '0' ? '1' : '0'}${waitingPath.slice(9)}`, '/w/%E0%A4', `${waitingPath}x`]) {
    expect((await openFriend(api).get(path)).status).toBe(404);
  }
});

test('a browser that has opened it is told at the invitation that the link is its own', async () => {
  const challenge = await start();
  const ana = openFriend(api);
  await ana.get(challenge.waitingPath);
  const page = await ana.get(`/i/${challenge.code}`);
  expect(page.text).not.toContain('value="accept"');
  const [{ count } = { count: -1 }] = await api.database.superuser<{ count: number }[]>`select count(*)::int as count from guests where run_id = ${challenge.runId}`;
  expect(count).toBe(0);
});

test('it is live: an answer is told to who watches, without being asked', async () => {
  const challenge = await start();
  const friend = openFriend(api);
  await friend.accept(challenge.code);
  const hangUp = new AbortController();
  const response = await fetch(`${api.url}${challenge.waitingPath}/live`, { headers: { host: 'flywheel.example' }, signal: hangUp.signal });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const seen: string[] = [];
  const told = (async () => {
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    while (reader !== undefined && seen.length < 2) {
      const { value, done } = await reader.read();
      if (done) break;
      if (value.includes('event: changed')) seen.push(value);
      if (seen.length === 1 && value.includes('event: changed')) void playOn(friend, challenge.code, [true]);
    }
  })();
  await told;
  hangUp.abort();
  expect(seen).toHaveLength(2);
  expect((await fetch(`${api.url}/w/nothing/live`)).status).toBe(404);
});
