import { randomBytes } from 'node:crypto';
import type { Tx } from '../../db/client.ts';
import type { RewardView } from '../../db/read/rewards.ts';
import { listRewards } from '../../db/read/rewards.ts';
import { listRefusals, type RefusalView } from '../../db/read/reward-refusals.ts';
import { createProgram } from '../../db/write/create-program.ts';
import { releaseDue } from '../../db/write/rewards/release-due.ts';
import { settleRewards } from '../../db/write/rewards/settle-rewards.ts';
import { makeId, type MemberId, type PaymentId, type ProgramId, type ReferralId, type TenantId } from '../../src/domain/ids.ts';
import { accountKey, type AccountKind } from '../../src/domain/ledger/accounts.ts';
import type { RewardTerms } from '../../src/domain/reward/reward-terms.ts';
import { inviteDefinition } from '../../workflows/invite/definition.ts';
import { makeTestTenant } from './api.ts';
import type { TestDatabase } from './database.ts';

export const DAY_MS = 86_400_000;
export const START = Date.parse('2026-06-01T10:00:00Z');

const fresh = <P extends 'mbr' | 'ref' | 'pay'>(prefix: P, at: number) => makeId(prefix, at, randomBytes(10));

export type Pays = { name: string; amountMinor: number; at?: number; currency?: string; country?: string; product?: string };

/** A tenant whose facts are written by hand, as events and payments would leave them, and settled. */
export async function openRewards(database: TestDatabase, terms: RewardTerms, more: { zone?: string } = {}) {
  const { tenantId } = await makeTestTenant(database, START, more);
  const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.app.asTenant(tenantId, work);
  const makeProgram = (rewards: RewardTerms): Promise<ProgramId> => within((tx) =>
    createProgram(tx, { tenantId, loop: 'invite', title: 'Friends', topic: 'invitations', terms: { ...inviteDefinition.defaultTerms, rewards }, actor: 'test', now: START }));
  const programId = await makeProgram(terms);
  const makeMember = async (): Promise<MemberId> => {
    const id = fresh('mbr', START);
    await within((tx) => tx.sql`insert into members (id, tenant_id, external_id, created_at, updated_at) values (${id}, ${tenantId}, ${id}, ${START}, ${START})`);
    return id;
  };
  const referrer = await makeMember();
  let events = 0;
  const nextEvent = (): string => `e-${String((events += 1))}`;

  const world = {
    tenantId, programId, referrer, within, makeProgram, makeMember,
    /** A friend who signed up at `at`; not settled yet. */
    async refer(by: { at?: number; referrer?: MemberId; version?: number; program?: ProgramId } = {}): Promise<{ id: ReferralId; refereeId: MemberId }> {
      const at = by.at ?? START;
      const refereeId = await makeMember();
      const id = fresh('ref', at);
      await within(async (tx) => {
        await tx.sql`insert into events (tenant_id, event_id, type, member_id, occurred_at, received_at) values (${tenantId}, ${nextEvent()}, 'signed_up', ${refereeId}, ${at}, ${at})`;
        await tx.sql`
          insert into referrals (id, tenant_id, program_id, program_version, referrer_id, referee_id, claim_id, confidence, acquisition, signed_up_at, created_at, moved_at)
          values (${id}, ${tenantId}, ${by.program ?? programId}, ${by.version ?? 1}, ${by.referrer ?? referrer}, ${refereeId}, 'c', 'high', true, ${at}, ${at}, ${at})`;
      });
      return { id, refereeId };
    },
    async tell(refereeId: MemberId, type: 'first_value' | 'plan_upgraded', at: number, detail: object | null = null): Promise<void> {
      await within((tx) => tx.sql`
        insert into events (tenant_id, event_id, type, member_id, occurred_at, received_at, detail)
        values (${tenantId}, ${nextEvent()}, ${type}, ${refereeId}, ${at}, ${at}, ${detail === null ? null : JSON.stringify(detail)})`);
    },
    async pay(refereeId: MemberId, { amountMinor, at = START + DAY_MS, currency = 'EUR', country, product }: Omit<Pays, 'name'>): Promise<PaymentId> {
      const id = fresh('pay', at);
      await within((tx) => tx.sql`
        insert into payments (id, tenant_id, member_id, amount_minor, currency, product, country, event_id, paid_at, created_at)
        values (${id}, ${tenantId}, ${refereeId}, ${amountMinor}, ${currency}, ${product ?? null}, ${country ?? null}, ${nextEvent()}, ${at}, ${at})`);
      return id;
    },
    async change(paymentId: PaymentId, kind: 'refunded' | 'dispute_opened' | 'dispute_won' | 'dispute_lost', at: number, more2: { amountMinor?: number | undefined; disputeId?: string } = {}): Promise<void> {
      const disputeId = kind === 'refunded' ? null : more2.disputeId ?? 'd';
      await within((tx) => tx.sql`
        insert into payment_changes (tenant_id, event_id, payment_id, kind, amount_minor, dispute_id, at)
        values (${tenantId}, ${nextEvent()}, ${paymentId}, ${kind}, ${more2.amountMinor ?? null}, ${disputeId}, ${at})`);
    },
    async settle(ids: readonly ReferralId[], now = START + DAY_MS): Promise<void> {
      await within((tx) => settleRewards(tx, { tenantId, referralIds: ids, now }));
    },
    release: (ids: readonly ReferralId[], now: number) => within((tx) => releaseDue(tx, { tenantId, referralIds: ids, now })),
    /** All rewards, in the order in which they were earned. */
    rewards: async (): Promise<RewardView[]> => (await within((tx) => listRewards(tx, tenantId, { after: null, limit: 10_000 })))
      .toSorted((a, b) => a.earnedAt - b.earnedAt || a.key.localeCompare(b.key) || a.generation - b.generation),
    refusals: (): Promise<RefusalView[]> => within((tx) => listRefusals(tx, tenantId, { after: null, limit: 10_000 })),
    /** What is left of rewards, by state and unit: `held EUR` -> 1500. */
    async standing(): Promise<Record<string, number>> {
      const sums: Record<string, number> = {};
      for (const { state, unit, pausedBy, grantedMinor, takenBackMinor } of await world.rewards()) {
        if (grantedMinor === takenBackMinor) continue;
        const name = `${state}${pausedBy === null ? '' : ` paused by ${pausedBy}`} ${unit}`;
        sums[name] = (sums[name] ?? 0) + grantedMinor - takenBackMinor;
      }
      return sums;
    },
    /** Balances that are not 0, by `accountKey`. */
    async balances(): Promise<Map<string, number>> {
      const rows = await within((tx) => tx.sql<{ kind: AccountKind; ownerId: string; unit: string; balanceMinor: number }[]>`
        select kind, owner_id as "ownerId", unit, balance_minor as "balanceMinor" from accounts where tenant_id = ${tenantId} and balance_minor <> 0`);
      return new Map(rows.map(({ kind, ownerId, unit, balanceMinor }) => [accountKey({ kind, ownerId }, unit), balanceMinor]));
    },
    async budget(unit: string): Promise<{ total: number | null; reserved: number; confirmed: number } | undefined> {
      const [row] = await within((tx) => tx.sql<{ total: number | null; reserved: number; confirmed: number }[]>`
        select total_minor as total, reserved_minor as reserved, confirmed_minor as confirmed from reward_budgets where program_id = ${programId} and unit = ${unit}`);
      return row;
    },
    async state(id: ReferralId): Promise<string | undefined> {
      return (await within((tx) => tx.sql<{ state: string }[]>`select state from referrals where id = ${id}`))[0]?.state;
    },
  };
  return world;
}

export type RewardsWorld = Awaited<ReturnType<typeof openRewards>> & { readonly tenantId: TenantId };
