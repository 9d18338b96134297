import { claimGroup } from '../../db/write/claim-group.ts';
import { raiseEpoch } from '../../db/write/raise-epoch.ts';
import { lateLanes } from '../../db/read/late-lanes.ts';
import { addSuppression } from '../../db/write/add-suppression.ts';
import { ENV_NAMES } from '../../src/config/env.ts';
import { NOON } from '../support/api.ts';
import { arrangeMessage } from '../support/arrange-messages.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';
import { blocksOf, lineProblem, linesOf, missingFiles, readPage, unknownRoutes, unknownServices, unknownVariables, unwrittenLogLines } from './support/guide-text.ts';

const GUIDE = readPage('operating.md');
const PAGES = [['docs/operating.md', GUIDE], ['docs/security.md', readPage('security.md')]] as const;
const HOUR_MS = 3_600_000;

describe.each(PAGES)('%s', (_name, page) => {
  test('each line of the command line is one that there is, with options that there are', () => {
    expect(linesOf(page).map(lineProblem).filter((problem) => problem !== null)).toEqual([]);
  });

  test('each route, variable, file, service and line of the log that it names exists', () => {
    expect({
      routes: unknownRoutes(page), variables: unknownVariables(page), files: missingFiles(page), services: unknownServices(page), log: unwrittenLogLines(page),
    }).toEqual({ routes: [], variables: [], files: [], services: [], log: [] });
  });
});

test('the operating guide names every variable that the product reads', () => {
  expect(linesOf(GUIDE).length).toBeGreaterThan(25);
  expect(ENV_NAMES.filter((name) => !GUIDE.includes(`\`${name}\``))).toEqual([]);
});

test.each([
  ['a command that does not exist', () => lineProblem('npx flywheel tenant stop tnt_01kx7m3p9q2r4s5t6v7w8x9y0z')],
  ['an option that does not exist', () => lineProblem('npx flywheel held --why unknown')],
  ['a route that does not exist', () => unknownRoutes('`POST /v1/tenants/pause`')[0]],
  ['a route with another method', () => unknownRoutes('`POST /v1/hard-stops/{channel}`')[0]],
  ['a variable that nothing reads', () => unknownVariables('`FLYWHEEL_SALT`')[0]],
  ['a file that is gone', () => missingFiles('`test/chaos/nothing.test.ts`')[0]],
  ['a service that is not in the compose file', () => unknownServices('docker compose --env-file .env.compose stop api sender')[0]],
  ['a line that no log holds', () => unwrittenLogLines('log: "all is lost"')[0]],
])('the check finds %s', (_what, found) => {
  expect(found()).toEqual(expect.any(String));
});

describe('the SQL of the operating guide', () => {
  let sending: TestSending;
  beforeAll(async () => { sending = await openTestSending(); });
  afterAll(() => sending.close());

  const blocks = blocksOf(GUIDE, 'sql');
  const blockWith = (words: string): string => {
    const found = blocks.find((block) => block.includes(words));
    if (found === undefined) throw new Error(`no block of SQL holds ${words}`);
    return found;
  };
  /** As a person with psql would, signed in as this role. */
  const run = async (as: 'owner' | 'superuser', text: string) => {
    const connection = await sending.database[as].reserve();
    try {
      return await connection.unsafe(text).simple();
    } finally {
      connection.release();
    }
  };

  test('the alerts\' questions can be asked', async () => {
    expect(await run('superuser', blockWith('pg_stat_activity'))).toHaveLength(5);
    expect(GUIDE).toContain('`select accept_retention_time(now())`');
    await run('owner', 'select accept_retention_time(now())');
  });

  test.each(['owner', 'superuser'] as const)('after a restore (as the %s), what may have left before the old workers stopped is unknown and leaves no more; the rest waits', async (as) => {
    const { database, tenant } = sending;
    const lane = { tenantId: tenant.tenantId, lane: 'email-0', channel: 'email' } as const;
    const program = await sending.makeProgram();
    const batch = await sending.accept(program, ['due', 'on the wire', 'reminded', 'later'].map((_, n) => invitee(`gap${String(n)}.${as}@restore.example`)));
    const at = (n: number) => ({ batchId: batch.batchId, n });
    await arrangeMessage(database, tenant.tenantId, at(1), 'claimed', NOON);
    await arrangeMessage(database, tenant.tenantId, at(2), 'handed_off', NOON);
    await database.superuser`update attempts set closed_at = ${NOON} where batch_ids = ${[batch.batchId]}::text[] and ns = '{2}'`;
    await database.superuser`update invites set due_at = ${NOON + 2 * HOUR_MS} where batch_id = ${batch.batchId} and n = 3`;
    await database.superuser`update invites set due_at = ${NOON} where batch_id = ${batch.batchId} and n = 2`;
    await database.superuser`update tenants set paused_at = ${NOON}`;

    const stoppedAt = new Date(NOON + HOUR_MS).toISOString();
    await run(as, blockWith('stopped_at constant').replace('2026-11-21T10:00:00Z', stoppedAt));

    // Paused or not, the relay sees to the lanes with open claims.
    expect(await lateLanes(database.relay, NOON + 2 * HOUR_MS)).toContainEqual({ tenantId: tenant.tenantId, lane: 'email-0' });
    await database.superuser`update tenants set paused_at = null`;
    sending.clock.set(NOON + HOUR_MS);
    const { epoch, unknown } = await sending.deps.db.asTenant(tenant.tenantId, (tx) => raiseEpoch(tx, lane, sending.clock));
    expect(unknown).toBe(3);
    expect(await sending.deps.db.asTenant(tenant.tenantId, (tx) => claimGroup(tx, lane, epoch, 10, sending.clock.now()))).toEqual({ outcome: 'nothing' });
    const rows = await database.superuser`select n, state, step from invites where batch_id = ${batch.batchId} order by n`;
    expect([...rows]).toEqual([{ n: 0, state: 'unknown', step: null }, { n: 1, state: 'unknown', step: null }, { n: 2, state: 'unknown', step: null }, { n: 3, state: 'waiting', step: 0 }]);
    sending.clock.set(NOON);
  });

  test('after somebody was forgotten, no column holds the sealed address or name, the mailbox stays suppressed, and others keep theirs', async () => {
    const { database, tenant, deps } = sending;
    const program = await sending.makeProgram();
    const batch = await sending.accept(program, [invitee('gone@forget.example', { name: 'Gone' }), invitee('stays@forget.example', { name: 'Stays' })]);
    const [gone] = await database.superuser<{ id: string; hash: Buffer }[]>`
      select c.id, c.email_hash as hash from invites i join contacts c on c.id = i.contact_id where i.batch_id = ${batch.batchId} and i.n = 0`;
    if (gone === undefined) throw new Error('no contact');
    await database.superuser`insert into members (id, tenant_id, external_id, contact_id, birth_year, attributes, created_at, updated_at)
      values ('mbr_gone', ${tenant.tenantId}, 'gone', ${gone.id}, 1990, '{"city":"Hamburg"}', ${NOON}, ${NOON})`;
    const { id } = await deps.db.asTenant(tenant.tenantId, (tx) => addSuppression(tx, { tenantId: tenant.tenantId, recipientHash: gone.hash, reason: 'manual', actor: 'test', now: NOON }));

    await run('superuser', blockWith('with person as').replaceAll('sup_01kx7m3p9q2r4s5t6v7w8x9y0z', id));

    const contacts = await database.superuser<{ id: string; kept: boolean }[]>`
      select id, coalesce(email_hash, email_sealed, phone_hash, phone_sealed, name_sealed) is not null or locale is not null or zones <> '{}' or places <> '{}' as kept
      from contacts where id in (select contact_id from invites where batch_id = ${batch.batchId}) order by id = ${gone.id} desc`;
    expect(contacts.map(({ kept }) => kept)).toEqual([false, true]);
    expect([...(await database.superuser`select birth_year, attributes, zone from members where id = 'mbr_gone'`)]).toEqual([{ birth_year: null, attributes: {}, zone: null }]);
    const again = await sending.accept(program, [invitee('gone@forget.example', { name: 'Gone' })]);
    expect(await database.superuser`select state, reason, contact_id from invites where batch_id = ${again.batchId}`).toEqual([{ state: 'refused', reason: 'suppressed', contact_id: null }]);
  });
});
