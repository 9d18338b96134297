import { openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { arrangeChallenges, DECK } from '../support/play.ts';

let api: TestApi;
let tenant: TestTenant;
let programId: string;

beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
  programId = await arrangeChallenges(api, tenant);
});
afterAll(() => api.close());

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
  const reply = await api.send(tenant, 'POST', '/v1/runs', { programId, externalId: 'ana', input: { score: 3 }, deck: DECK, ...more });
  expect(reply.status).toBe(400);
  expect(JSON.stringify(reply.body['errors'])).toContain(`"path":"${path}`);
});
