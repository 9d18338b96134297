import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DECK, openFriend, playOn } from '../support/play.ts';
import { useChallenges } from '../support/use-challenges.ts';

const { api, tenant, program, start } = useChallenges();

test.each<[string, Record<string, unknown>, string]>([
  ['no deck', { deck: undefined }, '/deck'],
  ['two questions', { deck: { questions: DECK.questions.slice(0, 2) } }, '/deck/questions'],
  ['eleven questions', { deck: { questions: Array.from({ length: 11 }, () => DECK.questions[0]) } }, '/deck/questions'],
  ['one choice', { deck: { questions: DECK.questions.map((question) => ({ ...question, choices: ['a'], answer: 0 })) } }, '/deck/questions/0/choices'],
  ['an answer that is no choice', { deck: { questions: DECK.questions.map((question) => ({ ...question, answer: 3 })) } }, '/deck/questions/0/answer'],
  ['choices that look alike', { deck: { questions: DECK.questions.map((question) => ({ ...question, choices: ['Same', 'same\u200b', 'c'] })) } }, '/deck/questions/0/choices'],
  ['a choice that shows nothing', { deck: { questions: DECK.questions.map((question) => ({ ...question, choices: ['a', '\u200b\u200b', 'c'] })) } }, '/deck/questions/0/choices'],
  ['a text too long', { deck: { questions: DECK.questions.map((question) => ({ ...question, text: 'x'.repeat(301) })) } }, '/deck/questions/0/text'],
  ['a score above the questions', { input: { score: 6 } }, '/input/score'],
  ['half a score', { input: { score: 2.5 } }, '/input/score'],
  ['a field of nobody', { input: { score: 3, friendScore: 5 } }, '/input/friendScore'],
])('a start with %s is refused, with the place', async (_what, more, path) => {
  const reply = await api.send(tenant, 'POST', '/v1/runs', { programId: program.id, externalId: 'ana', input: { score: 3 }, deck: DECK, ...more });
  expect(reply.status).toBe(400);
  expect(JSON.stringify(reply.body['errors'])).toContain(`"path":"${path}`);
});

/** The Big List of Naughty Strings; see hostile/fixtures/README.md. */
const NAUGHTY = z.array(z.string()).parse(JSON.parse(readFileSync(join(__dirname, '../hostile/fixtures/blns.json'), 'utf8')));

test('hostile questions, choices and names are refused clearly or shown as text, on every page of the game', async () => {
  const texts = NAUGHTY.filter((text, place) => place % 4 === 0 && text.length > 0 && text.length <= 100);
  let shown = 0;
  for (let at = 0; at < texts.length; at += 8) {
    const own = texts.slice(at, at + 8);
    const word = (place: number): string => own[place % own.length] ?? 'x';
    await api.send(tenant, 'PUT', '/v1/members/ana', { name: word(0) });
    const deck = { title: word(1), questions: [2, 3, 4].map((place) => ({ text: word(place), choices: [`a ${word(place + 1)}`, `b ${word(place + 2)}`, 'c'], answer: 0 })) };
    const reply = await api.send(tenant, 'POST', '/v1/runs', { programId: program.id, externalId: 'ana', input: {}, deck });
    expect([201, 400]).toContain(reply.status);
    if (reply.status === 400) continue;
    shown += 1;
    const { code, waitingPath } = await start({ input: {}, deck });
    const friend = openFriend(api);
    const pages = [await friend.accept(code), await friend.answer(code, 0), await playOn(friend, code, [true, true], 0), await friend.get(waitingPath)];
    for (const page of pages) {
      expect(page?.status).toBe(200);
      const body = (page?.text ?? '').replace(/<style>[\s\S]*?<\/style>|<script>\(function[\s\S]*?<\/script>/g, '');
      expect(body).not.toMatch(/<script|<img|<svg|<iframe|<[^>]+\son\w+=|[\u202a-\u202e\u2066-\u2069]/);
    }
  }
  expect(shown).toBeGreaterThan(5);
});
