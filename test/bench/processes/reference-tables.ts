import type postgres from 'postgres';

/** The tables a delivery writes, as the product has them, but without its row-level security, its foreign keys and its months. */
const TABLES = ['invites', 'attempts', 'messages', 'links'] as const;

export const REFERENCE_SCHEMA = 'reference';

/** Makes the reference's tables anew, empty. */
export async function makeReferenceTables(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`drop schema if exists ${REFERENCE_SCHEMA} cascade; create schema ${REFERENCE_SCHEMA}`);
  for (const table of TABLES) await sql.unsafe(`create table ${REFERENCE_SCHEMA}.${table} (like public.${table} including all)`);
  await sql.unsafe(`alter table ${REFERENCE_SCHEMA}.invites set (fillfactor = 50)`);
}

export type Place = { batchId: string; n: number };

/** Invites that wait, in requests of these sizes, due at once. */
export async function insertWaiting(sql: postgres.Sql, tenantId: string, batches: readonly { batchId: string; size: number }[]): Promise<void> {
  for (const { batchId, size } of batches) {
    await sql`
      insert into reference.invites (batch_id, n, tenant_id, recipient_hash, contact_id, state, consent_basis, step, due_at, permitted_until, plan_version)
      select ${batchId}, n, ${tenantId}, decode(md5(${batchId} || n), 'hex'), 'cnt_00000000000000000000000000', 'waiting', 'opt_in', 0, now(), now() + interval '14 days', 1
      from generate_series(0, ${size - 1}) as n`;
  }
}

/** What the product writes before a hand-off, in one transaction: one attempt for the group, its claim on each invite, its link. */
export async function writeClaim(sql: postgres.Sql, tenantId: string, places: readonly Place[]): Promise<string> {
  const [batchIds, ns] = [places.map((place) => place.batchId), places.map((place) => place.n)];
  const [, [attempt]] = await sql.begin((tx) => [
    tx`select set_config('reference.tenant', ${tenantId}, true)`,
    tx<{ id: string }[]>`
      with attempt as (
        insert into reference.attempts (tenant_id, lane, epoch, batch_ids, ns, claimed_at) values (${tenantId}, 'email-0', 1, ${batchIds}::text[], ${ns}::smallint[], now()) returning id
      ), claimed as (
        update reference.invites i set attempt_id = (select id from attempt) from unnest(${batchIds}::text[], ${ns}::smallint[]) as c (batch_id, n)
        where i.batch_id = c.batch_id and i.n = c.n and i.attempt_id is null
      ), linked as (
        insert into reference.links (code, tenant_id, kind, batch_id, n, destination, utm, created_at)
        select left(md5(c.batch_id || c.n), 16), ${tenantId}, 'invite', c.batch_id, c.n, 'https://app.bench.example/', '{"source":"flywheel","medium":"email","campaign":"prg_00000000000000000000000000"}', now()
        from unnest(${batchIds}::text[], ${ns}::smallint[]) as c (batch_id, n) on conflict do nothing
      )
      select id::text from attempt`,
  ]);
  if (attempt === undefined) throw new Error('no attempt');
  return attempt.id;
}

/** What the product writes after it, in one transaction: a message with its receipt each, the invites moved on, the attempt closed. */
export async function writeRecord(sql: postgres.Sql, tenantId: string, attemptId: string, places: readonly Place[]): Promise<void> {
  const [batchIds, ns] = [places.map((place) => place.batchId), places.map((place) => place.n)];
  await sql.begin((tx) => [
    tx`select set_config('reference.tenant', ${tenantId}, true)`,
    tx`
      with place as (select * from unnest(${batchIds}::text[], ${ns}::smallint[]) as p (batch_id, n)), noted as (
        insert into reference.messages (batch_id, n, step, channel, tenant_id, attempt_id, state, provider_message_id, receipt, recorded_at)
        select batch_id, n, 0, 'email', ${tenantId}, ${attemptId}, 'handed_off', batch_id || n || '@bench.example', '250 2.0.0 taken by nobody', now() from place
      ), moved as (
        update reference.invites i set state = 'handed_off', step = null, attempt_id = null, due_at = now() + interval '14 days'
        from place p where i.batch_id = p.batch_id and i.n = p.n
      )
      update reference.attempts set closed_at = now() where id = ${attemptId}`,
  ]);
}
