import type { MemberId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import type { LawBook } from '../../src/domain/law/law-book.ts';
import { peakInForce, type LearntWindows, type PeakInForce } from '../../src/domain/program/peak-times.ts';
import type { LawScope, TenantLimits } from '../../src/domain/program/tenant-limits.ts';
import type { SendTimeRules } from '../../src/domain/send-time/send-time-rules.ts';
import type { Tx } from '../client.ts';
import { loadLawBook, lawVersion } from './law-book.ts';
import { learntWindows } from './learnt-windows.ts';
import { planVersion } from './plan-version.ts';

/** A program as it stands now, with what its tenant adds: all that accepting or planning needs. */
export type Offer = {
  programId: ProgramId;
  /** By which loop it lives. */
  loop: string;
  programVersion: number;
  programPaused: boolean;
  terms: ProgramTerms;
  tenantZone: string;
  tenantRules: SendTimeRules;
  limits: TenantLimits;
  law: LawBook;
  lawScope: LawScope;
  /** Times worth waiting for; null: none. */
  peak: PeakInForce | null;
  /** What was learnt for it, wanted or not. */
  learnt: LearntWindows | null;
  /** What its messages are about: people opt out by topic. */
  topic: string;
  /** Grows with every change of the tenant's, the program's or the law's rules: a plan of another version is stale. */
  planVersion: number;
  senderShards: number;
};

/** Reads a program of this tenant; null where there is none. */
export async function loadOffer(tx: Tx, programId: ProgramId): Promise<Offer | null> {
  const [row] = await tx.sql<(Omit<Offer, 'law' | 'lawScope' | 'peak'> & { lawVersion: number })[]>`
    select p.id as "programId", p.loop, p.version as "programVersion", p.topic, p.paused_at is not null as "programPaused",
           v.terms, t.zone as "tenantZone", t.send_rules as "tenantRules",
           t.limits, ${lawVersion(tx)} as "lawVersion", ${planVersion(tx)} as "planVersion", t.sender_shards as "senderShards", ${learntWindows(tx, 'v')} as learnt
    from programs p
    join program_versions v on v.program_id = p.id and v.version = p.version
    join tenants t on t.id = p.tenant_id
    where p.id = ${programId}`;
  if (row === undefined) return null;
  const { lawVersion: version, ...offer } = row;
  return { ...offer, peak: peakInForce(offer.terms.peakTimes, offer.learnt), law: await loadLawBook(tx.sql, version), lawScope: offer.limits.lawScope ?? 'as_written' };
}

/** The inviting member, as far as accepting needs it. */
export type Inviter = { memberId: MemberId; recipientKey: string | null; phoneKey: string | null; emailSealed: Uint8Array | null; eventDates: string[] };

export type InviterRef = { memberId: MemberId } | { externalId: string };

/** Reads an inviter of this tenant by either of its ids; null where there is none. */
export async function loadInviter(tx: Tx, tenantId: TenantId, ref: InviterRef): Promise<Inviter | null> {
  const [row] = await tx.sql<Inviter[]>`
    select m.id as "memberId", encode(c.email_hash, 'hex') as "recipientKey", encode(c.phone_hash, 'hex') as "phoneKey", c.email_sealed as "emailSealed", m.event_dates::text[] as "eventDates"
    from members m left join contacts c on c.id = m.contact_id
    where m.tenant_id = ${tenantId}
      and ${'memberId' in ref ? tx.sql`m.id = ${ref.memberId}` : tx.sql`m.external_id = ${ref.externalId}`}`;
  return row ?? null;
}
