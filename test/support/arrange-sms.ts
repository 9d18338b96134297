import { newId } from '../../src/config/new-id.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import type { InviteRef, TenantId } from '../../src/domain/ids.ts';
import { inviteDefinition } from '../../workflows/invite/definition.ts';
import type { TestDatabase } from './database.ts';

/** `waiting`: due in an hour. `claimed`: on the wire, no record yet. `unknown`: its sender was lost. */
export type SmsState = 'waiting' | 'claimed' | 'handed_off' | 'unknown';

export type ArrangedSms = { readonly tenantId: TenantId; readonly ref: InviteRef; readonly attemptId: number; readonly phone: string };

export type ArrangeSms = {
  tenantId: TenantId;
  phone: string;
  state: SmsState;
  now: number;
  locale?: string | null;
  providerMessageId?: string | null;
  /** Whether something of the tenant ever left for this phone. */
  noted?: boolean;
};

/** Puts one invite by SMS into the tables as accepting and the sender would have left it; it has one reminder. */
export async function arrangeSms(database: TestDatabase, keyring: Keyring, { tenantId, phone, state, now, locale = null, providerMessageId = null, noted = state !== 'waiting' }: ArrangeSms): Promise<ArrangedSms> {
  const [programId, batchId] = [newId('prg', now), newId('bat', now)];
  const hash = keyring.hashRecipient(tenantId, phone);
  const terms = JSON.stringify({ ...inviteDefinition.defaultTerms, channels: ['sms'], reminders: [{ afterHours: 72 }] });
  const [dueAt, expiresAt] = [now + 3_600_000, now + 14 * 24 * 3_600_000];
  let attemptId = 0;
  await database.superuser.begin(async (sql) => {
    await sql`insert into programs (id, tenant_id, loop, title, created_at, updated_at) values (${programId}, ${tenantId}, 'invite', 'Test', ${now}, ${now})`;
    await sql`insert into program_versions (program_id, version, tenant_id, title, terms, created_at) values (${programId}, 1, ${tenantId}, 'Test', ${terms}, ${now})`;
    await sql`
      insert into contacts (id, tenant_id, phone_hash, phone_sealed, locale, created_at)
      values (${newId('cnt', now)}, ${tenantId}, ${hash}, ${keyring.seal(tenantId, phone)}, ${locale}, ${now})`;
    await sql`insert into invite_batches (id, tenant_id, program_id, program_version, invite_count, expires_at, created_at) values (${batchId}, ${tenantId}, ${programId}, 1, 1, ${expiresAt}, ${now})`;
    await sql`insert into batch_lanes (batch_id, channel, tenant_id, lane, next_due_at) values (${batchId}, 'sms', ${tenantId}, 'sms-0', ${dueAt})`;
    await sql`insert into lanes (tenant_id, lane, epoch) values (${tenantId}, 'sms-0', 1) on conflict do nothing`;
    await sql`
      insert into invites (batch_id, n, tenant_id, recipient_hash, phone_hash, contact_id, channel, state, step, due_at, consent_basis)
      select ${batchId}, 0, ${tenantId}, ${hash}, ${hash}, id, 'sms', 'waiting', 0, ${dueAt}, 'opt_in' from contacts where tenant_id = ${tenantId} and phone_hash = ${hash} order by id desc limit 1`;
    if (noted) {
      await sql`
        insert into sms_recipients (tenant_id, phone_key, batch_id, n, sent_at) values (${tenantId}, ${keyring.hashPhone(phone)}, ${batchId}, 0, ${now})
        on conflict (tenant_id, phone_key) do update set batch_id = excluded.batch_id, n = excluded.n`;
    }
    if (state === 'waiting') return;
    const [attempt] = await sql<{ id: number }[]>`
      insert into attempts (tenant_id, lane, epoch, batch_ids, ns, claimed_at) values (${tenantId}, 'sms-0', 1, ${[batchId]}::text[], ${[0]}::smallint[], ${now}) returning id`;
    attemptId = attempt?.id ?? 0;
    if (state === 'claimed') {
      await sql`update invites set attempt_id = ${attemptId} where batch_id = ${batchId}`;
      return;
    }
    await sql`
      insert into messages (batch_id, n, step, channel, tenant_id, attempt_id, state, reason, provider_message_id, recorded_at)
      values (${batchId}, 0, 0, 'sms', ${tenantId}, ${attemptId}, ${state}, ${state === 'unknown' ? 'no_answer' : null}, ${providerMessageId}, ${now})`;
    if (state === 'unknown') await sql`update invites set state = 'unknown', reason = 'no_answer', step = null, due_at = ${now + 72 * 3_600_000}, attempt_id = ${attemptId} where batch_id = ${batchId}`;
    else await sql`update invites set state = 'handed_off', step = 1, due_at = ${now + 72 * 3_600_000} where batch_id = ${batchId}`;
  });
  return { tenantId, ref: { batchId, n: 0 }, attemptId, phone };
}

let phones = 0;

/** A number that nobody has, and no other test of the file's. */
export function freshPhone(): string {
  phones += 1;
  return `+1202555${String(phones).padStart(4, '0')}`;
}

/** What stands of an invite by SMS and of its message. */
export async function smsNow(database: TestDatabase, { batchId, n }: InviteRef): Promise<Record<string, unknown>> {
  const [row] = await database.superuser<Record<string, unknown>[]>`
    select i.state, i.reason, i.step, i.stale, i.stop_reason as "stopReason", i.channel, m.state as message, m.provider_message_id as "providerMessageId",
           m.delivered_at is not null as delivered, m.bounced_at is not null as bounced
    from invites i left join messages m on m.batch_id = i.batch_id and m.n = i.n and m.step = 0 and m.channel = 'sms'
    where i.batch_id = ${batchId} and i.n = ${n}`;
  return row ?? {};
}
