import { pino } from 'pino';
import { z } from 'zod';
import type { HandOff, OutgoingMessage } from '../../src/providers/transport.ts';
import { deferred, type Deferred } from '../../src/dev/deferred.ts';
import type { BatchId } from '../../src/domain/ids.ts';
import { NOON } from '../support/api.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

/** A mail server in trouble: what waits, what counts, and who is told. Short forms of `npm run chaos -- smtp-faults`. */
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const ANY_TIME = { sendRules: { layers: [] }, reminders: [] };
const taken: HandOff = { outcome: 'handed_off', providerMessageId: 'x', receipt: '250 ok' };
const logLine = z.looseObject({ level: z.unknown(), reason: z.string().optional() });
const logged: z.output<typeof logLine>[] = [];
let sending: TestSending;
let answer: (message: OutgoingMessage) => HandOff | Promise<HandOff> = () => taken;

beforeAll(async () => {
  sending = await openTestSending({
    transport: {
      channel: 'email', provider: 'email:mail.example', wireLimit: 4,
      send: async (message) => answer(message),
      verify: () => Promise.resolve({ ok: true }),
      close: () => Promise.resolve(),
    },
  });
});
beforeEach(() => {
  sending.clock.set(NOON);
  answer = () => taken;
  logged.length = 0;
});
afterAll(() => sending.close());

const log = pino({ level: 'warn' }, { write: (line: string) => { logged.push(logLine.parse(JSON.parse(line))); } });
const turn = () => sending.sendDue({ log });
const to = (message: OutgoingMessage): string => message.to.address.split('@')[0] ?? '';

type Row = { n: number; state: string; reason: string | null; tries: number; due_at: number | null; claimed: boolean };

async function rowsOf(batchId: BatchId): Promise<Row[]> {
  return sending.database.superuser<Row[]>`
    select n, state, reason, tries, due_at, attempt_id is not null and state <> 'unknown' as claimed from invites where batch_id = ${batchId} order by n`;
}

async function decisionsOf(batchId: BatchId): Promise<string[]> {
  return (await sending.database.superuser<{ kind: string }[]>`select kind from decisions where subject_id = ${batchId} order by at, id`).map(({ kind }) => kind);
}

async function openAttempts(): Promise<number> {
  return (await sending.database.superuser`select 1 from attempts where closed_at is null and fenced_at is null`).length;
}

async function until(look: () => Promise<boolean>): Promise<void> {
  const endsMs = performance.now() + 15_000;
  while (!(await look())) {
    if (performance.now() > endsMs) throw new Error('it did not come to that');
    await new Promise((wake) => { setTimeout(wake, 20); });
  }
}

test('one message that a server stalls over is recorded by itself: the rest of its group is recorded before, and the lane goes on', async () => {
  const stalled: Deferred<HandOff> = deferred();
  answer = (message) => (to(message) === 'stalls' ? stalled.promise : taken);
  const program = await sending.makeProgram(ANY_TIME);
  const { batchId } = await sending.accept(program, ['stalls', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name) => invitee(`${name}@stall.example`)));
  const running = turn();
  await until(async () => (await rowsOf(batchId)).filter(({ state }) => state === 'handed_off').length === 8);
  const [first] = await rowsOf(batchId);
  expect([first, await openAttempts()]).toEqual([expect.objectContaining({ state: 'waiting', claimed: true }), 1]);
  const late = await sending.accept(program, [invitee('later@stall.example')]);
  await until(async () => (await rowsOf(late.batchId))[0]?.state === 'handed_off');
  stalled.resolve({ outcome: 'unknown', reason: 'no_answer', detail: 'Timeout' });
  expect(await running).toMatchObject({ handedOff: 9, unknown: 1 });
  expect([(await rowsOf(batchId))[0]?.state, await openAttempts()]).toEqual(['unknown', 0]);
});

test('a newer sender finds the stalled message alone of its group unknown, and its late record tells the truth', async () => {
  const stalled: Deferred<HandOff> = deferred();
  answer = (message) => (to(message) === 'stalls' ? stalled.promise : taken);
  const { batchId } = await sending.accept(await sending.makeProgram(ANY_TIME), ['stalls', 'b', 'c'].map((name) => invitee(`${name}@newer.example`)));
  const running = turn();
  await until(async () => (await rowsOf(batchId)).filter(({ state }) => state === 'handed_off').length === 2);
  await turn();
  expect((await rowsOf(batchId)).map(({ state }) => state)).toEqual(['unknown', 'handed_off', 'handed_off']);
  stalled.resolve(taken);
  await running.catch(() => {});
  expect((await rowsOf(batchId)).map(({ state }) => state)).toEqual(['handed_off', 'handed_off', 'handed_off']);
});

test('a refused login holds everything, refuses nobody, counts as no try, and calls for somebody once', async () => {
  answer = () => ({ outcome: 'retry', retryAfterMs: MINUTE_MS, reason: 'smtp_auth_failed', detail: '535 5.7.8 Credentials invalid' });
  const { batchId } = await sending.accept(await sending.makeProgram(ANY_TIME), ['a', 'b', 'c', 'd', 'e'].map((name) => invitee(`${name}@login.example`)));
  for (let i = 0; i < 15; i += 1) {
    await turn();
    sending.clock.advance(MINUTE_MS);
  }
  expect(new Set((await rowsOf(batchId)).map(({ state, reason, tries }) => `${state} ${String(reason)} ${String(tries)}`))).toEqual(new Set(['waiting smtp_auth_failed 0']));
  expect(logged.filter(({ level }) => level === 'error' || level === 50)).toEqual([expect.objectContaining({ reason: 'smtp_auth_failed', detail: expect.stringContaining('535') })]);
  const told = await decisionsOf(batchId);
  expect([told.filter((kind) => kind === 'put_off').length > 0, told.length <= 1 + 5]).toEqual([true, true]);
  answer = () => taken;
  await turn();
  expect(new Set((await rowsOf(batchId)).map(({ state }) => state))).toEqual(new Set(['handed_off']));
});

test('a greylisting server is asked again after five minutes, each time later and twelve times in all, and each time is told', async () => {
  answer = () => ({ outcome: 'retry', retryAfterMs: 5 * MINUTE_MS, reason: 'deferred', detail: '450 4.7.1 Greylisted' });
  const { batchId } = await sending.accept(await sending.makeProgram(ANY_TIME), [invitee('grey@list.example')]);
  const waits: number[] = [];
  for (let i = 0; i < 12; i += 1) {
    await turn();
    const [row] = await rowsOf(batchId);
    if (row?.due_at != null) waits.push((row.due_at - sending.clock.now()) / MINUTE_MS);
    sending.clock.set(row?.due_at ?? sending.clock.now());
  }
  expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 320, 320, 320, 320]);
  expect(await rowsOf(batchId)).toEqual([expect.objectContaining({ state: 'refused', reason: 'undeliverable' })]);
  expect((await decisionsOf(batchId)).filter((kind) => kind === 'put_off')).toHaveLength(11);
});

test('what is put off past its expiry expires in time, and the decision says so', async () => {
  answer = () => ({ outcome: 'retry', retryAfterMs: 5 * MINUTE_MS, reason: 'deferred', detail: '450 later' });
  const { batchId } = await sending.accept(await sending.makeProgram({ ...ANY_TIME, expiresAfterHours: 24 }), [invitee('last@minute.example')]);
  sending.clock.set(NOON + DAY_MS - MINUTE_MS);
  const report = await turn();
  expect(report.nextInMs).toBe(MINUTE_MS);
  sending.clock.advance(MINUTE_MS);
  await turn();
  expect((await rowsOf(batchId))[0]).toMatchObject({ state: 'expired', reason: 'expired' });
  expect(await decisionsOf(batchId)).toEqual(['accepted_and_planned', 'put_off', 'expired']);
});

test('an unknown message that nothing settles is given up, and the decision says when', async () => {
  answer = () => ({ outcome: 'unknown', reason: 'no_answer', detail: 'Connection closed' });
  const { batchId } = await sending.accept(await sending.makeProgram({ ...ANY_TIME, expiresAfterHours: 24 * 14 }), [invitee('never@heard.example')]);
  await turn();
  sending.clock.advance(3 * DAY_MS);
  await turn();
  expect([(await rowsOf(batchId))[0]?.state, await decisionsOf(batchId)]).toEqual(['unknown_expired', ['accepted_and_planned', 'given_up']]);
});

test('a reminder that cannot be planned does not make the message before it unknown', async () => {
  const { batchId } = await sending.accept(await sending.makeProgram({ ...ANY_TIME, reminders: [{ afterHours: 48 }] }), [invitee('plan@fails.example')]);
  await sending.database.superuser`
    update program_versions v set terms = jsonb_set(v.terms, '{reminders}', '[null]') from invite_batches b
    where b.id = ${batchId} and v.program_id = b.program_id and v.version = b.program_version`;
  await turn();
  expect(await rowsOf(batchId)).toEqual([expect.objectContaining({ state: 'handed_off', claimed: false })]);
});
