import { randomBytes } from 'node:crypto';
import { newId } from '../../src/config/new-id.ts';
import type { BatchId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { TestDatabase } from './database.ts';

/** Messages of one request as the sender left them: one invite each, to recipients in `zones`, handed off at `sentAt`. */
export type ArrangedAnswers = { sentAt: number; sent: number; zones?: readonly string[]; /** The first so many were answered by a click, an hour later. */ clicked?: number; acceptedAt?: number };

/** Puts a request's hand-offs and clicks into the tables as they are: for what counts them. */
export async function arrangeAnswers(database: TestDatabase, tenantId: TenantId, programId: ProgramId, told: ArrangedAnswers): Promise<BatchId> {
  const { sentAt, sent, zones = ['Europe/Berlin'], clicked = 0, acceptedAt = sentAt } = told;
  const [batchId, contactId] = [newId('bat', acceptedAt), newId('cnt', acceptedAt)];
  const code = (n: number): string => `${batchId.slice(-14)}${String(n).padStart(4, '0')}`;
  const places = Array.from({ length: sent }, (_, n) => n);
  await database.superuser.begin(async (sql) => {
    const [attempt] = await sql<{ id: number }[]>`
      insert into attempts (tenant_id, lane, epoch, batch_ids, ns, claimed_at) values (${tenantId}, 'email-0', 1, '{}', '{}', ${sentAt}) returning id`;
    await sql`
      insert into contacts (id, tenant_id, email_hash, email_sealed, zones, created_at)
      values (${contactId}, ${tenantId}, ${randomBytes(16)}, ${randomBytes(8)}, ${[...zones]}::text[], ${acceptedAt})`;
    await sql`
      insert into invite_batches (id, tenant_id, program_id, program_version, invite_count, expires_at, created_at)
      values (${batchId}, ${tenantId}, ${programId}, 1, ${sent}, ${sentAt + 14 * 86_400_000}, ${acceptedAt})`;
    await sql`
      insert into invites (batch_id, n, tenant_id, recipient_hash, contact_id, state, due_at)
      select ${batchId}, n, ${tenantId}, ${randomBytes(16)}, ${contactId}, 'handed_off', ${sentAt + 14 * 86_400_000} from unnest(${places}::smallint[]) as n`;
    await sql`
      insert into messages (batch_id, n, step, channel, tenant_id, attempt_id, state, recorded_at)
      select ${batchId}, n, 0, 'email', ${tenantId}, ${attempt?.id ?? 0}, 'handed_off', ${sentAt} from unnest(${places}::smallint[]) as n`;
    await sql`
      insert into links (code, tenant_id, kind, batch_id, n, destination, created_at)
      select c, ${tenantId}, 'invite', ${batchId}, n, 'https://app.kite.example/', ${sentAt} from unnest(${places}::smallint[], ${places.map(code)}::text[]) as l (n, c)`;
    for (const n of places.slice(0, clicked)) await insertClick(sql, tenantId, code(n), sentAt + 3_600_000);
  });
  return batchId;
}

type Writing = Pick<TestDatabase, 'superuser'>['superuser'] | Parameters<Parameters<TestDatabase['superuser']['begin']>[1]>[0];

/** One click on a link; `whyNot`: it was no person's. */
export async function insertClick(sql: Writing, tenantId: TenantId, code: string, at: number, whyNot: 'bot' | null = null): Promise<void> {
  await sql`
    insert into touches (id, tenant_id, code, kind, counted, why_not, agent_class, at, recorded_at)
    values (${newId('tch', at)}, ${tenantId}, ${code}, 'click', ${whyNot === null}, ${whyNot}, 'ios-safari', ${at}, ${at})`;
}

/** The code of an arranged invite's link. */
export async function codeOf(database: TestDatabase, batchId: BatchId, n: number): Promise<string> {
  const [row] = await database.superuser<{ code: string }[]>`select code from links where batch_id = ${batchId} and n = ${n}`;
  if (row === undefined) throw new Error('an invite without a link');
  return row.code;
}

/** A further message of an arranged invite. */
export async function insertMessage(database: TestDatabase, tenantId: TenantId, of: { batchId: BatchId; n: number; step: number; state?: 'handed_off' | 'unknown'; recordedAt: number; bouncedAt?: number }): Promise<void> {
  await database.superuser`
    insert into messages (batch_id, n, step, channel, tenant_id, attempt_id, state, recorded_at, bounced_at)
    select ${of.batchId}, ${of.n}, ${of.step}, 'email', ${tenantId}, max(id), ${of.state ?? 'handed_off'}, ${of.recordedAt}, ${of.bouncedAt ?? null} from attempts`;
}

/** Weeks of hand-offs up to `endsAt`: each day from 8 to 21 in UTC a request of ten an hour, of which so many were clicked. */
export async function arrangeWeeks(database: TestDatabase, tenantId: TenantId, programId: ProgramId, told: { weeks: number; endsAt: number; clicked(weekday: number, hour: number): number }): Promise<void> {
  const hours = Array.from({ length: told.weeks * 168 }, (_, back) => Math.floor(told.endsAt / 3_600_000) * 3_600_000 - (back + 1) * 3_600_000)
    .filter((at) => new Date(at).getUTCHours() >= 8 && new Date(at).getUTCHours() < 21);
  const batches = hours.map((at) => ({ at, id: newId('bat', at), clicked: told.clicked(new Date(at).getUTCDay() || 7, new Date(at).getUTCHours()) }));
  const contactId = newId('cnt', told.endsAt);
  const rows = batches.flatMap(({ at, id, clicked }) => Array.from({ length: 10 }, (_, n) => ({ at, id, n, code: `${id.slice(-17)}${String(n)}`, clicked: n < clicked })));
  const clicks = rows.filter((row) => row.clicked);
  await database.superuser.begin(async (sql) => {
    await sql`insert into contacts (id, tenant_id, zones, created_at) values (${contactId}, ${tenantId}, '{UTC}', ${told.endsAt})`;
    await sql`insert into attempts (tenant_id, lane, epoch, batch_ids, ns, claimed_at) values (${tenantId}, 'email-0', 1, '{}', '{}', ${told.endsAt})`;
    await sql`
      insert into invite_batches (id, tenant_id, program_id, program_version, invite_count, expires_at, created_at)
      select id, ${tenantId}, ${programId}, 1, 10, at + interval '14 days', at from unnest(${batches.map(({ id }) => id)}::text[], ${batches.map(({ at }) => at)}::timestamptz[]) as b (id, at)`;
    const [ids, ns, ats] = [rows.map(({ id }) => id), rows.map(({ n }) => n), rows.map(({ at }) => at)];
    await sql`insert into invites (batch_id, n, tenant_id, contact_id, state) select id, n, ${tenantId}, ${contactId}, 'handed_off' from unnest(${ids}::text[], ${ns}::smallint[]) as i (id, n)`;
    await sql`
      insert into messages (batch_id, n, step, channel, tenant_id, attempt_id, state, recorded_at)
      select id, n, 0, 'email', ${tenantId}, (select max(a.id) from attempts a), 'handed_off', at from unnest(${ids}::text[], ${ns}::smallint[], ${ats}::timestamptz[]) as m (id, n, at)`;
    await sql`
      insert into links (code, tenant_id, kind, batch_id, n, destination, created_at)
      select code, ${tenantId}, 'invite', id, n, 'https://app.kite.example/', at from unnest(${rows.map(({ code }) => code)}::text[], ${ids}::text[], ${ns}::smallint[], ${ats}::timestamptz[]) as l (code, id, n, at)`;
    await sql`
      insert into touches (id, tenant_id, code, kind, counted, agent_class, at, recorded_at)
      select id, ${tenantId}, code, 'click', true, 'ios-safari', at, at
      from unnest(${clicks.map(({ at }) => newId('tch', at))}::text[], ${clicks.map(({ code }) => code)}::text[], ${clicks.map(({ at }) => at + 600_000)}::timestamptz[]) as t (id, code, at)`;
  });
}
