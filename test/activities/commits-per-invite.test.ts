import { openDatabase, type Database } from '../../db/client.ts';
import { acceptInvites } from '../../db/write/accept-invites.ts';
import { listenToLanes } from '../../activities/lanes/lane-listener.ts';
import type { ProgramId } from '../../src/domain/ids.ts';
import type { HandOff, Transport } from '../../src/providers/transport.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

const SIZE = 1000;
const MOST_PER_INVITE = 0.05;
jest.setTimeout(120_000);

let sending: TestSending;
let programId: ProgramId;
beforeAll(async () => {
  sending = await openTestSending({ transport: noOpTransport() });
  programId = await sending.makeProgram({ sendRules: { layers: [] }, reminders: [] });
});
afterAll(() => sending.close());

function noOpTransport(): Transport {
  return {
    channel: 'email',
    provider: 'no-op',
    wireLimit: 100,
    send: ({ messageId }) => Promise.resolve({ outcome: 'handed_off', providerMessageId: messageId, receipt: '250 taken' } satisfies HandOff),
    verify: () => Promise.resolve({ ok: true }),
    close: () => Promise.resolve(),
  };
}

let people = 0;

/** Requests one after another, each delivered before the next comes, on connections of their own. */
async function acceptAndDeliver(requests: number): Promise<void> {
  const db = openDatabase({ url: sending.database.ownerUrl, role: 'flywheel_app', name: 'test counted' });
  const listener = await listenToLanes(db);
  for (let request = 0; request < requests; request += 1) {
    const invitees = Array.from({ length: SIZE }, () => {
      people += 1;
      return invitee(`p${String(people)}@counted.example`);
    });
    await accept(db, invitees);
    while ((await sending.sendDue({ db, listener })).nextInMs === 0);
  }
  await listener.close();
  await db.close();
}

async function accept(db: Database, invitees: Parameters<typeof acceptInvites>[2]['invitees']): Promise<void> {
  const { tenantId } = sending.tenant;
  const batch = await db.asTenant(tenantId, (tx) => acceptInvites(tx, sending.deps.keyring, { tenantId, programId, inviter: null, invitees, now: sending.clock.now(), actor: 'test' }));
  if (batch.outcome !== 'accepted' || batch.decisions.some(({ outcome }) => outcome !== 'accepted')) throw new Error('not all were accepted');
}

/** Commits of this test's database. A connection tells them at its end: those of the counted pools are over. */
async function commitsSoFar(): Promise<number> {
  for (;;) {
    const [row] = await sending.database.superuser<{ commits: number; open: number }[]>`
      select xact_commit as commits, (select count(*)::int from pg_stat_activity where datname = current_database() and application_name = 'test counted') as open
      from pg_stat_database where datname = current_database()`;
    if (row?.open === 0) return row.commits;
  }
}

test('ten requests of a thousand, accepted and delivered one after another, take at most 0.05 commits an invite', async () => {
  await acceptAndDeliver(2);
  const before = await commitsSoFar();
  await acceptAndDeliver(10);
  const commits = await commitsSoFar() - before;
  const [row] = await sending.database.superuser<{ sent: number }[]>`select count(*)::int as sent from messages where state = 'handed_off'`;
  expect(row?.sent).toBe(12 * SIZE);
  // No constraint says so: it would be looked at for each message.
  expect(await sending.database.superuser`select 1 from messages m where not exists (select 1 from attempts a where a.id = m.attempt_id and a.tenant_id = m.tenant_id)`).toEqual([]);
  // Fewer than one for each group of a hundred would mean that they are not counted.
  expect(commits).toBeGreaterThan(100);
  expect(commits / (10 * SIZE)).toBeLessThanOrEqual(MOST_PER_INVITE);
});
