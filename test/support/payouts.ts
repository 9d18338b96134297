import { z } from 'zod';
import { bookTransfers } from '../../db/write/ledger/book-transfers.ts';
import { moveRewards } from '../../db/write/rewards/move-rewards.ts';
import { newId } from '../../src/config/new-id.ts';
import { asId, type MemberId, type PayoutBatchId, type PayoutId, type ProgramId, type RewardId, type TenantId } from '../../src/domain/ids.ts';
import { transfer } from '../../src/domain/ledger/transfer.ts';
import { inviteDefinition } from '../../workflows/invite/definition.ts';
import { listIn, textIn, type TestApi, type TestTenant } from './api.ts';

/** A tenant whose members have earned: for what happens after a reward was released. */
export type PayoutStand = {
  readonly as: TestTenant;
  readonly tenantId: TenantId;
  member(externalId: string, payee?: string): Promise<MemberId>;
  /** A reward of the member, released and booked. */
  release(memberId: MemberId, amountMinor: number, more?: { unit?: string; state?: 'held' | 'released'; pausedBy?: 'dispute'; holdUntil?: number }): Promise<RewardId>;
  /** Takes back a part of a reward, or all of it, as a refund does. */
  takeBack(rewardId: RewardId, amountMinor: number): Promise<void>;
  /** A reward that was paid long ago and then taken back: the member owes it. */
  owe(memberId: MemberId, amountMinor: number): Promise<void>;
  /** Makes a batch of EUR and approves it; answers its payouts, by member. */
  approved(body?: Record<string, unknown>): Promise<{ batchId: PayoutBatchId; payouts: Map<string, PayoutId> }>;
  payouts(batchId: string): Promise<Map<string, PayoutId>>;
  payout(id: PayoutId): Promise<Record<string, unknown>>;
  reward(id: RewardId): Promise<{ state: string; payoutId: string | null }>;
  /** Balances of EUR by account, those of 0 left out. */
  balances(): Promise<Record<string, number>>;
  send(method: string, path: string, body?: unknown): ReturnType<TestApi['send']>;
};

/** `as`: a tenant that is there; left out: one of its own. */
export async function openPayoutStand(api: TestApi, tenant?: TestTenant): Promise<PayoutStand> {
  const as = tenant ?? await api.makeTenant();
  const { tenantId } = as;
  const { database, clock } = api;
  const programId = await makeProgram(api, tenantId);
  const send = (method: string, path: string, body?: unknown) => api.send(as, method, path, body);
  const payouts = async (batchId: string): Promise<Map<string, PayoutId>> => {
    const { body } = await send('GET', `/v1/payouts?batchId=${batchId}&limit=100`);
    return new Map(listIn(body, 'data').map((one) => [textIn(one, 'externalId'), asId('pyt', textIn(one, 'id'))]));
  };
  const release: PayoutStand['release'] = async (memberId, amountMinor, { unit = 'EUR', state = 'released', pausedBy, holdUntil = clock.now() - 1 } = {}) => {
    const id = newId('rew', clock.now());
    const now = clock.now();
    const to = pausedBy !== undefined ? { kind: 'disputes' as const, ownerId: '' } : { kind: state === 'held' ? ('member_held' as const) : ('member_owed' as const), ownerId: memberId };
    await database.app.asTenant(tenantId, async (tx) => {
      await tx.sql`
        insert into rewards (id, tenant_id, program_id, program_version, member_id, key, generation, rule_key, side, unit, granted_minor, state, paused_by, earned_at, hold_until, created_at, moved_at)
        values (${id}, ${tenantId}, ${programId}, 1, ${memberId}, ${`test/${id}`}, 0, 'test', 'referrer', ${unit}, ${amountMinor}, ${state}, ${pausedBy ?? null}, ${now}, ${holdUntil}, ${now}, ${now})`;
      const [reserved, confirmed] = state === 'held' ? [amountMinor, 0] : [0, amountMinor];
      await tx.sql`
        insert into reward_budgets as b (tenant_id, program_id, unit, reserved_minor, confirmed_minor) values (${tenantId}, ${programId}, ${unit}, ${reserved}, ${confirmed})
        on conflict (program_id, unit) do update set reserved_minor = b.reserved_minor + ${reserved}, confirmed_minor = b.confirmed_minor + ${confirmed}`;
      await bookTransfers(tx, { tenantId, now, bookings: [{ id: `${id}:grant:0`, move: 'grant', rewardId: id, transfer: transfer({ kind: 'program_budget', ownerId: programId }, to, unit, amountMinor) }] });
    });
    return id;
  };
  const takeBack: PayoutStand['takeBack'] = async (rewardId, amountMinor) => {
    const [row] = await database.superuser<{ left: number }[]>`select granted_minor - taken_back_minor as left from rewards where id = ${rewardId}`;
    const kind = row?.left === amountMinor ? 'reverse' : 'reduce';
    const moved = await database.app.asTenant(tenantId, (tx) => moveRewards(tx, { tenantId, now: clock.now(), moves: [{ rewardId, move: { kind, amountMinor, reason: 'not_eligible' } }] }));
    if (moved[0]?.outcome !== 'moved') throw new Error(`nothing was taken back: ${JSON.stringify(moved)}`);
  };
  return {
    as, tenantId, send, payouts, release, takeBack,
    async member(externalId, payee) {
      const { body } = await send('PUT', `/v1/members/${externalId}`, {});
      if (payee !== undefined) await send('PUT', `/v1/members/${externalId}/payee`, { details: payee });
      return asId('mbr', textIn(body, 'id'));
    },
    async owe(memberId, amountMinor) {
      const id = await release(memberId, amountMinor);
      await database.app.asTenant(tenantId, async (tx) => {
        await tx.sql`update rewards set state = 'paid' where id = ${id}`;
        await bookTransfers(tx, { tenantId, now: clock.now(), bookings: [{ id: `${id}:before:0`, move: 'test', transfer: transfer({ kind: 'member_owed', ownerId: memberId }, { kind: 'cash_out', ownerId: '' }, 'EUR', amountMinor) }] });
      });
      await takeBack(id, amountMinor);
    },
    async approved(body = {}) {
      const made = await send('POST', '/v1/payout-batches', { unit: 'EUR', ...body });
      if (made.status !== 201) throw new Error(made.text);
      const batchId = asId('pbt', textIn(made.body, 'id'));
      const approved = await send('POST', `/v1/payout-batches/${batchId}/approve`);
      if (approved.status !== 200) throw new Error(approved.text);
      return { batchId, payouts: await payouts(batchId) };
    },
    payout: async (id) => (await send('GET', `/v1/payouts/${id}`)).body,
    async reward(id) {
      const [row] = await database.superuser<{ state: string; payoutId: string | null }[]>`select state, payout_id as "payoutId" from rewards where id = ${id}`;
      if (row === undefined) throw new Error('there is no such reward');
      return { ...row };
    },
    async balances() {
      const rows = await database.superuser<{ kind: string; owner: string | null; balance: number }[]>`
        select a.kind, m.external_id as owner, a.balance_minor as balance from accounts a left join members m on m.id = a.owner_id
        where a.tenant_id = ${tenantId} and a.unit = 'EUR' and a.balance_minor <> 0 order by 1, 2`;
      return Object.fromEntries(rows.map(({ kind, owner, balance }) => [owner === null ? kind : `${kind} ${owner}`, balance]));
    },
  };
}

async function makeProgram({ database, clock }: TestApi, tenantId: TenantId): Promise<ProgramId> {
  const now = clock.now();
  const id = newId('prg', now);
  await database.superuser`insert into programs (id, tenant_id, loop, title, created_at, updated_at) values (${id}, ${tenantId}, 'referral', 'Test', ${now}, ${now})`;
  await database.superuser`insert into program_versions (program_id, version, tenant_id, title, terms, created_at) values (${id}, 1, ${tenantId}, 'Test', ${JSON.stringify(inviteDefinition.defaultTerms)}, ${now})`;
  return id;
}

/** A number out of a body; throws where there is none. */
export function numberIn(body: Record<string, unknown>, field: string): number {
  return z.number().parse(body[field]);
}
