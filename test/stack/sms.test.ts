import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { read } from '../chaos/support/api-caller.ts';
import { makeChaosTenant, type ChaosTenant } from '../chaos/support/chaos-tenant.ts';
import { mailsTo } from '../chaos/support/mails.ts';
import { waitUntil } from '../chaos/support/wait-until.ts';
import { openWholeStack, type WholeStack } from '../chaos/support/whole-stack.ts';

/** SMS through the whole product: API, relay and worker are processes, the vendor is its stand-in, over real HTTP both ways. */
jest.setTimeout(180_000);

let stack: WholeStack;
let tenant: ChaosTenant;
beforeAll(async () => {
  stack = await openWholeStack({ afterCheck: 'quick' });
  tenant = await makeChaosTenant(stack, 'lumen');
}, 120_000);
afterAll(() => stack.close(), 30_000);
afterEach(() => { stack.sink.setFault(undefined); });

/** Kenya, for one: no law of the shipped book says when texts may not be sent there. */
const PHONES = { plain: '+254712345101', filtered: '+254712330007', lost: '+254712300501', answers: '+254712345102', takesOver: '+254712345103' };
const batch = z.object({ invites: z.array(z.object({ id: z.string(), outcome: z.string(), reason: z.string().optional() })) });
const inviteOut = z.object({ state: z.string(), reason: z.string().nullable(), nextStep: z.number().nullable() });

async function invite(invitee: Record<string, unknown>, channels: readonly string[]): Promise<{ id: string; outcome: string; reason?: string | undefined }> {
  const terms = { channels, sendRules: { layers: [] }, reminders: [{ afterHours: 72 }], coolingHours: 0 };
  const { id: programId } = read(await tenant.api.send('POST', '/v1/programs', { loop: 'invite', title: 'Study together', terms }), 201, z.object({ id: z.string() }));
  const { invites } = read(await tenant.api.send('POST', '/v1/invites', { programId, invitees: [{ consent: { basis: 'opt_in' }, ...invitee }] }, randomUUID()), 202, batch);
  const [made] = invites;
  if (made === undefined) throw new Error('nobody was invited');
  return made;
}

const inviteNow = async (id: string) => read(await tenant.api.send('GET', `/v1/invites/${id}`), 200, inviteOut);
const textsTo = (phone: string) => stack.sms.store.list().filter(({ to, direction }) => to === phone && direction === 'outbound-api');
const repliesTo = (phone: string) => stack.sms.store.list().filter(({ to, direction }) => to === phone && direction === 'outbound-reply');
async function receiptsOf(id: string): Promise<string[]> {
  const rows = await stack.superuser.sql<{ kind: string }[]>`
    select kind from receipts where batch_id = ${`bat_${id.slice(4, 30)}`} and channel = 'sms' order by kind`;
  return rows.map(({ kind }) => kind);
}
const heard = (id: string, kind: string) => waitUntil(`the vendor reports ${kind}`, 20_000, async () => (await receiptsOf(id)).includes(kind));

test('an invite by SMS leaves, is delivered, and its link leads on', async () => {
  const { id } = await invite({ phone: PHONES.plain }, ['sms']);
  await waitUntil('the text', 30_000, () => textsTo(PHONES.plain).length === 1);
  await heard(id, 'delivered');
  expect(await inviteNow(id)).toMatchObject({ state: 'handed_off', nextStep: 1 });
  const [link = ''] = /http\S+\/l\/\w+/.exec(textsTo(PHONES.plain)[0]?.body ?? '') ?? [];
  const visit = await fetch(link, { redirect: 'manual', headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' } });
  expect([visit.status, new URL(visit.headers.get('location') ?? '').host]).toEqual([302, 'app.lumen.example']);
});

test('a 500 after acceptance is settled by its callback, and nothing is sent twice; a filtered one is told to an operator', async () => {
  const [lost, filtered] = [await invite({ phone: PHONES.lost }, ['sms']), await invite({ phone: PHONES.filtered }, ['sms'])];
  await heard(lost.id, 'delivered');
  await heard(filtered.id, 'bounced');
  expect(await inviteNow(lost.id)).toMatchObject({ state: 'handed_off' });
  expect([textsTo(PHONES.lost).length, textsTo(PHONES.filtered).length]).toEqual([1, 1]);
});

test('STOP PLEASE gets one reply of ours, STOP none, and nobody who said so is written to by SMS again', async () => {
  const { id } = await invite({ phone: PHONES.answers }, ['sms']);
  await heard(id, 'delivered');
  expect(await stack.sms.reply(PHONES.answers, 'stopped by, nice')).toBe('taken');
  expect(repliesTo(PHONES.answers)).toEqual([]);
  expect(await stack.sms.reply(PHONES.answers, 'STOP PLEASE')).toBe('taken');
  expect(repliesTo(PHONES.answers).map(({ body }) => body)).toEqual(['lumen: you get no more texts from us. Reply START to get them again.']);
  expect(await inviteNow(id)).toMatchObject({ nextStep: null });
  expect(await invite({ phone: PHONES.answers }, ['sms'])).toMatchObject({ outcome: 'refused', reason: 'suppressed' });
  await stack.sms.reply(PHONES.answers, 'START');
  expect(await invite({ phone: PHONES.answers }, ['sms'])).toMatchObject({ outcome: 'accepted' });
});

test('a mail that is refused for good goes on as a text, once', async () => {
  stack.sink.setFault(({ stage, to }) => (stage === 'rcpt' && to.includes('gone@friends.example') ? { kind: 'refuse', code: 550, text: '5.1.1 no such mailbox' } : undefined));
  await invite({ email: 'gone@friends.example', phone: PHONES.takesOver }, ['email', 'sms']);
  await waitUntil('the text', 30_000, () => textsTo(PHONES.takesOver).length > 0);
  expect([textsTo(PHONES.takesOver).length, mailsTo(stack, 'gone@')]).toEqual([1, 0]);
});
