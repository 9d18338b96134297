import { listIn, textIn } from '../support/api.ts';
import { useTenantEach, useTestApi } from '../support/use-test-api.ts';

const api = useTestApi();
const tenant = useTenantEach(api);
beforeEach(async () => {
  await api.send(tenant, 'PUT', '/v1/members/ana', { locale: 'de' });
});

const decide = (more: object = {}) => api.send(tenant, 'POST', '/v1/prompts/decide', { externalId: 'ana', moment: 'quote_received', momentId: 'quote-1', data: { category: 'kites' }, ...more });
const makeProgram = (prompt?: object) => api.send(tenant, 'POST', '/v1/programs', { loop: 'seller-to-buyer', title: 'Buy', ...(prompt === undefined ? {} : { terms: { prompt } }) });
const only = (key: string, more: object = {}) => ({ experiment: { key: 'words', variants: [{ key, weight: 1 }], ...more } });

test('a moment is answered with an offer in the member\'s language, the same however often it is asked', async () => {
  await makeProgram();
  const first = await decide();
  expect(first.body).toMatchObject({ decision: 'prompt', prompt: { loop: 'seller-to-buyer', variant: 'default', words: { title: 'Was möchten Sie einkaufen?' }, deepLink: expect.stringContaining('promptId=prm_') } });
  expect((await decide()).body).toEqual(first.body);
  expect((await decide({ momentId: 'quote-2' })).body).toMatchObject({ decision: 'none', reason: 'cap_hour', until: '2026-06-10T13:00:00.000Z' });
});

test('an experiment of the program decides the words, and its holdout is offered nothing', async () => {
  const id = textIn((await makeProgram(only('category'))).body, 'id');
  expect((await decide({ locale: 'en' })).body).toMatchObject({ prompt: { variant: 'category', words: { title: 'You sell kites. What do you buy?' } } });
  expect((await api.send(tenant, 'PATCH', `/v1/programs/${id}`, { terms: { prompt: only('category', { coverage: 0 }) } })).body).toMatchObject({ terms: { prompt: { experiment: { coverage: 0 } } } });
  api.clock.advance(3_600_000);
  expect((await decide({ momentId: 'quote-2' })).body).toMatchObject({ decision: 'none', reason: 'holdout' });
});

test('a text that is too long to be said is cut, whatever it is written in', async () => {
  await makeProgram(only('category'));
  const { status, body } = await decide({ locale: 'en', data: { category: `${'k'.repeat(79)}🪁🪁` } });
  expect([status, body]).toMatchObject([200, { prompt: { words: { title: expect.stringMatching(/^You sell k{79}(🪁)?\. What do you buy\?$/u) } } }]);
});

test.each([
  ['words that the loop does not have', only('loud'), '/terms/prompt/experiment/variants/0/key'],
  ['a worth of nothing', { value: 0 }, '/terms/prompt/value'],
])('%s are refused with their place', async (_what, prompt, path) => {
  const { status, body } = await makeProgram(prompt);
  expect([status, listIn(body, 'errors').map((error) => error['path'])]).toEqual([400, [path]]);
});
