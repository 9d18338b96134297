import type { Keyring } from '../../../src/config/keyring.ts';
import { inviteId, type BatchId, type InviteRef, type MemberId, type ProgramId, type RunId, type TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import type { InviteState } from '../../schema/invites.ts';
import { acceptInvites, type Invitee } from '../accept-invites.ts';
import { closeInvites } from '../close-invites.ts';
import { recordDecisions } from '../decide.ts';
import { narrowInvites } from './narrow-invites.ts';
import { INVITE_STEP } from './start-run.ts';

export type InvitesToResend = { readonly tenantId: TenantId; readonly runId: RunId; readonly programId: ProgramId; readonly memberId: MemberId; readonly actor: string; readonly now: number };

/**
 * `nobody`: it has no invite that left and has not been answered. `unchanged`: one waits still. `over`: their time is. `refused`: none may be asked
 * again, and why. `done`: so many were accepted once more; the others are refused, with their reasons in their rows.
 */
export type InvitesResent =
  | { readonly outcome: 'nobody' | 'unchanged' | 'over' | 'paused' }
  | { readonly outcome: 'refused'; readonly reasons: readonly string[] }
  | { readonly outcome: 'done'; readonly batchId: BatchId; readonly accepted: number; readonly reasons: readonly string[] };

type Row = InviteRef & {
  state: InviteState; expiresAt: number; relationship: string | null; consentBasis: string | null;
  hasAnswered: boolean; emailSealed: Uint8Array | null; phoneSealed: Uint8Array | null; nameSealed: Uint8Array | null; locale: string | null;
};

/**
 * Invites those once more who were asked into a run, have not come, and have answered nothing on its page: each is decided like any invitee of today (suppression, unanswered
 * messages, cooling, the member's cap, permitted hours), as an invite of its own that ends when the first would have. The first one's reminders
 * end with it. The member and the run's batches are locked.
 */
export async function resendInvites(tx: Tx, keyring: Keyring, { tenantId, runId, programId, memberId, actor, now }: InvitesToResend): Promise<InvitesResent> {
  const asked = await latestInvites(tx, tenantId, runId);
  if (asked.some(({ state }) => state === 'waiting')) return { outcome: 'unchanged' };
  const left = asked.filter(({ state, hasAnswered }) => !hasAnswered && (state === 'handed_off' || state === 'unknown'));
  const [first] = left;
  if (first === undefined) return { outcome: asked.some(({ state }) => state === 'expired' || state === 'unknown_expired') ? 'over' : 'nobody' };
  const expiresAt = Math.max(...left.map((row) => row.expiresAt));
  if (expiresAt <= now) return { outcome: 'over' };
  const accepted = await acceptInvites(tx, keyring, {
    tenantId, programId, inviter: { memberId }, invitees: left.map((row) => inviteeOf(keyring, tenantId, row)), run: { runId, step: INVITE_STEP }, actor, now,
  });
  if (accepted.outcome === 'program_paused') return { outcome: 'paused' };
  if (accepted.outcome !== 'accepted') throw new Error(`invites of a run were not accepted again: ${accepted.outcome}`);
  const reasons = accepted.decisions.flatMap((decision) => (decision.outcome === 'refused' ? [decision.reason] : []));
  if (reasons.length === left.length) return { outcome: 'refused', reasons };
  await narrowInvites(tx, { tenantId, runId, step: INVITE_STEP, before: expiresAt, now });
  const again = accepted.decisions.flatMap(({ n, outcome }) => (outcome === 'accepted' ? left[n] ?? [] : []));
  await closeInvites(tx, tenantId, again, { state: 'canceled', reason: 'sent_again', stop: 'canceled' });
  await recordDecisions(tx, again.map(({ batchId, n }) => ({
    tenantId, subjectId: batchId, ns: [n], kind: 'invited_once_more', rule: 'An operator wanted it: an invite of its own went out, and this one is followed by no reminder.', inputs: { batchId: accepted.batchId }, actor, now,
  })));
  return { outcome: 'done', batchId: accepted.batchId, accepted: again.length, reasons };
}

/** Of each who was asked the invite that waits, or else the last that was accepted, in the order in which they were asked. */
async function latestInvites(tx: Tx, tenantId: TenantId, runId: RunId): Promise<Row[]> {
  const rows = await tx.sql<Row[]>`
    select distinct on (i.contact_id) i.batch_id as "batchId", i.n, i.state, b.expires_at as "expiresAt", i.relationship, i.consent_basis as "consentBasis",
           bool_or(exists (select from links l join landing_answers a on a.code = l.code where l.batch_id = i.batch_id and l.n = i.n)) over (partition by i.contact_id) as "hasAnswered",
           c.email_sealed as "emailSealed", case when i.phone_hash = c.phone_hash then c.phone_sealed end as "phoneSealed", c.name_sealed as "nameSealed", c.locale
    from invite_batches b join invites i on i.batch_id = b.id join contacts c on c.id = i.contact_id
    where b.tenant_id = ${tenantId} and b.run_id = ${runId} and b.notice is null
    order by i.contact_id, i.state = 'waiting' desc, i.batch_id desc, i.n`;
  return [...rows].toSorted((a, b) => (inviteId(a) < inviteId(b) ? -1 : 1));
}

function inviteeOf(keyring: Keyring, tenantId: TenantId, { emailSealed, phoneSealed, nameSealed, locale, relationship, consentBasis }: Row): Invitee {
  const open = (sealed: Uint8Array | null): string | undefined => (sealed === null ? undefined : keyring.open(tenantId, sealed));
  return {
    email: open(emailSealed), phone: open(phoneSealed), name: open(nameSealed), locale: locale ?? undefined, relationship: relationship ?? undefined,
    ...(consentBasis === null ? {} : { consent: { basis: consentBasis } }),
  };
}
