import type { ReportRecipientId, TenantId } from '../../../src/domain/ids.ts';
import type { ReportMailRef } from '../../../src/domain/report/report-mail-key.ts';
import type { ReportMailAbout } from '../../../src/domain/report/report-mail-state.ts';
import { bytesArray } from '../../array-params.ts';
import type { Tx } from '../../client.ts';
import { addSuppression } from '../add-suppression.ts';
import { recordDecisions } from '../decide.ts';

/** What a vendor says became of a report's mail. `at` in epoch ms. `permanent`: of a bounce. */
export type ReportMailFact = { readonly eventId: string; readonly kind: 'delivered' | 'bounced' | 'complained'; readonly mail: ReportMailRef; readonly at: number; readonly permanent: boolean };
/** `unknown_message`: no such mail left. */
export type ReportMailFactOutcome = 'recorded' | 'duplicate' | 'unknown_message';

type Left = { recipientId: ReportRecipientId; about: ReportMailAbout; queuedAt: number | null; emailHash: Buffer };
type By = { tenantId: TenantId; actor: string; now: number };

/**
 * Records what became of mails of reports, each fact once by its event id, in any order; answers in the order given. It proves that the mail left. A
 * permanent bounce and a complaint suppress the mailbox, as they do for any mail: nothing more goes there, reports or else, and the
 * recipients' list says why. Locks the mails in the order of their keys, then what the suppression locks.
 */
export async function recordReportMailFacts(tx: Tx, { facts, ...by }: By & { facts: readonly ReportMailFact[] }): Promise<ReportMailFactOutcome[]> {
  if (facts.length === 0) return [];
  const left = await lockLeft(tx, by.tenantId, facts);
  const known = new Map<string, ReportMailFact & Left>();
  for (const fact of facts) {
    const mail = left.get(keyOf(fact.mail));
    if (mail !== undefined && !known.has(fact.eventId)) known.set(fact.eventId, { ...fact, ...mail });
  }
  const fresh = await notToldBefore(tx, by, [...known.values()]);
  await writeEvidence(tx, by.tenantId, fresh, by.now);
  await suppress(tx, by, fresh);
  const recorded = new Set(fresh.map(({ eventId }) => eventId));
  return facts.map(({ eventId, mail }) => (!left.has(keyOf(mail)) ? 'unknown_message' : recorded.delete(eventId) ? 'recorded' : 'duplicate'));
}

/** Mails that vendors know by these ids of their own, by id. */
export async function findReportMails({ sql }: Tx, tenantId: TenantId, providerMessageIds: readonly string[]): Promise<ReadonlyMap<string, ReportMailRef>> {
  if (providerMessageIds.length === 0) return new Map();
  const rows = await sql<({ id: string } & ReportMailRef)[]>`
    select provider_message_id as id, recipient_id as "recipientId", about, case when about = 'confirm' then queued_at end as "queuedAt" from report_mails where tenant_id = ${tenantId} and provider_message_id = any(${[...providerMessageIds]}::text[])`;
  return new Map(rows.map(({ id, ...mail }) => [id, mail]));
}

function keyOf({ recipientId, about, queuedAt }: ReportMailRef): string {
  return `${recipientId} ${about} ${String(queuedAt)}`;
}

/** A claimed one may be on the wire: its sender records that it left. */
async function lockLeft({ sql }: Tx, tenantId: TenantId, facts: readonly ReportMailFact[]): Promise<Map<string, Left>> {
  const rows = await sql<Left[]>`
    select m.recipient_id as "recipientId", m.about, case when m.about = 'confirm' then m.queued_at end as "queuedAt", r.email_hash as "emailHash"
    from report_mails m join report_recipients r on r.tenant_id = m.tenant_id and r.id = m.recipient_id
    where m.tenant_id = ${tenantId} and m.state in ('claimed', 'handed_off', 'unknown')
      and exists (
        select from unnest(${facts.map(({ mail }) => mail.recipientId)}::text[], ${facts.map(({ mail }) => mail.about)}::text[], ${facts.map(({ mail }) => mail.queuedAt)}::timestamptz[]) as f (recipient_id, about, queued_at)
        where f.recipient_id = m.recipient_id and f.about = m.about and (f.queued_at is null or f.queued_at = m.queued_at))
    order by m.recipient_id, m.about, m.queued_at for no key update of m`;
  return new Map(rows.map((row) => [keyOf(row), row]));
}

async function notToldBefore({ sql }: Tx, { tenantId, now }: By, facts: readonly (ReportMailFact & Left)[]): Promise<(ReportMailFact & Left)[]> {
  if (facts.length === 0) return [];
  const rows = await sql<{ eventId: string }[]>`
    insert into provider_events (tenant_id, provider_event_id, recorded_at)
    select ${tenantId}, id, ${now} from unnest(${facts.map(({ eventId }) => eventId).toSorted()}::text[]) with ordinality as e (id, place) order by place
    on conflict (tenant_id, provider_event_id) do nothing
    returning provider_event_id as "eventId"`;
  const fresh = new Set(rows.map(({ eventId }) => eventId));
  return facts.filter(({ eventId }) => fresh.has(eventId));
}

/** The earliest instant told counts, so that the order of the facts does not. A bounce that is no end is a delay: the vendor goes on trying. */
async function writeEvidence({ sql }: Tx, tenantId: TenantId, facts: readonly (ReportMailFact & Left)[], now: number): Promise<void> {
  if (facts.length === 0) return;
  const atOf = (kind: ReportMailFact['kind']) => facts.map((fact) => (fact.kind === kind && (kind !== 'bounced' || fact.permanent) ? fact.at : null));
  await sql`
    update report_mails m set
      state = case when m.state = 'unknown' then 'handed_off' else m.state end, reason = case when m.state = 'unknown' then null else m.reason end,
      recorded_at = case when m.state = 'unknown' then ${now} else m.recorded_at end,
      bounced_at = least(m.bounced_at, f.bounced), complained_at = least(m.complained_at, f.complained)
    from (select recipient_id, about, queued_at, min(bounced) as bounced, min(complained) as complained
          from unnest(${facts.map(({ recipientId }) => recipientId)}::text[], ${facts.map(({ about }) => about)}::text[], ${facts.map(({ queuedAt }) => queuedAt)}::timestamptz[], ${atOf('bounced')}::timestamptz[], ${atOf('complained')}::timestamptz[])
            as f (recipient_id, about, queued_at, bounced, complained)
          group by 1, 2, 3) f
    where m.tenant_id = ${tenantId} and m.recipient_id = f.recipient_id and m.about = f.about and (f.queued_at is null or f.queued_at = m.queued_at)`;
}

/** A complaint weighs more than a bounce, or what the tenant said itself: those may be lifted without asking. */
async function suppress(tx: Tx, { tenantId, actor, now }: By, facts: readonly (ReportMailFact & Left)[]): Promise<void> {
  const complaints = facts.filter(({ kind }) => kind === 'complained');
  const bounces = facts.filter(({ kind, permanent }) => kind === 'bounced' && permanent);
  const rules = { complained: 'Whoever complains is not written to again.', bounced: 'Nothing more goes to a mailbox that does not exist.' };
  await recordDecisions(tx, [...complaints, ...bounces].map(({ kind, recipientId, about, eventId, at }) => ({
    tenantId, actor, now, subjectId: recipientId, kind: kind === 'complained' ? 'report_complained' : 'report_bounced', rule: kind === 'complained' ? rules.complained : rules.bounced,
    inputs: { about, eventId, at: new Date(at).toISOString() },
  })));
  if (complaints.length > 0) {
    await tx.sql`
      update suppressions set lifted_at = ${now}
      where tenant_id = ${tenantId} and recipient_hash = any(${bytesArray(complaints.map(({ emailHash }) => emailHash))}::bytea[]) and lifted_at is null and reason in ('manual', 'hard_bounce')`;
  }
  for (const { emailHash } of complaints) await addSuppression(tx, { tenantId, recipientHash: emailHash, reason: 'complaint', actor, now });
  for (const { emailHash } of bounces) await addSuppression(tx, { tenantId, recipientHash: emailHash, reason: 'hard_bounce', actor, now });
}
