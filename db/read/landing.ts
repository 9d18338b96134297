import type { BatchId, GuestId, MemberId, RunId, TenantId, TouchId } from '../../src/domain/ids.ts';
import type { Utm } from '../../src/domain/link/landing-url.ts';
import type { Tx } from '../client.ts';

/** What the landing page of a run's link knows. Instants in epoch ms. */
export type LandingView = {
  readonly runId: RunId;
  readonly loop: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly runOutcome: string | null;
  readonly memberId: MemberId | null;
  readonly inviterSealed: Uint8Array | null;
  readonly isRevoked: boolean;
  readonly destination: string;
  readonly utm: Utm;
  /** The invite whose link it is. */
  readonly invite: { readonly batchId: BatchId; readonly n: number } | null;
  /** Another member was named at the start, and asked by name. */
  readonly hasNamedMember: boolean;
  /** Somebody accepted by this link on another visit. */
  readonly isAccepted: boolean;
  /** Accepted by the run's links, this visit aside; of a run with a deck, those who may play. */
  readonly accepted: number;
  /** Of its deck; null: it has none. */
  readonly deckPlaces: number | null;
  /** The guest that this browser is by this link. */
  readonly guestId: GuestId | null;
  /** How often this visit was let in to play. */
  readonly visitGuests: number;
  readonly tenantName: string;
  readonly fromName: string;
  readonly postalAddress: string;
  readonly publicUrl: string;
  readonly allowedDestinations: readonly string[];
};

type Row = Omit<LandingView, 'invite'> & { batchId: BatchId | null; n: number | null };

/** `touchId`: the visit it is opened by; `guestHash`: of the token that the browser brought. */
export type LandingAsked = { readonly tenantId: TenantId; readonly code: string; readonly touchId: TouchId | null; readonly guestHash: Uint8Array | null };

/** What the landing page of a link says; null where the link belongs to no run (any more). */
export async function readLanding(tx: Tx, { tenantId, code, touchId, guestHash }: LandingAsked): Promise<LandingView | null> {
  const [row] = await tx.sql<Row[]>`
    select r.id as "runId", r.loop, r.input, r.outcome as "runOutcome", r.member_id as "memberId", c.name_sealed as "inviterSealed",
           l.revoked_at is not null as "isRevoked", l.destination, l.utm, l.batch_id as "batchId", l.n,
           exists (select from run_people p where p.tenant_id = ${tenantId} and p.run_id = r.id and p.person_id is distinct from r.member_id and p.person_id in (select value from jsonb_each_text(r.input))) as "hasNamedMember",
           exists (select from landing_answers a where a.code = l.code and a.answer = 'accept' and a.touch_id is distinct from ${touchId}) as "isAccepted",
           case when d.run_id is null
             then (select count(*)::int from landing_answers a where a.tenant_id = ${tenantId} and a.run_id = r.id and a.answer = 'accept' and a.touch_id is distinct from ${touchId})
             else (select count(*)::int from guests g where g.tenant_id = ${tenantId} and g.run_id = r.id) end as accepted,
           d.places as "deckPlaces",
           (select g.id from guests g where g.tenant_id = ${tenantId} and g.token_hash = ${guestHash} and g.link_code = l.code) as "guestId",
           (select count(*)::int from guests g where g.tenant_id = ${tenantId} and g.run_id = r.id and g.touch_id = ${touchId}) as "visitGuests",
           t.name as "tenantName", t.from_name as "fromName", t.postal_address as "postalAddress", t.public_url as "publicUrl", t.allowed_destinations as "allowedDestinations"
    from links l join runs r on r.tenant_id = l.tenant_id and r.id = l.run_id join tenants t on t.id = l.tenant_id
    left join decks d on d.tenant_id = r.tenant_id and d.run_id = r.id
    left join members m on m.tenant_id = r.tenant_id and m.id = r.member_id left join contacts c on c.id = m.contact_id
    where l.tenant_id = ${tenantId} and l.code = ${code}`;
  if (row === undefined) return null;
  const { batchId, n, ...view } = row;
  return { ...view, invite: batchId === null || n === null ? null : { batchId, n } };
}

/** Locks the run whose link it is, so that those who answer at once do so one after the other; answers come after it in the order of locks. */
export async function lockRunOfLink(tx: Tx, { tenantId, code }: Pick<LandingAsked, 'tenantId' | 'code'>): Promise<void> {
  await tx.sql`select 1 from runs where tenant_id = ${tenantId} and id = (select l.run_id from links l where l.tenant_id = ${tenantId} and l.code = ${code}) for no key update`;
}
