import { everyRoute } from './every-route.ts';

/** By the tenant's own name for a user, by a channel or by a loop: whatever is written there is nobody else's. */
const OWN_NAMES = new Set(['PUT /v1/members/{id}', 'PUT /v1/hard-stops/{channel}', 'DELETE /v1/hard-stops/{channel}', 'GET /v1/loops/{key}']);

/** Routes that name in their path what somebody else could have. */
export const routesWithIds = everyRoute.filter(([name, route]) => route.path.includes('{') && !OWN_NAMES.has(name));

/** What such a route wants to be told, of a tenant whose member is called user-1; nothing where it is not named. */
export const WANTED: Readonly<Record<string, object>> = {
  'PUT /v1/members/{id}/payee': { details: 'acct_1234' },
  'POST /v1/payouts/{id}/mark': { as: 'paid' },
  'POST /v1/payout-batches/{id}/exclude': { externalId: 'user-1' },
  'POST /v1/webhook-endpoints/{id}/resend': { from: '2026-06-10T08:00:00Z' },
  'POST /v1/rewards/{id}/void': { reason: 'two accounts' },
  'POST /v1/prompts/{id}/answers': { answer: 'shown' },
  'POST /v1/runs/{id}/pause': { reason: 'looked into' },
  'POST /v1/runs/{id}/resume': { reason: 'in order' },
  'POST /v1/runs/{id}/shorten': { until: '2030-06-10T08:00:00Z', reason: 'waived' },
  'POST /v1/runs/{id}/cancel': { reason: 'one person' },
  'POST /v1/runs/{id}/resend': { reason: 'it did not arrive' },
  'POST /v1/programs/{id}/evaluate': { events: [{ type: 'signed_up', occurredAt: '2026-06-01T10:00:00Z' }], rewards: { rules: [] } },
  'POST /v1/rewards/{id}/hold': { extendDays: 1 },
  'POST /v1/referrals/{id}/void': { reason: 'two accounts' },
  'POST /v1/referrals/{id}/correct': { referrerExternalId: 'user-1', reason: 'they said so' },
  'POST /v1/referrals/{id}/review': { underReview: true, reason: 'many at once' },
};
