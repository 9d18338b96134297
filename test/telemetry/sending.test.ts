import { carryTrace } from '../../db/write/carry-trace.ts';
import { acceptInvites } from '../../db/write/accept-invites.ts';
import type { ProgramId } from '../../src/domain/ids.ts';
import { createRegistry } from '../../src/telemetry/metrics/registry.ts';
import { watchSending } from '../../src/telemetry/sending-watch.ts';
import { watchedTransport } from '../../src/providers/watched-transport.ts';
import { invitee, openTestSending } from '../support/sending.ts';
import type { TestSending } from '../support/sending.ts';
import { keepSpans, placeOf } from './support/kept-spans.ts';

const HOUR_MS = 3_600_000;
const spans = keepSpans('worker');
const registry = createRegistry({ role: 'worker', version: 'test' });
const watch = watchSending({ registry, tracing: spans });
let sending: TestSending;
let program: ProgramId;
beforeAll(async () => {
  sending = await openTestSending();
  program = await sending.makeProgram({ sendRules: { layers: [] }, reminders: [] });
});
afterAll(async () => {
  await sending.close();
  await spans.close();
});
beforeEach(() => { spans.forget(); });

let people = 0;
/** Accepts `count` invitees in one request, in this trace or in none. */
async function accept(count: number, traceparent: string | null): Promise<void> {
  const { tenant, deps, clock, database } = sending;
  const invitees = Array.from({ length: count }, () => invitee(`p${String((people += 1))}@telemetry.example`));
  await database.app.asTenant(tenant.tenantId, async (tx) => {
    carryTrace(tx, traceparent);
    const batch = await acceptInvites(tx, deps.keyring, { tenantId: tenant.tenantId, programId: program, inviter: null, invitees, now: clock.now(), actor: 'test' });
    if (batch.outcome !== 'accepted') throw new Error(batch.outcome);
  });
  // Batches are told apart by when they came.
  clock.advance(1_000);
}

async function turn(): Promise<void> {
  const email = watchedTransport(sending.deps.transports.email, watch.metrics);
  await sending.sendDue({ watch, transports: { ...sending.deps.transports, email } });
}

const trace = (digit: string): string => `00-${digit.repeat(32)}-00f067aa0ba902b7-01`;

/** The lines of one metric, without comments. */
async function linesOf(name: string): Promise<string[]> {
  return (await registry.getSingleMetricAsString(name)).split('\n').filter((line) => !line.startsWith('#'));
}

test('a group\'s hand-off goes on from its oldest request, links the others and its turn, and is one span however many there are', async () => {
  await accept(2, trace('a'));
  await accept(1, null);
  await accept(1, trace('b'));
  await turn();
  const turns = spans.ended().filter(({ name }) => name === 'send due');
  const groups = spans.ended().filter(({ name }) => name === 'hand off');
  expect(turns).toHaveLength(1);
  expect(turns[0]).toMatchObject({ kind: 4, parentId: undefined, attributes: { 'flywheel.tenant_id': sending.tenant.tenantId, 'flywheel.lane': 'email-0' } });
  expect(groups.reduce((sum, { attributes }) => sum + Number(attributes['flywheel.handed_off']), 0)).toBe(4);
  expect(groups.length).toBeLessThan(4);
  const [first] = groups;
  expect(first).toMatchObject({ kind: 3, traceId: 'a'.repeat(32), parentId: '00f067aa0ba902b7', failed: undefined });
  const told = new Set(groups.flatMap(({ traceId, links }) => [`${traceId}/00f067aa0ba902b7`, ...links]));
  expect(told).toEqual(new Set([placeOf(trace('a')), placeOf(trace('b')), `${turns[0]?.traceId ?? ''}/${turns[0]?.spanId ?? ''}`]));
});

test('a group without a traced request has no span, and a turn is told apart', async () => {
  await accept(3, null);
  await turn();
  expect(spans.ended().map(({ name }) => name)).toEqual(['send due']);
});

test('nothing of a person is in a span', async () => {
  await accept(2, trace('c'));
  await turn();
  expect(spans.ended().length).toBeGreaterThan(1);
  expect(spans.text()).not.toMatch(/telemetry\.example|p\d+@/);
});

test('what left is counted: by outcome, with how late it was, by group, by turn', async () => {
  const before = sending.sink.deliveries().length;
  await accept(5, null);
  sending.clock.advance(HOUR_MS);
  await turn();
  const sent = sending.sink.deliveries().length;
  expect(sent - before).toBe(5);
  expect(await linesOf('flywheel_messages_total')).toEqual([`flywheel_messages_total{channel="email",outcome="handed_off",reason=""} ${String(sent)}`]);
  const lateness = await linesOf('flywheel_message_lateness_seconds');
  expect(lateness).toContain(`flywheel_message_lateness_seconds_count{channel="email"} ${String(sent)}`);
  expect(lateness).toContain(`flywheel_message_lateness_seconds_bucket{le="900",channel="email"} ${String(before)}`);
  expect(lateness).toContain(`flywheel_message_lateness_seconds_bucket{le="14400",channel="email"} ${String(sent)}`);
  expect(await linesOf('flywheel_hand_off_duration_seconds')).toContain(`flywheel_hand_off_duration_seconds_count{channel="email",outcome="handed_off"} ${String(sent)}`);
  expect(await linesOf('flywheel_hand_offs_running')).toEqual(['flywheel_hand_offs_running{channel="email"} 0']);
  expect(await linesOf('flywheel_claimed_group_messages')).toContain(`flywheel_claimed_group_messages_sum{channel="email"} ${String(sent)}`);
  expect(await linesOf('flywheel_epochs_raised_total')).toEqual(['flywheel_epochs_raised_total{lane="email-0"} 4']);
  expect(await linesOf('flywheel_messages_left_unknown_total')).toEqual(['flywheel_messages_left_unknown_total{lane="email-0"} 0']);
});

test('what the vendor refuses is counted by its reason', async () => {
  await accept(1, null);
  sending.sink.setFault(({ stage }) => (stage === 'rcpt' ? { kind: 'refuse' as const, code: 550, text: '5.1.1 unknown' } : undefined));
  await turn();
  sending.sink.setFault(undefined);
  expect(await linesOf('flywheel_messages_total')).toContain('flywheel_messages_total{channel="email",outcome="refused",reason="mailbox_unavailable"} 1');
  expect((await linesOf('flywheel_hand_off_duration_seconds')).join('\n')).toContain('flywheel_hand_off_duration_seconds_count{channel="email",outcome="permanent"} 1');
});
