import { answerInvitation, openFresh, post, tokenIn } from '../support/landing.ts';
import type { Opened } from '../support/open-page.ts';
import { useLanding } from '../support/use-landing.ts';

const { api, tenant, invite, touchesOf, answersOf, factsOf, changedBy } = useLanding();

describe('accepting', () => {
  test('leads to the destination with the visit as clickId, and the run hears of it once', async () => {
    const { code, runId } = await invite();
    const { answered, token } = await answerInvitation(api, code, 'accept');
    const [touch] = await touchesOf(code);
    expect([answered.status, answered.headers.location]).toEqual([303, `https://app.kite.example/join?utm_source=flywheel&utm_medium=buddy-challenge&clickId=${String(touch?.id)}`]);
    const again = await post(api, `/i/${code}`, { token, do: 'accept' });
    expect([again.status, again.headers.location]).toEqual([303, answered.headers.location]);
    expect(await answersOf(code)).toEqual([{ answer: 'accept', reason: null }]);
    expect(await factsOf(runId)).toEqual(['friend_came', 'friend_opened']);
  });

  test('passes the page\'s own campaign fields on where the link has none', async () => {
    const { code } = await invite();
    const page = await openFresh(api, `/i/${code}?utm_content=a`);
    const { headers } = await post(api, `/i/${code}?utm_content=a`, { token: tokenIn(page), do: 'accept' });
    expect(headers.location).toContain('utm_content=a');
  });

  test('of a challenge lets a guest in, with a cookie for the game, its invitation and members\' own pages alone', async () => {
    const { code, runId } = await invite({ deckPlaces: 2 });
    const { answered } = await answerInvitation(api, code, 'accept');
    expect([answered.status, answered.headers.location]).toEqual([303, `/play/${code}`]);
    expect(answered.headers['set-cookie']).toEqual([
      expect.stringMatching(new RegExp(`^flywheel_guest=[^;]+; Path=/play/${code}; Max-Age=\\d+; HttpOnly; SameSite=Lax; Secure$`)),
      expect.stringMatching(new RegExp(`^flywheel_guest=[^;]+; Path=/i/${code};`)),
      expect.stringMatching(new RegExp(`^flywheel_guest_${code}=[^;]+; Path=/w;`)),
    ]);
    const guests = await api.database.superuser<{ touch_id: string }[]>`select touch_id from guests where run_id = ${runId}`;
    expect(guests.map(({ touch_id: id }) => id)).toEqual((await touchesOf(code)).map(({ id }) => id));
    const cookie = answered.headers['set-cookie']?.[1]?.split(';')[0] ?? '';
    const back = await answerInvitation(api, code, 'accept', { opening: { headers: { cookie } } });
    expect([back.answered.status, back.answered.headers.location, back.answered.headers['set-cookie']]).toEqual([303, `/play/${code}`, undefined]);
    expect(await api.database.superuser`select 1 from guests where run_id = ${runId}`).toHaveLength(1);
  });

  test('posted again and again by one visit takes two places at most, for the first answer may be lost', async () => {
    const { code, runId } = await invite({ deckPlaces: 10 });
    const { token } = await answerInvitation(api, code, 'accept');
    const replayed: Opened[] = [];
    for (let i = 0; i < 4; i += 1) replayed.push(await post(api, `/i/${code}`, { token, do: 'accept' }));
    expect(replayed.map(({ status }) => status)).toEqual([303, 410, 410, 410]);
    expect(await api.database.superuser`select 1 from guests where run_id = ${runId}`).toHaveLength(2);
    expect(await factsOf(runId)).toEqual(['friend_came', 'friend_opened']);
  });

  test('of two who come for the last place at once one has it', async () => {
    const { code, runId } = await invite({ deckPlaces: 1 });
    const tokens = [tokenIn(await openFresh(api, `/i/${code}`)), tokenIn(await openFresh(api, `/i/${code}`))];
    const answered = await Promise.all(tokens.map((token) => post(api, `/i/${code}`, { token, do: 'accept' })));
    expect(answered.map(({ status }) => status).toSorted()).toEqual([303, 403]);
    expect(await api.database.superuser`select 1 from guests where run_id = ${runId}`).toHaveLength(1);
    expect((await answersOf(code)).map(({ answer }) => answer)).toEqual(['accept']);
  });
});

describe('declining, stopping, reporting', () => {
  test('a decline is told to the run once, and leaves a way back', async () => {
    const { code, runId } = await invite();
    const { answered, token } = await answerInvitation(api, code, 'decline');
    expect([answered.status, answered.text.includes('Nothing more is asked of you.'), answered.text.includes(`href="/i/${code}"`)]).toEqual([200, true, true]);
    await post(api, `/i/${code}`, { token, do: 'decline' });
    expect(await factsOf(runId)).toEqual(['friend_declined']);
  });

  test('whoever has the link from a person is told that nothing is kept that names them, and nothing is', async () => {
    const { code, runId } = await invite();
    const page = await openFresh(api, `/i/${code}`);
    const changed = await changedBy(async () => {
      const { status, text, headers } = await post(api, `/i/${code}`, { token: tokenIn(page), do: 'stop' });
      expect([status, text.includes('We keep nothing that names you'), headers['set-cookie']]).toEqual([200, true, undefined]);
    });
    expect(changed.toSorted()).toEqual(['landing_answers', 'outbox', 'run_facts']);
    expect(await factsOf(runId)).toEqual(['friend_declined']);
  });

  test('a report is a decision that the audit shows, counted once a visit', async () => {
    const { code, runId } = await invite();
    const { answered, token } = await answerInvitation(api, code, 'report', { fields: { reason: 'spam' } });
    expect([answered.status, answered.text.includes('Thank you, it is reported')]).toEqual([200, true]);
    await post(api, `/i/${code}`, { token, do: 'report', reason: 'offensive' });
    await answerInvitation(api, code, 'report', { fields: { reason: 'my neighbour Bob <b@example.com>' } });
    expect(await answersOf(code)).toEqual([{ answer: 'report', reason: 'spam' }, { answer: 'report', reason: 'other' }]);
    const { text } = await api.send(tenant, 'GET', `/v1/audit?subjectId=${code}`);
    expect(text.match(/link_reported/g)).toHaveLength(2);
    expect(text).not.toContain('Bob');
    expect((await api.send(tenant, 'GET', `/v1/runs/${runId}/share`)).body['answers']).toEqual({ accept: 0, decline: 0, stop: 0, report: 2 });
  });
});

describe('a token', () => {
  test('altered, of another link, or missing changes nothing and says what to do', async () => {
    const [one, other] = [await invite(), await invite()];
    const token = tokenIn(await openFresh(api, `/i/${one.code}`));
    const foreign = tokenIn(await openFresh(api, `/i/${other.code}`));
    const last = token.at(-1) === 'A' ? 'Q' : 'A';
    const bad = [`${token.slice(0, -1)}${last}`, foreign, token.replace(/^(.)\.[^.]+/, '$1.zzzzzzzz'), token.toUpperCase(), '', 'x'.repeat(3_000)];
    const changed = await changedBy(async () => {
      for (const given of bad) for (const answer of ['accept', 'decline', 'stop', 'report']) {
        const { status, text, headers } = await post(api, `/i/${one.code}`, { token: given, do: answer });
        expect([status, headers.location, text.includes(`href="/i/${one.code}"`)]).toEqual([403, undefined, true]);
      }
      for (const body of ['', 'do=accept', `token=${token}&do=nothing`, `token=${token}`, '%', 'x'.repeat(10_000)]) expect((await openFresh(api, `/i/${one.code}`, { method: 'POST', body })).status).toBe(403);
    });
    expect(changed).toEqual([]);
  });

  test('is good for a day', async () => {
    const { code } = await invite();
    const token = tokenIn(await openFresh(api, `/i/${code}`));
    const at = api.clock.now();
    api.clock.set(at + 24 * 3_600_000 - 1);
    expect((await post(api, `/i/${code}`, { token, do: 'decline' })).status).toBe(200);
    api.clock.set(at + 24 * 3_600_000);
    const { status, text } = await post(api, `/i/${code}`, { token, do: 'decline' });
    expect([status, text.includes('Please open the invitation again')]).toEqual([403, true]);
    api.clock.set(at);
  });
});
