import type { ContactId, MemberId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { LawBook } from '../../src/domain/law/law-book.ts';
import type { LearntWindows } from '../../src/domain/program/peak-times.ts';
import type { TenantLimits } from '../../src/domain/program/tenant-limits.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import type { SendTimeRules } from '../../src/domain/send-time/send-time-rules.ts';
import type { Tx } from '../client.ts';
import type { ZoneOrigin } from '../../src/domain/zone/zone-candidates.ts';
import type { QuietHours } from '../schema/people.ts';
import { loadLawBook, lawVersion } from './law-book.ts';
import { learntWindows } from './learnt-windows.ts';
import { planVersion } from './plan-version.ts';
import { located, whereabouts } from './whereabouts.ts';

/** The tenant as its messages show it. */
export type SendingTenant = {
  name: string;
  fromName: string;
  fromAddress: string;
  replyTo: string | null;
  postalAddress: string;
  publicUrl: string;
  allowedDestinations: string[];
  zone: string;
  sendRules: SendTimeRules;
  limits: TenantLimits;
  law: LawBook;
};

export async function loadSender(tx: Tx, tenantId: TenantId): Promise<SendingTenant> {
  const [row] = await tx.sql<(Omit<SendingTenant, 'law'> & { lawVersion: number })[]>`
    select name, from_name as "fromName", from_address as "fromAddress", reply_to as "replyTo", postal_address as "postalAddress", public_url as "publicUrl",
           allowed_destinations as "allowedDestinations", zone, send_rules as "sendRules", limits,
           ${lawVersion(tx)} as "lawVersion"
    from tenants where id = ${tenantId}`;
  if (row === undefined) throw new Error(`tenant ${tenantId} is gone`);
  const { lawVersion: version, ...tenant } = row;
  return { ...tenant, law: await loadLawBook(tx.sql, version) };
}

/** A program as a batch pinned it (title, terms), and what is never pinned (rules) as it is now. */
export type PinnedProgram = { loop: string; title: string; terms: ProgramTerms; currentTerms: ProgramTerms; planVersion: number; learnt: LearntWindows | null };

/** Keyed by `<program id> <version>`. */
export async function loadProgramVersions(tx: Tx, of: readonly { programId: ProgramId; programVersion: number }[]): Promise<Map<string, PinnedProgram>> {
  const rows = await tx.sql<(PinnedProgram & { key: string })[]>`
    select v.program_id || ' ' || v.version as key, p.loop, v.title, v.terms, c.terms as "currentTerms", ${planVersion(tx)} as "planVersion", ${learntWindows(tx, 'c')} as learnt
    from (select distinct * from unnest(${of.map((row) => row.programId)}::text[], ${of.map((row) => row.programVersion)}::integer[])) as wanted (program_id, version)
    join program_versions v using (program_id, version)
    join programs p on p.id = v.program_id
    join program_versions c on c.program_id = p.id and c.version = p.version
    join tenants t on t.id = p.tenant_id`;
  return new Map(rows.map(({ key, ...row }) => [key, row]));
}

/** A recipient (keyed by contact id) or inviter (keyed by member id), still sealed. */
export type Person = {
  emailSealed: Uint8Array | null;
  phoneSealed: Uint8Array | null;
  nameSealed: Uint8Array | null;
  locale: string | null;
  zones: string[];
  zoneSource: ZoneOrigin | null;
  places: string[];
  memberQuiet: QuietHours | null;
  isMinor: boolean;
  eventDates: string[];
};

export async function loadPeople(tx: Tx, of: readonly { contactId: ContactId; memberId: MemberId | null }[]): Promise<Map<string, Person>> {
  const rows = await tx.sql<(Person & { key: string })[]>`
    select c.id as key, c.email_sealed as "emailSealed", c.phone_sealed as "phoneSealed", c.name_sealed as "nameSealed", coalesce(m.locale, c.locale) as locale,
           ${whereabouts(tx)}, '{}'::text[] as "eventDates"
    from contacts c left join lateral (select * from members m where m.contact_id = c.id order by m.id limit 1) m on true
    where c.id = any(${[...new Set(of.map((row) => row.contactId))]}::text[])
    union all
    select m.id, null, null, c.name_sealed, m.locale, '{}', null, '{}', m.is_minor, null, m.event_dates::text[]
    from members m left join contacts c on c.id = m.contact_id
    where m.id = any(${[...new Set(of.flatMap((row) => row.memberId ?? []))]}::text[])`;
  return new Map(rows.map(({ key, ...row }) => [key, located(row)]));
}

/** What a tenant calls its own units, by their names. */
export async function loadUnitTitles(tx: Tx, tenantId: TenantId): Promise<Map<string, string>> {
  const rows = await tx.sql<{ unit: string; title: string }[]>`select unit, title from tenant_units where tenant_id = ${tenantId}`;
  return new Map(rows.map(({ unit, title }) => [unit, title]));
}
