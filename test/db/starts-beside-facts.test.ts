import { startRuns } from '../../db/write/runs/start-run.ts';
import { storeEvents } from '../../db/write/store-events.ts';
import type { Tx } from '../../db/client.ts';
import type { MemberId, ProgramId } from '../../src/domain/ids.ts';
import { studyBuddyNudgeDefinition } from '../../workflows/study-buddy-nudge/definition.ts';
import { useRuns } from '../support/use-runs.ts';

/** Groups of starts beside groups of facts, about the same members. */
const runs = useRuns(studyBuddyNudgeDefinition);
let programId: ProgramId;
let people: MemberId[];
beforeAll(async () => {
  programId = await runs.world.makeProgram();
  people = [];
  for (const who of ['ana', 'ben', 'cleo']) people.push(await runs.world.makeMember(`${who}@rings.example`));
});

const idOf = async (memberId: MemberId): Promise<string> => (await runs.sending.database.superuser<{ id: string }[]>`select external_id as id from members where id = ${memberId}`)[0]?.id ?? '';

async function waiting(count: number): Promise<void> {
  for (;;) {
    const rows = await runs.sending.database.superuser`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    if (rows.length >= count) return;
  }
}

test('starts and facts of the same members, in whatever order these were told, wait for each other in no ring', async () => {
  const { tenant: { tenantId, keyId }, deps: { keyring }, clock, database } = runs.sending;
  const now = clock.now();
  const [first] = people;
  const names = await Promise.all(people.map(idOf));
  const tried = { starts: 0, facts: 0 };
  const startAll = async (tx: Tx) => {
    tried.starts += 1;
    return startRuns(tx, keyring, { tenantId, now, runs: people.map((memberId) => ({ loop: studyBuddyNudgeDefinition, programId, memberId, input: { examAt: now + 3_600_000 }, subject: 'ring', actor: keyId })) });
  };
  // The last member's fact has the first id.
  const tellAll = async (tx: Tx) => {
    tried.facts += 1;
    return storeEvents(tx, keyring, { tenantId, now, facts: names.toReversed().map((externalId, n) => ({ eventId: `ring-${String(n)}`, type: 'practised_alone', occurredAt: now, externalId, clickId: null, code: null, properties: {}, detail: null })) });
  };
  let working: Promise<unknown> = Promise.resolve();
  await database.app.asTenant(tenantId, async (tx) => {
    await tx.sql`select 1 from members where id = ${first ?? ''} for update`;
    const starting = runs.asTenant(tenantId, startAll);
    await waiting(1);
    const telling = runs.asTenant(tenantId, tellAll);
    await waiting(2);
    working = Promise.all([starting, telling]);
  });
  await working;
  expect(tried).toEqual({ starts: 1, facts: 1 });
});
