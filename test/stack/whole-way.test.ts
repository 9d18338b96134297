import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { read } from '../chaos/support/api-caller.ts';
import { makeChaosTenant, type ChaosTenant } from '../chaos/support/chaos-tenant.ts';
import { acceptedBy, bodyOf, sendAll, type Accepted } from '../chaos/support/invite-load.ts';
import { linkIn, mailsTo, mailTo } from '../chaos/support/mails.ts';
import { judge, NOTHING_WRONG, waitUntilTerminal } from '../chaos/support/verdict.ts';
import { sleep, waitUntil } from '../chaos/support/wait-until.ts';
import { openWholeStack, type WholeStack } from '../chaos/support/whole-stack.ts';
import { SEARCH_ATTRIBUTES, senderWorkflowId } from '../../workflows/system/sender/contract.ts';

/** One way through the whole product, as an app, a recipient and an operator walk it. */
const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', accept: 'text/html' };
const HOUR_MS = 3_600_000;
jest.setTimeout(180_000);

let stack: WholeStack;
let tenant: ChaosTenant;
beforeAll(async () => {
  stack = await openWholeStack({ afterCheck: 'quick' });
  tenant = await makeChaosTenant(stack, 'lumen');
}, 120_000);
afterAll(() => stack.close(), 30_000);
afterEach(async () => {
  stack.sink.setDelay(0);
  stack.sink.setFault(undefined);
  await tenant.api.send('DELETE', '/v1/hard-stops/email');
});

const withId = z.object({ id: z.string() });
const inviteOut = z.object({ state: z.string(), reason: z.string().nullable(), nextStep: z.number().nullable() });
const anything = z.unknown();

async function makeProgram(terms: unknown): Promise<string> {
  return read(await tenant.api.send('POST', '/v1/programs', { loop: 'invite', title: 'Study together', terms }), 201, withId).id;
}

async function invite(programId: string, addresses: readonly string[]): Promise<Accepted[]> {
  const request = { tenant: { ...tenant, programId }, key: randomUUID(), addresses };
  return acceptedBy(request, await tenant.api.send('POST', '/v1/invites', bodyOf(request), request.key));
}

async function inviteNow(id: string): Promise<z.output<typeof inviteOut>> {
  return read(await tenant.api.send('GET', `/v1/invites/${id}`), 200, inviteOut);
}

function only<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined || list.length !== 1) throw new Error(`one was expected, not ${String(list.length)}`);
  return first;
}

/** `40 people` whose addresses begin alike. */
function crowd(label: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${label}${String(i)}@people.example`);
}

test('an invite is accepted, mailed, clicked, signed up for, and ends joined with its reminder', async () => {
  const programId = await makeProgram({ sendRules: { layers: [] }, reminders: [{ afterHours: 72 }] });
  const ben = only(await invite(programId, ['ben@friends.example']));
  const mail = await mailTo(stack, ben.address);
  const visit = await fetch(linkIn(mail, '/l/'), { redirect: 'manual', headers: BROWSER });
  const clickId = new URL(visit.headers.get('location') ?? '').searchParams.get('clickId');
  expect(clickId).toMatch(/^tch_/);
  await waitUntil('the reminder is planned', 10_000, async () => (await inviteNow(ben.inviteId)).nextStep === 1);
  const signedUp = { eventId: 'ben-signed-up', type: 'signed_up', externalId: 'ben', clickId };
  read(await tenant.api.send('POST', '/v1/events', { events: [signedUp] }), 200, anything);
  expect(await inviteNow(ben.inviteId)).toEqual({ state: 'joined', reason: null, nextStep: null });
  expect(mailsTo(stack, 'ben@')).toBe(1);
});

test('the opt-out link of the mail closes what waits for that person, and nothing is accepted for her again', async () => {
  const anyTime = { sendRules: { layers: [] }, coolingHours: 0 };
  const soon = await makeProgram({ ...anyTime, reminders: [{ afterHours: 72 }] });
  const later = await makeProgram({ ...anyTime, sendRules: { layers: [{ label: 'later today', windows: [windowInHours(6)] }] }, reminders: [] });
  const sent = only(await invite(soon, ['mia@friends.example']));
  const mail = await mailTo(stack, sent.address);
  const waiting = only(await invite(later, ['mia@friends.example']));
  expect((await inviteNow(waiting.inviteId)).state).toBe('waiting');

  const link = /<([^>]+)>/.exec(mail.headers.find(({ name }) => name === 'List-Unsubscribe')?.value ?? '')?.[1] ?? '';
  expect(link).toBe(linkIn(mail, '/u/'));
  const asked = await fetch(link, { headers: BROWSER });
  expect([asked.status, (await inviteNow(waiting.inviteId)).state]).toEqual([200, 'waiting']);
  const optedOut = await fetch(link, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
  expect(optedOut.status).toBe(200);

  expect(await inviteNow(waiting.inviteId)).toEqual({ state: 'refused', reason: 'suppressed', nextStep: null });
  expect((await inviteNow(sent.inviteId)).nextStep).toBeNull();
  await expect(invite(soon, ['mia@friends.example'])).rejects.toThrow('suppressed');
  expect(mailsTo(stack, 'mia@')).toBe(1);
});

test('a hard stop holds before the next hand-off, says so in the Temporal UI, and lifting it sends', async () => {
  const begunAt: number[] = [];
  stack.sink.setDelay(3_000);
  stack.sink.setFault(({ stage }) => { if (stage === 'mail') begunAt.push(performance.now()); return undefined; });
  const accepted = await invite(tenant.programId, crowd('stop-', 40));
  await waitUntil('the pool is full', 30_000, () => begunAt.length >= stack.connections);
  read(await tenant.api.send('PUT', '/v1/hard-stops/email', { reason: 'wrong price' }), 200, anything);
  const stoppedAt = performance.now();
  // A check is good for half a second; the rest is room for a slow machine, far less than the sink takes.
  await sleep(1_500);
  const begun = begunAt.length;
  await sleep(4_000);
  expect(begunAt.filter((at) => at > stoppedAt + 1_500)).toEqual([]);
  expect([begun, mailsTo(stack, 'stop-')]).toEqual([begunAt.length, begun]);
  expect(begun).toBeLessThan(accepted.length);
  await waitUntil('the sender shows why it holds', 30_000, async () => (await currentDetails()).includes('hard stop of email'), currentDetails);

  stack.sink.setDelay(0);
  expect((await tenant.api.send('DELETE', '/v1/hard-stops/email')).status).toBe(204);
  await waitUntilTerminal(stack, accepted, 30_000);
  expect((await judge(stack, accepted, 'stop-')).verdict).toEqual(NOTHING_WRONG);
});

test('a paused program holds what waits and refuses more; resumed, all of it leaves once', async () => {
  stack.sink.setDelay(500);
  const programId = await makeProgram({ sendRules: { layers: [] }, reminders: [] });
  const accepted = await invite(programId, crowd('pause-', 60));
  await waitUntil('some have left', 30_000, () => mailsTo(stack, 'pause-') > 0);
  read(await tenant.api.send('POST', `/v1/programs/${programId}/pause`, {}), 200, anything);
  const refused = await tenant.api.send('POST', '/v1/invites', bodyOf({ tenant: { ...tenant, programId }, addresses: ['late@people.example'] }));
  expect([refused.status, z.object({ code: z.string() }).parse(JSON.parse(refused.text)).code]).toEqual([409, 'program_paused']);
  await sleep(2_500);
  const left = mailsTo(stack, 'pause-');
  await sleep(2_000);
  expect(mailsTo(stack, 'pause-')).toBe(left);
  expect(left).toBeLessThan(accepted.length);
  stack.sink.setDelay(0);
  read(await tenant.api.send('POST', `/v1/programs/${programId}/resume`, {}), 200, anything);
  await waitUntilTerminal(stack, accepted, 30_000);
  expect((await judge(stack, accepted, 'pause-')).verdict).toEqual(NOTHING_WRONG);
});

test('a sender is found by its tenant in Temporal, and tells what it does', async () => {
  await sendAll([{ tenant, key: 'found', addresses: ['found@people.example'] }]);
  const workflowId = senderWorkflowId({ tenantId: tenant.tenantId, lane: 'email-0' });
  const described = await stack.client.workflow.getHandle(workflowId).describe();
  const attributes = Object.fromEntries(described.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
  expect(attributes).toMatchObject({ [SEARCH_ATTRIBUTES.tenant]: tenant.tenantId, [SEARCH_ATTRIBUTES.lane]: 'email-0' });
  expect(await described.staticSummary()).toContain(tenant.tenantId);
  const listed = await waitUntil('the list finds it', 30_000, async () => {
    const found: string[] = [];
    for await (const execution of stack.client.workflow.list({ query: `${SEARCH_ATTRIBUTES.tenant} = '${tenant.tenantId}'` })) found.push(execution.workflowId);
    return found.length > 0 ? found : null;
  });
  expect(new Set(listed)).toEqual(new Set([workflowId]));
  await waitUntil('its details say what is next', 30_000, async () => /Last turn: \d+ handed off/.test(await currentDetails()), currentDetails);
});

test('nobody\'s address or name stands in a history, a search attribute, a workflow id or a log', async () => {
  const programId = await makeProgram({ sendRules: { layers: [] }, reminders: [] });
  const canary = { email: 'zqcanary@zqcanary.example', name: 'Zqcanary', phone: '+4915112340099', zone: 'UTC', consent: { basis: 'opt_in' } };
  read(await tenant.api.send('PUT', '/v1/members/zq', { name: 'Zqcanary Member', contact: { email: 'zqcanary2@zqcanary.example' } }), 201, anything);
  read(await tenant.api.send('POST', '/v1/invites', { programId, externalId: 'zq', invitees: [canary] }), 202, anything);
  await mailTo(stack, canary.email);
  const said: string[] = [];
  for await (const execution of stack.client.workflow.list()) {
    const handle = stack.client.workflow.getHandle(execution.workflowId, execution.runId);
    said.push(inWords([execution.workflowId, execution.memo, execution.typedSearchAttributes, execution.raw]), inWords(await handle.fetchHistory()));
  }
  // What an activity is given is read, not only its envelope.
  expect(said.join('')).toMatch(new RegExp(`^\\{.*"tenantId":"${tenant.tenantId}"`, 'm'));
  for (const file of readdirSync(stack.logDir)) said.push(readFileSync(join(stack.logDir, file), 'utf8'));
  expect(said.filter((text) => /zqcanary|4915112340|@people\.example|@friends\.example/i.test(text)).map((text) => text.slice(0, 300))).toEqual([]);
});

/** As JSON, and beside it every payload (base64 there) as what it says. */
function inWords(value: unknown): string {
  const json = JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));
  return [json, ...[...json.matchAll(/"data":"([\w+/=]+)"/g)].map(([, data = '']) => Buffer.from(data, 'base64').toString('utf8'))].join('\n');
}

const metadata = z.object({ currentDetails: z.string().optional() });

/** What the Temporal UI shows as the sender's current details. */
async function currentDetails(): Promise<string> {
  const handle = stack.client.workflow.getHandle(senderWorkflowId({ tenantId: tenant.tenantId, lane: 'email-0' }));
  return metadata.parse(await handle.query('__temporal_workflow_metadata')).currentDetails ?? '';
}

/** An hour's window of the UTC day that opens in so many hours. */
function windowInHours(hours: number): { start: string; end: string } {
  const time = (at: number): string => `${new Date(at).toISOString().slice(11, 13)}:00`;
  return { start: time(Date.now() + hours * HOUR_MS), end: time(Date.now() + (hours + 1) * HOUR_MS) };
}
