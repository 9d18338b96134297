import { claimGroup, type ClaimedGroup } from '../../db/write/claim-group.ts';
import { raiseEpoch } from '../../db/write/raise-epoch.ts';
import type { BatchId } from '../../src/domain/ids.ts';
import { NOON } from '../support/api.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

let sending: TestSending;
let lane: Parameters<typeof claimGroup>[1];
let epoch: number;
let batches: BatchId[];
let people = 0;
beforeEach(async () => {
  sending = await openTestSending();
  lane = { tenantId: sending.tenant.tenantId, lane: 'email-0', channel: 'email' };
  ({ epoch } = await sending.database.app.asTenant(lane.tenantId, (tx) => raiseEpoch(tx, lane, sending.clock)));
  const programId = await sending.makeProgram({ sendRules: { layers: [] }, reminders: [] });
  batches = [];
  for (let request = 0; request < 3; request += 1) {
    const invitees = Array.from({ length: 2 }, () => invitee(`p${String(people += 1)}@kite.example`));
    batches.push((await sending.accept(programId, invitees)).batchId);
  }
  batches = batches.toSorted();
});
afterEach(() => sending.close());

const claim = (limit: number, looksAt?: number): Promise<ClaimedGroup> => sending.database.app.asTenant(lane.tenantId, (tx) => claimGroup(tx, lane, epoch, limit, NOON, looksAt));
const batchesOf = (group: ClaimedGroup): BatchId[] => (group.outcome === 'claimed' ? [...new Set(group.messages.map((message) => message.batchId))].toSorted() : []);

/** Holds these batches' locks, as whoever claims, records or cancels does, until what comes back is called and awaited. */
async function hold(ids: readonly BatchId[]): Promise<() => Promise<void>> {
  let release = (): void => {};
  let held = (): void => {};
  const isHeld = new Promise<void>((resolve) => { held = resolve; });
  const ended = sending.database.app.asTenant(lane.tenantId, async (tx) => {
    await tx.sql`select 1 from invite_batches where id = any(${ids}::text[]) order by id for no key update`;
    held();
    await new Promise<void>((resolve) => { release = resolve; });
  });
  await isHeld;
  return () => { release(); return ended; };
}

async function somebodyWaits(): Promise<void> {
  for (;;) {
    const rows = await sending.database.superuser`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    if (rows.length > 0) return;
  }
}

test('a claim passes over a batch that somebody else has, and takes of the others without waiting', async () => {
  const [first, ...others] = batches;
  if (first === undefined) throw new Error('no batch');
  const release = await hold([first]);
  expect(batchesOf(await claim(10))).toEqual(others);
  await release();
  expect(batchesOf(await claim(10))).toEqual([first]);
});

test('where others have all that is due it waits: what is locked is not taken for nothing', async () => {
  const release = await hold(batches);
  const claiming = claim(10);
  await somebodyWaits();
  await release();
  expect(batchesOf(await claiming)).toEqual(batches.slice(0, 1));
});

test('it leaves batches to others that it does not need, and looks at twice as many as the last group reached', async () => {
  const full = await claim(2, 1);
  expect(full).toMatchObject({ outcome: 'claimed', batches: 2 });
  expect(batchesOf(full)).toEqual(batches.slice(0, 1));
  // The first batch is exhausted, which the next who looks at it finds.
  const [further, more] = await Promise.all([claim(2, 2), claim(2, 2)]);
  expect([...batchesOf(further), ...batchesOf(more)].toSorted()).toEqual(batches.slice(1));
});

test('a batch that is called due and has nothing left does not end the claiming while another has', async () => {
  await claim(2, 1);
  await sending.database.superuser`update batch_lanes set next_due_at = ${NOON} where batch_id = ${batches[0] ?? ''}`;
  expect(await claim(2, 1)).toMatchObject({ outcome: 'claimed', messages: [] });
  expect(batchesOf(await claim(10))).toEqual(batches.slice(1));
  expect(await claim(10)).toEqual({ outcome: 'nothing' });
});
