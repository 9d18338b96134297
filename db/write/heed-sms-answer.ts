import type { InviteRef, TenantId } from '../../src/domain/ids.ts';
import { ALL, OPT_OUT_ENDED } from '../../src/domain/preference/consent-act.ts';
import type { Tx } from '../client.ts';
import { optedOut } from '../read/consent.ts';
import { addSuppression } from './add-suppression.ts';
import { openInvitesOf } from './close-invites.ts';
import { recordDecision } from './decide.ts';
import { tellOfOptOuts } from './invite-news.ts';
import { putBackSuppression } from './put-back-suppression.ts';
import { recordConsent, recordConsents } from './record-consent.ts';
import { lockBatches } from './refresh-next-due.ts';

/** What a phone asked one tenant for. The words themselves go no further than the request they came in. */
export type SmsAnswer = {
  tenantId: TenantId;
  /** The keyed hashes of the phone: the tenant's own, and the one that all share. */
  phoneHash: Uint8Array;
  phoneKey: Uint8Array;
  /** The vendor's id of what was sent to us: it counts once. */
  providerMessageId: string;
  asks: 'stop' | 'start' | 'help';
  /** A keyword, or plain speech that was read so. */
  by: 'keyword' | 'speech';
  now: number;
};

/** Who wrote to the phone, for a reply. `contact`: where questions go. `locale`: the recipient's, if known. */
export type SmsWriter = { name: string; contact: string; locale: string | null };

/** `duplicate`: it was heeded before. `nothing`: it changed nothing, because that was so already. */
export type HeededAnswer = { outcome: 'duplicate' } | { outcome: 'stopped' | 'started' | 'nothing'; writer: SmsWriter };

/**
 * Does what a phone asked for, once. STOP: the number is suppressed, the opt-out goes into the consent log and what waits by
 * SMS ends, all in this transaction. START takes that back, and nothing else: what weighs more (a complaint, a legal
 * reason) stays. HELP changes nothing.
 */
export async function heedSmsAnswer(tx: Tx, answer: SmsAnswer): Promise<HeededAnswer> {
  const { tenantId, providerMessageId, asks, now } = answer;
  const heard = await tx.sql`
    insert into provider_events (tenant_id, provider_event_id, recorded_at) values (${tenantId}, ${`twilio in ${providerMessageId}`}, ${now})
    on conflict (tenant_id, provider_event_id) do nothing returning 1`;
  if (heard.length === 0) return { outcome: 'duplicate' };
  const writer = await readWriter(tx, answer);
  switch (asks) {
    case 'stop': return { outcome: await stop(tx, answer, writer.locale), writer };
    case 'start': return { outcome: await start(tx, answer, writer.locale), writer };
    case 'help': return { outcome: 'nothing', writer };
  }
}

async function readWriter(tx: Tx, { tenantId, phoneKey }: SmsAnswer): Promise<SmsWriter> {
  const [writer] = await tx.sql<SmsWriter[]>`
    select t.name, coalesce(t.reply_to, t.from_address) as contact, (
      select coalesce(m.locale, c.locale) from sms_recipients r join invites i on i.batch_id = r.batch_id and i.n = r.n
      join contacts c on c.id = i.contact_id left join lateral (select locale from members where contact_id = c.id order by id limit 1) m on true
      where r.tenant_id = t.id and r.phone_key = ${phoneKey}) as locale
    from tenants t where t.id = ${tenantId}`;
  if (writer === undefined) throw new Error(`tenant ${tenantId} is gone`);
  return writer;
}

async function stop(tx: Tx, { tenantId, phoneHash, phoneKey, by, now }: SmsAnswer, locale: string | null): Promise<'stopped' | 'nothing'> {
  // Batches first, like everywhere: see add-suppression.ts.
  await lockBatches(tx, (await openInvitesOf(tx, phoneHash, 'address')).map(({ batchId }) => batchId));
  // The recipient's own word takes the place of what may be lifted without asking.
  await tx.sql`
    update suppressions set lifted_at = ${now}
    where tenant_id = ${tenantId} and recipient_hash = ${phoneHash} and lifted_at is null and reason in ('manual', 'hard_bounce')`;
  const { outcome, id } = await addSuppression(tx, { tenantId, recipientHash: phoneHash, reason: 'sms_stop', actor: 'recipient', now });
  const [known] = await tx.sql<{ isOut: boolean }[]>`select ${optedOut(tx, { tenantId, hash: tx.sql`${phoneHash}::bytea`, topic: tx.sql`${ALL}`, channel: tx.sql`'sms'` })} as "isOut"`;
  if (outcome === 'already' && known?.isOut === true) return 'nothing';
  await recordConsent(tx, { ...saidBySms(phoneHash, locale, now), tenantId, action: 'withdrawn', basis: null, actor: 'recipient', now });
  await recordDecision(tx, {
    tenantId, subjectId: id, kind: 'sms_stopped', rule: 'Who answers STOP, or says so in plain words, gets no more SMS of this tenant.',
    inputs: { by, suppression: outcome }, actor: 'recipient', now,
  });
  const [last] = await tx.sql<InviteRef[]>`select batch_id as "batchId", n from sms_recipients where tenant_id = ${tenantId} and phone_key = ${phoneKey}`;
  if (last !== undefined) await tellOfOptOuts(tx, { tenantId, batchId: last.batchId, n: last.n, from: [{ topic: ALL, channel: 'sms' }], now });
  return outcome === 'added' ? 'stopped' : 'nothing';
}

async function start(tx: Tx, { tenantId, phoneHash, by, now }: SmsAnswer, locale: string | null): Promise<'started' | 'nothing'> {
  const [lifted] = await tx.sql<{ id: string }[]>`
    update suppressions set lifted_at = ${now}
    where tenant_id = ${tenantId} and recipient_hash = ${phoneHash} and lifted_at is null and reason in ('sms_stop', 'unsubscribe')
    returning id`;
  if (lifted === undefined) return 'nothing';
  await putBackSuppression(tx, { tenantId, id: lifted.id, reasons: ['manual'], actor: 'recipient', now });
  const said = saidBySms(phoneHash, locale, now);
  const stops = await tx.sql`select 1 from preferences where tenant_id = ${tenantId} and recipient_hash = ${phoneHash} and topic = ${ALL} and channel = ${ALL} and state = 'out'`;
  await recordConsents(tx, { tenantId, actor: 'recipient', now, acts: [
    { ...said, action: 'granted', basis: 'own_words' },
    // A stop of everything on the page said no to texts, too.
    ...stops.map(() => ({ ...said, channel: '*' as const, action: 'granted' as const, basis: OPT_OUT_ENDED })),
  ] });
  await recordDecision(tx, {
    tenantId, subjectId: lifted.id, kind: 'suppression_lifted', rule: 'The recipient answered START: that takes back the STOP.', inputs: { by }, actor: 'recipient', now,
  });
  return 'started';
}

function saidBySms(phoneHash: Uint8Array, locale: string | null, now: number) {
  return { recipientHash: phoneHash, topic: ALL, channel: 'sms' as const, wordingVersion: null, locale: locale?.slice(0, 35) ?? null, source: 'sms_keyword' as const, givenAt: now };
}
