import { pino } from 'pino';
import { z } from 'zod';
import { shareFairly } from '../../activities/messages/share-fairly.ts';
import { resetBreaker } from '../../db/write/breaker.ts';
import { deferred } from '../../src/dev/deferred.ts';
import type { BatchId } from '../../src/domain/ids.ts';
import { FIRST_PAUSE_MS } from '../../src/domain/sending/breaker.ts';
import type { HandOff, OutgoingMessage } from '../../src/providers/transport.ts';
import { senderDetails } from '../../workflows/system/sender/details.ts';
import { NOON } from '../support/api.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

/** A mail server that is down holds everything that leaves by it: one message at a time tries, and no message pays for it. */
const ANY_TIME = { sendRules: { layers: [] }, reminders: [] };
const MAIL = 'email:mail.example';
const taken: HandOff = { outcome: 'handed_off', providerMessageId: 'x', receipt: '250 ok' };
const down: HandOff = { outcome: 'retry', reason: 'cannot_connect', retryAfterMs: 0, detail: 'ECONNREFUSED' };
const line = z.looseObject({ level: z.number(), msg: z.string() });
const logged: z.output<typeof line>[] = [];
const log = pino({ level: 'info' }, { write: (text: string) => { logged.push(line.parse(JSON.parse(text))); } });

let sending: TestSending;
let answer: (message: OutgoingMessage) => HandOff | Promise<HandOff> = () => taken;
let tried = 0;
let [onWire, mostOnWire] = [0, 0];

beforeAll(async () => {
  sending = await openTestSending({
    transport: {
      channel: 'email', provider: MAIL, wireLimit: 10,
      async send(message) {
        tried += 1;
        onWire += 1;
        mostOnWire = Math.max(mostOnWire, onWire);
        try {
          return await answer(message);
        } finally {
          onWire -= 1;
        }
      },
      verify: () => Promise.resolve({ ok: true }),
      close: () => Promise.resolve(),
    },
  });
});
beforeEach(async () => {
  sending.clock.set(NOON);
  answer = () => taken;
  [tried, onWire, mostOnWire] = [0, 0, 0];
  logged.length = 0;
  await sending.database.superuser`delete from breakers`;
  await sending.database.superuser`update batch_lanes set next_due_at = null`;
});
afterAll(() => sending.close());

/** A worker process of its own: what it knows, it has read or found out itself. */
function worker(): () => ReturnType<TestSending['sendDue']> {
  const { db, clock, keyring, transports, hasFreeSlots } = sending.deps;
  const sharing = shareFairly({ db, clock, keyring, log, transports, hasFreeSlots, slots: 50, chance: () => 0.5 });
  return () => sending.sendDue({ ...sharing, log });
}

async function accept(name: string, count: number): Promise<BatchId> {
  const { batchId } = await sending.accept(await sending.makeProgram(ANY_TIME), Array.from({ length: count }, (_, i) => invitee(`${name}${String(i)}@breaker.example`)));
  return batchId;
}

async function rowsOf(batchId: BatchId): Promise<{ waiting: number; handedOff: number; tries: number }> {
  const [row] = await sending.database.superuser<{ waiting: number; handedOff: number; tries: number }[]>`
    select count(*) filter (where state = 'waiting')::int as waiting, count(*) filter (where state = 'handed_off')::int as "handedOff", sum(tries)::int as tries
    from invites where batch_id = ${batchId}`;
  return row ?? { waiting: 0, handedOff: 0, tries: 0 };
}

const warnings = (): string[] => logged.filter(({ msg }) => msg.includes('breaker')).map(({ level, msg }) => `${level === 40 ? 'warn' : String(level)} ${msg.slice(0, 20)}`);

test('a server that is down is not given the whole queue: it opens, says so once, and what waits burns no try', async () => {
  const [first, second] = [worker(), worker()];
  const batchId = await accept('down', 200);
  answer = () => down;
  const report = await first();
  // What two groups had claimed: before a third is claimed, the failures of the first have been told.
  expect(tried).toBeLessThanOrEqual(40);
  expect(report).toMatchObject({ handedOff: 0, openBatches: 1, heldBatches: 1, nextInMs: FIRST_PAUSE_MS });
  expect(report.heldBy).toBe('breaker: mail server mail.example fails (cannot_connect); it is tried again at 2026-06-10T12:00:02Z');
  expect(senderDetails({ tenantId: sending.tenant.tenantId, lane: 'email-0', channel: 'email' }, report)).toContain('because breaker: mail server');
  const before = tried;
  expect(await second()).toMatchObject({ handedOff: 0, heldBy: report.heldBy });
  expect([tried - before, await rowsOf(batchId)]).toEqual([0, { waiting: 200, handedOff: 0, tries: 0 }]);
  expect(warnings()).toEqual(['warn a breaker has opened']);
});

test('when the pause is over exactly one message tries, of all workers; it fails, and the next pause is longer', async () => {
  const workers = [worker(), worker(), worker()];
  const batchId = await accept('half', 100);
  answer = () => down;
  await workers[0]?.();
  sending.clock.advance(FIRST_PAUSE_MS);
  [tried, mostOnWire] = [0, 0];
  const report = await workers[1]?.();
  expect([tried, mostOnWire]).toEqual([1, 1]);
  expect(report).toMatchObject({ handedOff: 0, nextInMs: 2 * FIRST_PAUSE_MS });
  await workers[2]?.();
  await workers[0]?.();
  expect([tried, (await rowsOf(batchId)).tries, warnings()]).toEqual([1, 0, ['warn a breaker has opened']]);
});

test('while one tries nobody else does, not another worker either; when it gets through, everything leaves', async () => {
  const [first, second] = [worker(), worker()];
  const batchId = await accept('gets-through', 60);
  answer = () => down;
  await first();
  sending.clock.advance(FIRST_PAUSE_MS);
  const slow = deferred<HandOff>();
  const begun = deferred<void>();
  [tried, mostOnWire] = [0, 0];
  answer = () => {
    begun.resolve();
    return tried === 1 ? slow.promise : taken;
  };
  const trying = first();
  await begun.promise;
  const other = await sending.deps.db.asTenant(sending.tenant.tenantId, ({ sql }) => sql<{ until: number | null }[]>`select probe_until as until from breakers`);
  expect(other[0]?.until).toBeGreaterThan(sending.clock.now());
  const { breaker, asked } = await askOf();
  expect([asked.kind, await breaker.takeTrial(), mostOnWire]).toEqual(['held', null, 1]);
  slow.resolve(taken);
  await trying;
  while ((await second()).nextInMs === 0);
  expect(await rowsOf(batchId)).toEqual({ waiting: 0, handedOff: 60, tries: 0 });
  expect(warnings()).toEqual(['warn a breaker has opened', '30 a breaker has closed']);
});

async function askOf() {
  const { openProviderBreaker } = await import('../../activities/messages/provider-breaker.ts');
  const breaker = openProviderBreaker({ sql: sending.deps.db.sql, clock: sending.clock, log, chance: () => 0.5 }, MAIL);
  return { breaker, asked: await breaker.ask() };
}

test('a trial for which nothing is there to claim leaves the trial to the next', async () => {
  const turn = worker();
  const batchId = await accept('nobody', 6);
  answer = () => down;
  await turn();
  sending.clock.advance(FIRST_PAUSE_MS);
  await sending.database.superuser`update programs p set paused_at = ${NOON} from invite_batches b where b.id = ${batchId} and p.id = b.program_id`;
  tried = 0;
  await turn();
  expect(tried).toBe(0);
  const next = await accept('somebody', 3);
  answer = () => taken;
  await turn();
  expect([await rowsOf(next), await rowsOf(batchId)]).toEqual([{ waiting: 0, handedOff: 3, tries: 0 }, { waiting: 6, handedOff: 0, tries: 0 }]);
});

test('a refused recipient at a trial closes the breaker: the server answers', async () => {
  const turn = worker();
  await accept('refused', 6);
  answer = () => down;
  await turn();
  sending.clock.advance(FIRST_PAUSE_MS);
  answer = () => ({ outcome: 'permanent', reason: 'mailbox_unavailable', suppress: true, detail: '550 5.1.1' });
  expect(await turn()).toMatchObject({ refused: 6, heldBy: null });
});

test('refused and greylisted recipients by the dozen open nothing', async () => {
  const turn = worker();
  await accept('picky', 40);
  answer = ({ to }) => (to.address.charCodeAt(5) % 2 === 0
    ? { outcome: 'permanent', reason: 'recipient_refused', suppress: false, detail: '550' }
    : { outcome: 'retry', reason: 'deferred', retryAfterMs: 300_000, detail: '450' });
  await turn();
  expect([tried, (await sending.database.superuser`select from breakers`).length]).toEqual([40, 0]);
});

test('some messages that fail among many that are answered hold nobody', async () => {
  const turn = worker();
  const batchId = await accept('mixed', 120);
  let count = 0;
  answer = () => ((count += 1) % 5 === 0 ? { ...down, retryAfterMs: 3_600_000 } : taken);
  while ((await turn()).nextInMs === 0);
  expect([tried, (await rowsOf(batchId)).handedOff]).toEqual([120, 96]);
});

test('a reset closes it at once, and what waited leaves', async () => {
  const turn = worker();
  const batchId = await accept('reset', 30);
  answer = () => down;
  expect((await turn()).heldBy).toContain('breaker');
  answer = () => taken;
  await resetBreaker(sending.deps.db.sql, MAIL, sending.clock.now());
  while ((await worker()()).nextInMs === 0);
  expect((await rowsOf(batchId)).handedOff).toBe(30);
});
