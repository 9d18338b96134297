import { randomBytes, randomUUID } from 'node:crypto';
import { createShareLink } from '../../db/write/create-link.ts';
import { mirrorBudgets } from '../../db/write/rewards/mirror-budgets.ts';
import { storeEvents, type EventFact, type StoredEvent } from '../../db/write/store-events.ts';
import { upsertMembers } from '../../db/write/upsert-members.ts';
import type { MemberChange } from '../../db/write/member-state.ts';
import { openKeyring, type Keyring } from '../../src/config/keyring.ts';
import { newId } from '../../src/config/new-id.ts';
import { asId, type MemberId, type ProgramId, type TenantId, type TouchId } from '../../src/domain/ids.ts';
import { shareCode, visitorCode } from '../../src/domain/link/code.ts';
import type { RewardTerms } from '../../src/domain/reward/reward-terms.ts';
import { inviteDefinition } from '../../workflows/invite/definition.ts';
import { makeTestTenant } from './api.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';
import { recordOneTouch } from './record-one-touch.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const NOON = Date.parse('2026-06-10T12:00:00Z');

export type Program = { loop?: string; createdAt?: number; closedAt?: number | null; credit?: Record<string, unknown>; rewards?: RewardTerms };
export type Referral = { referrer: string; referee: string; programId: string; acquisition: boolean; selfReferral: boolean; confidence: string; kind: string | null };
export type Claim = { referee: string; referrer: string; id: string; kind: string; outcome: string; reason: string | null; sameBy: string | null };
export type StoredPayment = { names: string[]; payer: string | null; amountMinor: number | null; currency: string | null; eventId: string | null; changes: string[] };

/** A tenant whose members bring each other, told by facts alone. */
export type TestReferrals = {
  readonly database: TestDatabase;
  readonly keyring: Keyring;
  readonly tenantId: TenantId;
  /** Another tenant in the same database. */
  another(): Promise<TestReferrals>;
  program(more?: Program): Promise<ProgramId>;
  /** Stores facts, all in one request. */
  tell(...facts: readonly EventFact[]): Promise<StoredEvent[]>;
  upsert(...changes: readonly MemberChange[]): Promise<void>;
  memberId(externalId: string): Promise<MemberId>;
  /** The member's personal code. */
  codeOf(externalId: string): Promise<string>;
  shareLink(externalId: string, more?: { programId?: ProgramId }): Promise<string>;
  /** A person opens the link. */
  click(code: string, more?: { at?: number; visitor?: string; ipHash?: Buffer }): Promise<TouchId>;
  visitor(): string;
  referrals(): Promise<Referral[]>;
  claims(referee: string): Promise<Claim[]>;
  payments(): Promise<StoredPayment[]>;
  close(): Promise<void>;
};

/** One fact of a member; left out: a fresh eventId, now, nothing more. */
export function fact(type: string, externalId: string | null, more: Partial<EventFact> = {}): EventFact {
  return { eventId: randomUUID(), type, occurredAt: NOON, externalId, clickId: null, code: null, properties: {}, detail: null, ...more };
}

export const paid = (externalId: string, names: readonly string[], amountMinor = 1_000, more: Partial<EventFact> & { currency?: string; means?: string; product?: string } = {}): EventFact => {
  const { currency = 'EUR', means, product, ...rest } = more;
  return fact('converted', externalId, { detail: { paymentNames: names, amountMinor, currency, paymentFingerprint: means, product }, ...rest });
};
export const refund = (names: readonly string[], refundedMinor?: number, more: Partial<EventFact> & { currency?: string } = {}): EventFact => {
  const { currency, ...rest } = more;
  return fact('refunded', null, { detail: { paymentNames: names, refundedMinor, currency }, ...rest });
};
export const refundFailed = (names: readonly string[], refundId: string, failedMinor: number, more: Partial<EventFact> = {}): EventFact =>
  fact('refund_failed', null, { detail: { paymentNames: names, refundId, failedMinor }, ...more });

export async function openTestReferrals(): Promise<TestReferrals> {
  const database = await openTestDatabase();
  return openFor(database, openKeyring(randomBytes(32)));
}

async function openFor(database: TestDatabase, keyring: Keyring): Promise<TestReferrals> {
  const { tenantId } = await makeTestTenant(database, NOON);
  const { superuser } = database;
  const asTenant = database.app.asTenant;
  const self: TestReferrals = {
    ...{ database, keyring, tenantId },
    another: () => openFor(database, keyring),
    async program({ loop = 'invite', createdAt = NOON - DAY_MS, closedAt = null, credit, rewards } = {}) {
      const id = newId('prg', createdAt);
      const terms = { ...inviteDefinition.defaultTerms, ...(credit === undefined ? {} : { credit }), ...(rewards === undefined ? {} : { rewards }) };
      await superuser`insert into programs (id, tenant_id, loop, title, created_at, updated_at, closed_at) values (${id}, ${tenantId}, ${loop}, 'Bring a friend', ${createdAt}, ${createdAt}, ${closedAt})`;
      await superuser`insert into program_versions (program_id, version, tenant_id, title, terms, created_at) values (${id}, 1, ${tenantId}, 'Bring a friend', ${JSON.stringify(terms)}, ${createdAt})`;
      await asTenant(tenantId, (tx) => mirrorBudgets(tx, { tenantId, programId: id, rewards }));
      return id;
    },
    tell: (...facts) => asTenant(tenantId, (tx) => storeEvents(tx, keyring, { tenantId, facts, now: NOON })),
    async upsert(...changes) {
      await asTenant(tenantId, (tx) => upsertMembers(tx, keyring, { tenantId, changes, now: NOON }));
    },
    async memberId(externalId) {
      const [row] = await superuser<{ id: string }[]>`select id from members where tenant_id = ${tenantId} and external_id = ${externalId}`;
      return asId('mbr', row?.id ?? '');
    },
    async codeOf(externalId) {
      await self.upsert({ externalId });
      const [row] = await superuser<{ code: string }[]>`select code from links where member_id = ${await self.memberId(externalId)} and kind = 'personal'`;
      return row?.code ?? '';
    },
    async shareLink(externalId, { programId } = {}) {
      await self.upsert({ externalId });
      const code = shareCode(keyring, randomBytes(16));
      const memberId = await self.memberId(externalId);
      await asTenant(tenantId, (tx) => createShareLink(tx, { code, tenantId, memberId, resource: null, programId: programId ?? null, destination: 'https://app.kite.example/', utm: {}, now: NOON - DAY_MS }));
      return code;
    },
    async click(code, { at = NOON - HOUR_MS, visitor, ipHash = randomBytes(16) } = {}) {
      const id = newId('tch', at);
      await recordOneTouch(database, { tenantId, id, code, notAPerson: null, visitor: visitor === undefined ? { kind: 'fresh', id: self.visitor() } : { kind: 'known', id: visitor }, ipHash, agentClass: 'ios-safari', now: at });
      return id;
    },
    visitor: () => visitorCode(keyring, randomBytes(16)),
    referrals: async () => superuser<Referral[]>`
      select a.external_id as referrer, b.external_id as referee, r.program_id as "programId", r.acquisition, r.self_referral as "selfReferral", r.confidence, c.kind
      from referrals r join members a on a.id = r.referrer_id join members b on b.id = r.referee_id
      left join credit_claims c on c.tenant_id = r.tenant_id and c.referee_id = r.referee_id and c.id = r.claim_id
      where r.tenant_id = ${tenantId} order by b.external_id, r.program_id`,
    claims: async (referee) => superuser<Claim[]>`
      select b.external_id as referee, a.external_id as referrer, c.id, c.kind, c.outcome, c.reason, c.same_by as "sameBy"
      from credit_claims c join members a on a.id = c.referrer_id join members b on b.id = c.referee_id
      where c.tenant_id = ${tenantId} and b.external_id = ${referee} order by c.at, c.id`,
    payments: async () => superuser<StoredPayment[]>`
      select array(select n.name from payment_names n where n.payment_id = p.id order by 1) as names, m.external_id as payer, p.amount_minor as "amountMinor", p.currency, p.event_id as "eventId",
             array(select c.kind || ' ' || coalesce(c.amount_minor::text, 'all') from payment_changes c where c.payment_id = p.id order by c.at, c.event_id) as changes
      from payments p left join members m on m.id = p.member_id where p.tenant_id = ${tenantId} and p.merged_into is null order by 1`,
    close: () => database.drop(),
  };
  return self;
}
