import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import { countOutcomes } from './count-outcomes.ts';
import { knownValues } from './known-values.ts';

/** What people and apps did, as the API saw it. */
export type GrowthMetrics = {
  /** Invites of one request, decided: accepted, or refused for a reason. */
  decided(decisions: readonly { readonly outcome: string; readonly reason?: string }[]): void;
  /** A link was opened; `whyNot` null: it counts. */
  touched(kind: 'click' | 'view', whyNot: string | null): void;
  /** Somebody wants no more; `way`: by the link of a mail, on the preference page, by SMS, through the app. */
  optedOut(way: 'link' | 'page' | 'sms' | 'app'): void;
  /** A rule of the rate limits said no. */
  limited(rule: string): void;
};

/** Counters of what happens to invites and links before and after a message. */
export function growthMetrics(registry: Registry): GrowthMetrics {
  const invites = new Counter({ name: 'flywheel_invites_decided_total', help: 'Invites asked for: accepted, or refused with a reason.', labelNames: ['outcome', 'reason'], registers: [registry] });
  const touches = new Counter({ name: 'flywheel_touches_total', help: 'Links opened: counted, or why not (bot, prefetch, preview, head, repeat).', labelNames: ['kind', 'outcome'], registers: [registry] });
  const optOuts = new Counter({ name: 'flywheel_opt_outs_total', help: 'People who want no more messages, by the way they said so.', labelNames: ['way'], registers: [registry] });
  const limits = new Counter({ name: 'flywheel_rate_limited_total', help: 'Requests a rate limit refused, by the name of the rule.', labelNames: ['rule'], registers: [registry] });
  for (const way of ['link', 'page', 'sms', 'app']) optOuts.inc({ way }, 0);
  const reasons = knownValues();
  const ruleNames = knownValues();
  return {
    decided(decisions) {
      for (const { outcome, reason, count } of countOutcomes(decisions)) invites.inc({ outcome, reason: reasons(reason) }, count);
    },
    touched: (kind, whyNot) => { touches.inc({ kind, outcome: whyNot ?? 'counted' }); },
    optedOut: (way) => { optOuts.inc({ way }); },
    limited: (rule) => { limits.inc({ rule: ruleNames(rule) }); },
  };
}
