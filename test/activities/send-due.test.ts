import { openTestSending, invitee, type TestSending } from '../support/sending.ts';

const HOUR_MS = 3_600_000;
let sending: TestSending;

beforeAll(async () => { sending = await openTestSending(); });
afterAll(async () => { await sending.close(); });

async function statesOf(batchId: string): Promise<string[]> {
  const rows = await sending.database.superuser<{ state: string }[]>`select state from invites where batch_id = ${batchId} order by n`;
  return rows.map((row) => row.state);
}

test('what is due leaves once, what waits for its morning stays', async () => {
  const program = await sending.makeProgram();
  const batch = await sending.accept(program, [invitee('now@one.example'), invitee('morning@one.example', { zone: 'Asia/Tokyo' })]);
  expect(batch.decisions.map((decision) => decision.outcome)).toEqual(['accepted', 'accepted']);
  const report = await sending.sendDue();
  expect(report).toMatchObject({ handedOff: 1, refused: 0, unknown: 0 });
  expect(report.nextInMs).toBe(Date.parse('2026-06-10T23:00:00Z') - sending.clock.now());
  await sending.sendDue();
  expect([sending.mailTo('now@one.example'), sending.mailTo('morning@one.example')]).toEqual([1, 0]);
  sending.clock.set('2026-06-10T23:00:00Z');
  await sending.sendDue();
  expect(sending.mailTo('morning@one.example')).toBe(1);
  expect(await statesOf(batch.batchId)).toEqual(['handed_off', 'handed_off']);
});

test('a thousand invitees take the same way and each gets one', async () => {
  const program = await sending.makeProgram();
  const batch = await sending.accept(program, Array.from({ length: 1000 }, (_, i) => invitee(`p${String(i)}@thousand.example`)));
  sending.clock.set('2026-06-11T10:00:00Z');
  while ((await sending.sendDue()).nextInMs === 0); // one turn after the other, as the workflow takes them
  const perAddress = sending.sink.deliveries().flatMap((mail) => mail.to).filter((to) => to.endsWith('@thousand.example'));
  expect([perAddress.length, new Set(perAddress).size]).toEqual([1000, 1000]);
  expect(new Set(await statesOf(batch.batchId))).toEqual(new Set(['handed_off']));
}, 120_000);

test('a reminder follows the hand-off, and none follows the expiry', async () => {
  const program = await sending.makeProgram({ reminders: [{ afterHours: 48 }] });
  const batch = await sending.accept(program, [invitee('remind@two.example')]);
  await sending.sendDue();
  sending.clock.advance(47 * HOUR_MS);
  await sending.sendDue();
  expect(sending.mailTo('remind@two.example')).toBe(1);
  sending.clock.advance(HOUR_MS);
  await sending.sendDue();
  expect(sending.mailTo('remind@two.example')).toBe(2);
  sending.clock.advance(15 * 24 * HOUR_MS);
  await sending.sendDue();
  expect(sending.mailTo('remind@two.example')).toBe(2);
  expect(await statesOf(batch.batchId)).toEqual(['expired']);
});
