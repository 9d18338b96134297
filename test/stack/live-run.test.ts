import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { read } from '../chaos/support/api-caller.ts';
import { makeChaosTenant, type ChaosTenant } from '../chaos/support/chaos-tenant.ts';
import { mailsTo, mailTo } from '../chaos/support/mails.ts';
import { waitUntil } from '../chaos/support/wait-until.ts';
import { openWholeStack, type WholeStack } from '../chaos/support/whole-stack.ts';

/** A live loop from an app's call to what both have earned: API, outbox, relay, Temporal, sender, mail, events, books. */
jest.setTimeout(180_000);
const HOUR_MS = 3_600_000;

let stack: WholeStack;
let tenant: ChaosTenant;
let programId: string;
beforeAll(async () => {
  stack = await openWholeStack({ afterCheck: 'quick' });
  tenant = await makeChaosTenant(stack, 'lumen');
  // The nudge is due an hour before the exam: the exams here are an hour and some seconds away.
  programId = read(await tenant.api.send('POST', '/v1/programs', { loop: 'study-buddy-nudge', title: 'Learn together', terms: { sendRules: { layers: [] }, life: { leadHours: 1 } } }), 201, withId).id;
}, 120_000);
afterAll(() => stack.close(), 30_000);

const withId = z.object({ id: z.string() });
const runOut = z.object({ state: z.string(), stage: z.string(), outcome: z.string().nullable(), reason: z.string().nullable(), messages: z.array(z.object({ state: z.string() })) });
const rewardsOut = z.object({ data: z.array(z.object({ unit: z.string(), grantedMinor: z.number(), state: z.string() })) });
const runNow = async (id: string) => read(await tenant.api.send('GET', `/v1/runs/${id}`), 200, runOut);

async function startRun(member: string, buddy: string, inMs: number): Promise<string> {
  for (const externalId of [member, buddy]) {
    const { status } = await tenant.api.send('PUT', `/v1/members/${externalId}`, { zone: 'Europe/Paris', contact: { email: `${externalId}@players.example` } });
    expect(status).toBeLessThan(300);
  }
  return read(await tenant.api.send('POST', '/v1/runs', { programId, externalId: member, input: { examAt: new Date(Date.now() + inMs).toISOString(), buddy } }), 201, withId).id;
}
const tell = async (type: string, externalId: string, runId: string): Promise<void> => {
  read(await tenant.api.send('POST', '/v1/events', { events: [{ eventId: randomUUID(), type, externalId, properties: { runId } }] }), 200, z.unknown());
};

test('both are nudged by mail, both practise, both earn a hundred points of the loop\'s own unit', async () => {
  const id = await startRun('ana', 'ben', HOUR_MS + 3_000);
  await Promise.all([mailTo(stack, 'ana@players.example'), mailTo(stack, 'ben@players.example')]);
  await waitUntil('the run knows that its nudge left', 20_000, async () => (await runNow(id)).stage === 'practising');
  await tell('practice_completed', 'ana', id);
  await tell('practice_completed', 'ben', id);
  await waitUntil('the run has ended', 20_000, async () => (await runNow(id)).outcome !== null);
  expect(await runNow(id)).toMatchObject({ state: 'closed', outcome: 'rewarded', messages: [{ state: 'handed_off' }, { state: 'handed_off' }] });
  const { data } = read(await tenant.api.send('GET', '/v1/rewards'), 200, rewardsOut);
  expect(data).toEqual([{ unit: 'xp', grantedMinor: 100, state: 'released' }, { unit: 'xp', grantedMinor: 100, state: 'released' }]);
});

test('who began by themselves are left alone', async () => {
  const id = await startRun('cyd', 'dan', HOUR_MS + 60_000);
  await tell('co_practice_started', 'dan', id);
  await waitUntil('the run has ended', 20_000, async () => (await runNow(id)).outcome !== null);
  expect([await runNow(id), mailsTo(stack, 'cyd@'), mailsTo(stack, 'dan@')]).toMatchObject([{ outcome: 'not_needed', messages: [] }, 0, 0]);
});
