import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { read } from '../chaos/support/api-caller.ts';
import { makeChaosTenant, type ChaosTenant } from '../chaos/support/chaos-tenant.ts';
import { linkIn, mailTo } from '../chaos/support/mails.ts';
import { waitUntil } from '../chaos/support/wait-until.ts';
import { openWholeStack, type WholeStack } from '../chaos/support/whole-stack.ts';
import { DECK, openFriend, playOn } from '../support/play.ts';

/** A challenge from an app's call to what both have earned: API, outbox, relay, Temporal, sender, mail, pages, events, books. */
jest.setTimeout(180_000);

let stack: WholeStack;
let tenant: ChaosTenant;
beforeAll(async () => {
  stack = await openWholeStack({ afterCheck: 'quick' });
  tenant = await makeChaosTenant(stack, 'lumen');
}, 120_000);
afterAll(() => stack.close(), 30_000);

const withId = z.object({ id: z.string() });
const started = z.object({ id: z.string(), waitingUrl: z.string() });
const runOut = z.object({ state: z.string(), stage: z.string(), outcome: z.string().nullable() });
const rewardsOut = z.object({ data: z.array(z.object({ unit: z.string(), grantedMinor: z.number(), state: z.string() })) });

test('a friend comes by mail, plays as a guest, beats the member and signs up: both earn, and the run ends as lost', async () => {
  const { api } = tenant;
  const terms = { sendRules: { layers: [] }, reminders: [], destination: 'https://app.lumen.example/join', life: { places: 1, rematches: 0 } };
  const { id: programId } = read(await api.send('POST', '/v1/programs', { loop: 'buddy-challenge', title: 'Challenges', terms }), 201, withId);
  await api.send('PUT', '/v1/members/ana', { name: 'Ana', zone: 'Europe/Paris', contact: { email: 'ana@players.example' } });
  const run = read(await api.send('POST', '/v1/runs', {
    programId, externalId: 'ana', input: { score: 3 }, deck: DECK, invitees: [{ email: 'ben@friends.example', zone: 'Europe/Paris', consent: { basis: 'inviter_attested' } }],
  }), 201, started);
  const runNow = async () => read(await api.send('GET', `/v1/runs/${run.id}`), 200, runOut);
  const stage = (name: string) => waitUntil(`the run stands at ${name}`, 30_000, async () => (await runNow()).stage === name);

  const link = new URL(linkIn(await mailTo(stack, 'ben@friends.example'), '/'));
  const host = new URL(stack.apiUrl).host;
  const ben = openFriend({ url: stack.apiUrl }, 'en', host);
  const code = link.pathname.split('/')[2] ?? '';
  await stage('sent');
  expect((await ben.accept(code)).text).toContain('Question 1 of 5');
  await playOn(ben, code, [true, true, true]);
  await stage('playing');
  const ana = openFriend({ url: stack.apiUrl }, 'en', host);
  expect((await ana.get(new URL(run.waitingUrl).pathname)).text).toContain('Your friend is playing (3 of 5)');
  const end = await playOn(ben, code, [true, true], 3);
  expect(end?.text).toContain('You beat Ana!');
  await stage('compared');

  const to = new URL((await ben.get(`/play/${code}/sign-up`)).headers.location ?? '');
  expect(to.host).toBe('app.lumen.example');
  const event = { eventId: randomUUID(), type: 'signed_up', externalId: 'ben', guestToken: to.searchParams.get('guestToken'), clickId: to.searchParams.get('clickId') };
  read(await api.send('POST', '/v1/events', { events: [event] }), 200, z.unknown());
  await waitUntil('the run has ended', 30_000, async () => (await runNow()).outcome !== null);
  expect(await runNow()).toEqual({ state: 'closed', stage: 'rewarded', outcome: 'lost' });
  const { data } = read(await api.send('GET', '/v1/rewards'), 200, rewardsOut);
  expect(data).toEqual([{ unit: 'xp', grantedMinor: 50, state: expect.any(String) }, { unit: 'xp', grantedMinor: 50, state: expect.any(String) }]);
  expect((await ana.get(new URL(run.waitingUrl).pathname)).text).toContain('Your friend won, 5 to 3, signed up');
});
