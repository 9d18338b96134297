/** In the outbox a nudge of this lane calls the run that delivers a tenant's webhooks. There is one, without shards. */
export const WEBHOOKS_LANE = 'webhooks';
