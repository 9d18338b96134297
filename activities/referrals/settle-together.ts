import { asId, type ReferralId, type TenantId } from '../../src/domain/ids.ts';
import type { ReferralLook } from '../../src/domain/referral/look.ts';
import { settleReferral, settleReferrals, type SettleReferralDeps, type SettleReferralInput } from './settle-referral.ts';

type Waiting = { readonly referralId: ReferralId; resolve(look: ReferralLook): void; reject(why: unknown): void };

/** Looks of one transaction: some hundred milliseconds of a tenant's books. */
const MOST_TOGETHER = 100;

/**
 * Looks that come while another of their tenant is under way wait for it and are then taken together: a tenant's books have one
 * order, so side by side they would only wait for each other. One that comes alone waits for nobody. Where a
 * group fails each is tried by itself, so that none fails for another.
 */
export function settleTogether(deps: SettleReferralDeps): (input: SettleReferralInput) => Promise<ReferralLook> {
  const waiting = new Map<TenantId, Waiting[]>();

  const settleGroup = async (tenantId: TenantId, group: readonly Waiting[]): Promise<void> => {
    const looks = await settleReferrals(deps, tenantId, [...new Set(group.map(({ referralId }) => referralId))].toSorted()).catch(() => null);
    await Promise.all(group.map(async ({ referralId, resolve, reject }) => {
      try {
        resolve(looks?.get(referralId) ?? await settleReferral(deps, { tenantId, referralId }));
      } catch (error) {
        reject(error);
      }
    }));
  };
  const drain = async (tenantId: TenantId, queue: Waiting[]): Promise<void> => {
    while (queue.length > 0) await settleGroup(tenantId, queue.splice(0, MOST_TOGETHER));
    waiting.delete(tenantId);
  };

  return (input) => new Promise((resolve, reject) => {
    const tenantId = asId('tnt', input.tenantId);
    const one: Waiting = { referralId: asId('ref', input.referralId), resolve, reject };
    const queue = waiting.get(tenantId);
    if (queue !== undefined) {
      queue.push(one);
      return;
    }
    const fresh = [one];
    waiting.set(tenantId, fresh);
    void drain(tenantId, fresh);
  });
}
