import type { Tx } from '../../db/client.ts';
import { startRun } from '../../db/write/runs/start-run.ts';
import { storeEvents, type EventFact } from '../../db/write/store-events.ts';
import type { MemberId, ProgramId, RunId } from '../../src/domain/ids.ts';
import { arrangeRuns } from '../support/arrange-runs.ts';
import { openTestSending, type TestSending } from '../support/sending.ts';
import { untilItStands } from '../support/two-at-once.ts';
import { studyBuddyNudgeDefinition } from '../../workflows/study-buddy-nudge/definition.ts';

let sending: TestSending;
let world: ReturnType<typeof arrangeRuns>;
let programId: ProgramId;
let member: MemberId;
let buddy: MemberId;
beforeAll(async () => {
  sending = await openTestSending();
  world = arrangeRuns(sending);
  programId = await world.makeProgram();
  [member, buddy] = [await world.makeMember('ana@starts.example'), await world.makeMember('ben@starts.example')];
});
afterAll(() => sending.close());
// What the test before told lies before the next run.
beforeEach(() => { sending.clock.set(new Date(sending.clock.now() + 600_000).toISOString()); });

const asTenant = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => sending.deps.db.asTenant(sending.tenant.tenantId, work);

async function tell(tx: Tx, memberId: MemberId, eventId: string): Promise<void> {
  const [named] = await tx.sql<{ externalId: string }[]>`select external_id as "externalId" from members where id = ${memberId}`;
  const fact: EventFact = { eventId, type: 'co_practice_started', occurredAt: sending.clock.now(), externalId: named?.externalId ?? '', clickId: null, code: null, properties: {}, detail: null };
  await storeEvents(tx, sending.deps.keyring, { tenantId: sending.tenant.tenantId, facts: [fact], now: sending.clock.now() });
}

const start = (): Promise<RunId> => world.started(programId, member, { input: { examAt: sending.clock.now() + 1, buddy } });

test.each([['the member', () => member], ['whom the start names', () => buddy]])('a fact about %s that is being stored while the run starts reaches it', async (who, of) => {
  let starting: Promise<RunId> | undefined;
  await asTenant(async (tx) => {
    await tell(tx, of(), `stored-meanwhile ${who}`);
    starting = start();
    await untilItStands(sending.database, starting);
  });
  const runId = await starting;
  if (runId === undefined) throw new Error('it was not started');
  expect((await world.facts(runId)).map(({ kind }) => kind)).toEqual(['co_practice_started']);
});

test('a fact that is told while a start is being committed reaches its run', async () => {
  let telling: Promise<void> | undefined;
  const runId = await asTenant(async (tx) => {
    const { tenantId, keyId } = sending.tenant;
    const now = sending.clock.now();
    const made = await startRun(tx, sending.deps.keyring, { tenantId, loop: studyBuddyNudgeDefinition, programId, memberId: member, input: { examAt: now + 1, buddy }, subject: null, actor: keyId, now });
    telling = asTenant((other) => tell(other, buddy, 'told-meanwhile'));
    await untilItStands(sending.database, telling);
    return made.outcome === 'started' ? made.runId : null;
  });
  await telling;
  if (runId === null) throw new Error('it was not started');
  expect((await world.facts(runId)).map(({ kind }) => kind)).toEqual(['co_practice_started']);
});

const practised = (ids: readonly string[]): Promise<unknown> => asTenant(async (tx) => {
  const [named] = await tx.sql<{ externalId: string }[]>`select external_id as "externalId" from members where id = ${member}`;
  return storeEvents(tx, sending.deps.keyring, {
    tenantId: sending.tenant.tenantId, now: sending.clock.now(),
    facts: ids.map((eventId) => ({ eventId, type: 'practice_completed', occurredAt: sending.clock.now(), externalId: named?.externalId ?? '', clickId: null, code: null, properties: {}, detail: null })),
  });
});

test('an id that an app made of an address comes into no history; told twice it is one fact', async () => {
  const runId = await start();
  for (let i = 0; i < 2; i += 1) await practised([`practised by Ana <ana@starts.example> ${runId}`]);
  await practised([`plain-${runId}`]);
  const told = await sending.database.superuser<{ id: string }[]>`select payload ->> 'id' as id from outbox where lane = ${runId} and kind = 'tell_run' order by outbox.id`;
  expect(told.map(({ id }) => id)).toEqual([expect.stringMatching(/^sha256:[0-9a-f]{64}$/), `plain-${runId}`]);
});

test('a flood of facts of one kind fills no run\'s history: the first five hundred of a person are told, and another\'s are still heard', async () => {
  const runId = await start();
  for (const part of [0, 1, 2]) await practised(Array.from({ length: 300 }, (_, n) => `flood-${String(part)}-${String(n)}-${runId}`));
  await asTenant((tx) => tell(tx, buddy, `after-the-flood-${runId}`));
  const kinds = (await world.facts(runId)).map(({ kind }) => kind);
  expect([kinds.filter((kind) => kind === 'member_practised').length, kinds.includes('co_practice_started')]).toEqual([500, true]);
});
