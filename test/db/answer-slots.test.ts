import { answerSpan, ANSWERED_WITHIN_MS, readAnswers } from '../../db/read/answer-slots.ts';
import { recordDecision } from '../../db/write/decide.ts';
import { newId } from '../../src/config/new-id.ts';
import type { BatchId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import { slotCounter } from '../../src/domain/send-time/local-slots.ts';
import { makeTestTenant } from '../support/api.ts';
import { arrangeAnswers, codeOf, insertClick, insertMessage } from '../support/arrange-answers.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

const NOW = Date.parse('2026-06-20T12:00:00Z');
/** Tuesday 14:00 in Berlin. */
const SENT = Date.parse('2026-06-16T12:00:00Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
let database: TestDatabase;
let tenantId: TenantId;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  ({ tenantId } = await makeTestTenant(database, NOW));
});

async function makeProgram(of: TenantId = tenantId): Promise<ProgramId> {
  const programId = newId('prg', NOW);
  await database.superuser`insert into programs (id, tenant_id, loop, title, created_at, updated_at) values (${programId}, ${of}, 'invite', 'Test', ${NOW}, ${NOW})`;
  await database.superuser`insert into program_versions (program_id, version, tenant_id, title, terms, created_at) values (${programId}, 1, ${of}, 'Test', '{}', ${NOW})`;
  return programId;
}

async function read(of: TenantId = tenantId) {
  const counter = slotCounter<ProgramId>('UTC');
  let pages = 0;
  for (let after: BatchId | null = null, more = true; more; pages += 1) {
    const page: Awaited<ReturnType<typeof readAnswers>> = await database.app.asTenant(of, (tx) => readAnswers(tx, { tenantId: of, span: answerSpan(NOW), after }));
    counter.add(page.counts);
    after = page.next;
    more = after !== null;
  }
  return { counter, pages };
}
const slots = async (programId?: ProgramId) => (await read()).counter.slots(programId);
const tuesday = (sent: number, answered: number, batches = 1) => ({ weekday: 2, hour: 14, sent, answered, batches });

test('messages and answers count in the hour of the recipient, by program', async () => {
  const [one, two] = [await makeProgram(), await makeProgram()];
  await arrangeAnswers(database, tenantId, one, { sentAt: SENT, sent: 5, clicked: 2 });
  await arrangeAnswers(database, tenantId, two, { sentAt: SENT + 20 * 60_000, sent: 3, clicked: 1 });
  await arrangeAnswers(database, tenantId, two, { sentAt: SENT, sent: 1, zones: ['America/New_York'] });
  await arrangeAnswers(database, tenantId, two, { sentAt: SENT, sent: 1, zones: ['America/New_York', 'America/Chicago'] });
  expect(await slots(one)).toEqual([tuesday(5, 2)]);
  expect(await slots(two)).toEqual([{ weekday: 2, hour: 8, sent: 1, answered: 0, batches: 1 }, tuesday(3, 1)]);
  expect(await slots()).toEqual([{ weekday: 2, hour: 8, sent: 1, answered: 0, batches: 1 }, tuesday(8, 3, 2)]);
});

test('a member\'s own zone counts before the contact\'s', async () => {
  const batchId = await arrangeAnswers(database, tenantId, await makeProgram(), { sentAt: SENT, sent: 1 });
  await database.superuser`
    insert into members (id, tenant_id, external_id, contact_id, zone, zone_source, created_at, updated_at)
    select ${newId('mbr', NOW)}, ${tenantId}, 'u1', contact_id, 'Asia/Tokyo', 'explicit', ${NOW}, ${NOW} from invites where batch_id = ${batchId}`;
  expect(await slots()).toEqual([{ weekday: 2, hour: 21, sent: 1, answered: 0, batches: 1 }]);
});

test('only a person\'s first click within a day counts', async () => {
  const batchId = await arrangeAnswers(database, tenantId, await makeProgram(), { sentAt: SENT, sent: 4 });
  const click = async (n: number, at: number, whyNot: 'bot' | null = null) => insertClick(database.superuser, tenantId, await codeOf(database, batchId, n), at, whyNot);
  await click(0, SENT + ANSWERED_WITHIN_MS - 1);
  await click(0, SENT + HOUR_MS);
  await click(1, SENT + ANSWERED_WITHIN_MS);
  await click(2, SENT + HOUR_MS, 'bot');
  expect(await slots()).toEqual([tuesday(4, 1)]);
});

test('who joined has answered, with or without a click', async () => {
  const batchId = await arrangeAnswers(database, tenantId, await makeProgram(), { sentAt: SENT, sent: 3, clicked: 1 });
  const joined = (ns: number[], now: number) => database.app.asTenant(tenantId, (tx) => recordDecision(tx, { tenantId, subjectId: batchId, ns, kind: 'joined', rule: 'x', inputs: {}, actor: 'test', now }));
  await joined([0, 1], SENT + 2 * HOUR_MS);
  await joined([2], SENT + 2 * DAY_MS);
  expect(await slots()).toEqual([tuesday(3, 2)]);
});

test('an answer belongs to the last message before it, and what left after it had no chance', async () => {
  const batchId = await arrangeAnswers(database, tenantId, await makeProgram(), { sentAt: SENT, sent: 2 });
  for (const n of [0, 1]) await insertMessage(database, tenantId, { batchId, n, step: 1, recordedAt: SENT + 3 * HOUR_MS });
  await insertClick(database.superuser, tenantId, await codeOf(database, batchId, 0), SENT + 4 * HOUR_MS);
  await insertClick(database.superuser, tenantId, await codeOf(database, batchId, 1), SENT + HOUR_MS);
  expect(await slots()).toEqual([tuesday(2, 1), { weekday: 2, hour: 17, sent: 1, answered: 1, batches: 1 }]);
});

test('what bounced, is unknown, is too young or is older than the span is not counted', async () => {
  const programId = await makeProgram();
  await arrangeAnswers(database, tenantId, programId, { sentAt: NOW - ANSWERED_WITHIN_MS + 1, sent: 1 });
  await arrangeAnswers(database, tenantId, programId, { sentAt: NOW - 91 * DAY_MS, sent: 1 });
  const batchId = await arrangeAnswers(database, tenantId, programId, { sentAt: SENT, sent: 1, acceptedAt: SENT - DAY_MS });
  await database.superuser`update messages set bounced_at = ${NOW} where batch_id = ${batchId}`;
  await insertMessage(database, tenantId, { batchId, n: 0, step: 1, state: 'unknown', recordedAt: SENT });
  expect(await slots()).toEqual([]);
});

test('a tenant counts its own messages only', async () => {
  const stranger = await makeTestTenant(database, NOW, { name: 'Stranger' });
  await arrangeAnswers(database, stranger.tenantId, await makeProgram(stranger.tenantId), { sentAt: SENT, sent: 4, clicked: 4 });
  expect(await slots()).toEqual([]);
  expect((await read(stranger.tenantId)).counter.slots()).toEqual([tuesday(4, 4)]);
});

test('more requests than a page holds are all counted, each once', async () => {
  const programId = await makeProgram();
  const contactId = newId('cnt', NOW);
  await database.superuser`insert into contacts (id, tenant_id, zones, created_at) values (${contactId}, ${tenantId}, '{Europe/Berlin}', ${NOW})`;
  await database.superuser`insert into attempts (tenant_id, lane, epoch, batch_ids, ns, claimed_at) values (${tenantId}, 'email-0', 1, '{}', '{}', ${SENT})`;
  const ids = Array.from({ length: 1_001 }, (_, n) => newId('bat', SENT - n));
  await database.superuser`
    insert into invite_batches (id, tenant_id, program_id, program_version, invite_count, expires_at, created_at)
    select id, ${tenantId}, ${programId}, 1, 1, ${NOW}, ${SENT} from unnest(${ids}::text[]) as id`;
  await database.superuser`insert into invites (batch_id, n, tenant_id, contact_id, state) select id, 0, ${tenantId}, ${contactId}, 'handed_off' from unnest(${ids}::text[]) as id`;
  await database.superuser`
    insert into messages (batch_id, n, step, channel, tenant_id, attempt_id, state, recorded_at)
    select id, 0, 0, 'email', ${tenantId}, (select max(a.id) from attempts a), 'handed_off', ${SENT} from unnest(${ids}::text[]) as id`;
  const { counter, pages } = await read();
  expect(pages).toBe(3);
  expect(counter.slots()).toEqual([tuesday(1_001, 0, 1_001)]);
});

test('nothing older than the span is read: the requests come from the tenant\'s index, everything else by their ids', async () => {
  await database.superuser`analyze`;
  const plan = await database.app.asTenant(tenantId, async ({ sql }) => {
    await sql`set local enable_seqscan = off`;
    return sql<{ 'QUERY PLAN': string }[]>`explain select id from invite_batches where tenant_id = ${tenantId} and id > ${newId('bat', NOW - 90 * DAY_MS)} and id < ${newId('bat', NOW)} order by id limit 500`;
  });
  expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index.* on invite_batches[\s\S]*Index Cond: .*id > /);
});
