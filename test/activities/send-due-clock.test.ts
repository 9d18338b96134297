import { pino } from 'pino';
import { senderDetails } from '../../workflows/system/sender/details.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';
import { NOON } from '../support/api.ts';

const HOUR_MS = 3_600_000;
let sending: TestSending;

beforeAll(async () => { sending = await openTestSending(); });
beforeEach(async () => {
  sending.clock.set(NOON);
  await sending.database.superuser`update batch_lanes set next_due_at = null`; // the test before is over and done with
});
afterAll(() => sending.close());

/** A worker whose machine is so far ahead of the database, and what it logged. */
function worker(): { skew: { ms: number }; logged: Record<string, unknown>[]; turn: TestSending['sendDue'] } {
  const skew = { ms: 0 };
  const logged: Record<string, unknown>[] = [];
  const log = pino({ base: null }, { write: (line: string) => { logged.push({ ...parse(line) }); } });
  const clock = { ...sending.clock, skewMs: () => skew.ms };
  return { skew, logged, turn: () => sending.sendDue({ clock, log }) };
}

function parse(line: string): object {
  const read: unknown = JSON.parse(line);
  return typeof read === 'object' && read !== null ? read : {};
}

async function open(address: string): Promise<{ attempts: number; epoch: number }> {
  const { superuser } = sending.database;
  const [row] = await superuser<{ attempts: number; epoch: number }[]>`
    select (select count(*)::int from attempts) as attempts, coalesce((select max(epoch)::int from lanes), 0) as epoch`;
  expect(sending.mailTo(address)).toBe(0);
  return row ?? { attempts: 0, epoch: 0 };
}

test.each([['ahead', 2 * HOUR_MS, '14:00:00'], ['behind', -61_000, '11:58:59']])('with the clock of the worker %s nothing is claimed, the report says why with both times, and it goes on by itself', async (where, ms, shows) => {
  const address = `skew-${where}@clock.example`;
  const { skew, logged, turn } = worker();
  await sending.accept(await sending.makeProgram(), [invitee(address)]);
  const before = await open(address);
  skew.ms = ms;
  const report = await turn();
  await turn();
  expect(report).toMatchObject({ handedOff: 0, nextInMs: 30_000, openBatches: 1, heldBatches: 1 });
  expect(report.heldBy).toBe(`the clocks disagree (clock_skew): this worker's shows 2026-06-10T${shows}Z, the database's 2026-06-10T12:00:00Z`);
  expect(senderDetails({ tenantId: sending.tenant.tenantId, lane: 'email-0', channel: 'email' }, report)).toContain('Held: 1 batches, because the clocks disagree (clock_skew)');
  expect(await open(address)).toEqual(before);
  skew.ms = 0;
  expect(await turn()).toMatchObject({ handedOff: 1, heldBy: null });
  expect(sending.mailTo(address)).toBe(1);
  expect(logged.map(({ msg }) => String(msg).slice(0, 22))).toEqual(['clock_skew: this machi', 'the clocks agree again']);
});

test('a minute and less is late, not wrong: it holds nothing', async () => {
  const { skew, turn } = worker();
  await sending.accept(await sending.makeProgram(), [invitee('late@clock.example')]);
  skew.ms = 60_000;
  expect(await turn()).toMatchObject({ handedOff: 1, heldBatches: 0, heldBy: null });
});

test('clocks that part in the middle of a turn end it before the next claim', async () => {
  const { skew, turn } = worker();
  await sending.accept(await sending.makeProgram(), Array.from({ length: 60 }, (_, i) => invitee(`mid${String(i)}@clock.example`)));
  sending.sink.setFault(() => { skew.ms = 2 * HOUR_MS; return undefined; });
  const report = await turn();
  sending.sink.setFault(undefined);
  const left = sending.sink.deliveries().filter(({ to }) => to.some((one) => one.startsWith('mid'))).length;
  expect(left).toBe(report.handedOff);
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(2 * 2 * 4);
  expect(report.heldBy).toContain('clock_skew');
  skew.ms = 0;
  while ((await turn()).nextInMs === 0);
  expect(sending.sink.deliveries().filter(({ to }) => to.some((one) => one.startsWith('mid')))).toHaveLength(60);
});

test('where nothing waits, clocks apart wake nobody', async () => {
  const { skew, turn } = worker();
  skew.ms = 2 * HOUR_MS;
  expect(await turn()).toMatchObject({ nextInMs: null, openBatches: 0, heldBatches: 0 });
});
