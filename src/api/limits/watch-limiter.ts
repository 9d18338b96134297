import type { GrowthMetrics } from '../../telemetry/metrics/growth-metrics.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** The same limiter; what it refuses is counted by the rule that refused. */
export function watchLimiter(limiter: RateLimiter, growth: Pick<GrowthMetrics, 'limited'>): RateLimiter {
  return {
    async charge(charges) {
      const charged = await limiter.charge(charges);
      if (charged.kind === 'refused') for (const { name } of charged.refusedBy) growth.limited(name);
      return charged;
    },
    knownRefusal(charge) {
      const refusal = limiter.knownRefusal(charge);
      if (refusal !== null) for (const { name } of refusal.refusedBy) growth.limited(name);
      return refusal;
    },
  };
}
