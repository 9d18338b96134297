import type { Response } from 'express';
import type { KeyId, MemberId, TenantId } from '../../domain/ids.ts';
import { memberRule, tierRule } from '../../domain/limits/tiers.ts';
import type { Flow, Tier } from '../../domain/limits/tiers.ts';
import { problem } from '../problems.ts';
import type { Problem } from '../problems.ts';
import type { Method } from '../route.ts';
import type { Services } from '../services.ts';
import type { FlowCost } from './flow-cost.ts';
import type { Charge } from './rate-limiter.ts';
import { sayRefused, showStandings } from './rate-limit-headers.ts';

type Payer = { tenantId: TenantId; keyId: KeyId; tier: Tier; asMember?: MemberId | null };
export type ChargedRequest = Problem<'rate_limited'> | { kind: 'passed'; giveBack(): void };

/**
 * One request of its key, and one write of its tenant where it is not a GET: before its body is read. A member's browser is held to
 * the member's own measure, too, and takes nothing of the writes of the app's servers.
 */
export function chargeRequest(services: Services, response: Response, payer: Payer, method: Method): Promise<ChargedRequest> {
  const asMember = payer.asMember ?? null;
  return charge(services, response, [
    ...(asMember === null ? [] : [{ rule: memberRule(payer.tier), who: `member ${asMember}`, cost: 1 }]),
    ...chargeOf(payer, 'requests', 1, `key ${payer.keyId}`),
    ...(method === 'get' || asMember !== null ? [] : chargeOf(payer, 'writes', 1, `tenant ${payer.tenantId}`)),
  ]);
}

/**
 * What a costly flow takes, once it is known how much is asked for: before anything is done. A repeat of a request that was
 * answered (`isAnswered`) is not refused: its answer is there, and who lost it should not wait for it as for new work.
 */
export async function chargeFlow(services: Services, response: Response, payer: Payer, cost: FlowCost | null, isAnswered: () => Promise<boolean>): Promise<ChargedRequest> {
  return charge(services, response, cost === null ? [] : chargeOf(payer, cost.flow, cost.units, `tenant ${payer.tenantId}`), isAnswered);
}

/** Is a flow known to let nothing more through? For who would have to send much to hear it. Asks nobody and takes nothing. */
export function knownFlowRefusal({ limiter }: Services, response: Response, payer: Payer, flow: FlowCost['flow']): Problem<'rate_limited'> | null {
  const [one] = chargeOf(payer, flow, 1, `tenant ${payer.tenantId}`);
  const refused = one === undefined ? null : (limiter?.knownRefusal(one) ?? null);
  if (refused === null) return null;
  showStandings(response, refused);
  return problem('rate_limited', { detail: sayRefused(refused.refusedBy, refused.retryAfterSeconds) });
}

function chargeOf({ tier }: Payer, flow: Flow, cost: number, who: string): Charge[] {
  const rule = tierRule(tier, flow);
  return rule === null ? [] : [{ rule, who, cost }];
}

async function charge({ limiter }: Services, response: Response, charges: readonly Charge[], isFree?: () => Promise<boolean>): Promise<ChargedRequest> {
  if (limiter === undefined || charges.length === 0) return FREE;
  const charged = await limiter.charge(charges);
  if (charged.kind === 'refused' && (await isFree?.()) === true) return FREE;
  showStandings(response, charged);
  if (charged.kind === 'passed') return charged;
  return problem('rate_limited', { detail: sayRefused(charged.refusedBy, charged.retryAfterSeconds) });
}

const FREE = { kind: 'passed', giveBack: () => {} } as const;
