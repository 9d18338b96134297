import type { RateRule } from './rate-rule.ts';

/** Plan tiers, the smallest first. */
export const TIERS = ['free', 'growth', 'scale', 'unlimited'] as const;
export type Tier = (typeof TIERS)[number];

/** What a tier limits: requests by key; the rest by tenant. Invites are counted by invitees, rows by rows. */
export const FLOWS = ['requests', 'writes', 'invites', 'rows', 'previews', 'page-links'] as const;
export type Flow = (typeof FLOWS)[number];

const MINUTE = 60;
const HOUR = 3_600;

const rule = (name: string, quota: number, windowSeconds: number, burst: number): RateRule => ({ name, quota, windowSeconds, burst });
const rules = (numbers: Record<Flow, readonly [quota: number, windowSeconds: number, burst: number]>): Readonly<Record<Flow, RateRule>> => ({
  requests: rule('requests', ...numbers.requests),
  writes: rule('writes', ...numbers.writes),
  invites: rule('invites', ...numbers.invites),
  rows: rule('rows', ...numbers.rows),
  previews: rule('previews', ...numbers.previews),
  'page-links': rule('page-links', ...numbers['page-links']),
});

const TIER_RULES: Readonly<Record<Tier, Readonly<Record<Flow, RateRule>> | null>> = {
  free: rules({
    requests: [300, MINUTE, 60],
    writes: [120, MINUTE, 30],
    invites: [1_000, HOUR, 500],
    rows: [10_000, HOUR, 2_000],
    previews: [30, MINUTE, 10],
    'page-links': [60, HOUR, 20],
  }),
  growth: rules({
    requests: [3_000, MINUTE, 500],
    writes: [1_200, MINUTE, 200],
    invites: [50_000, HOUR, 5_000],
    rows: [200_000, HOUR, 20_000],
    previews: [300, MINUTE, 60],
    'page-links': [600, HOUR, 100],
  }),
  scale: rules({
    requests: [60_000, MINUTE, 5_000],
    writes: [30_000, MINUTE, 2_500],
    invites: [3_600_000, HOUR, 200_000],
    rows: [3_600_000, HOUR, 200_000],
    previews: [3_000, MINUTE, 500],
    'page-links': [6_000, HOUR, 1_000],
  }),
  unlimited: null,
};

/** The rule of a tier for a flow; null: no limit. */
export function tierRule(tier: Tier, flow: Flow): RateRule | null {
  return TIER_RULES[tier]?.[flow] ?? null;
}

/** Of one member's browser or app: on every tier well below what its key may, so that nobody uses up what is meant for all. */
const MEMBER_RULES = { few: rule('member', 60, MINUTE, 15), many: rule('member', 240, MINUTE, 60) } as const;

export function memberRule(tier: Tier): RateRule {
  return tier === 'free' ? MEMBER_RULES.few : MEMBER_RULES.many;
}

/** What nobody has a plan for: callers without a (good) key, by network, and pages by whom they are about. */
export const PUBLIC_RULES = {
  /** Keys that open nothing. */
  badKeys: rule('bad-keys', 60, MINUTE, 20),
  /** Tokens of ours that have ended: nobody guesses by them, and a school's pages wake up all at once. */
  endedTokens: rule('ended-tokens', 3_000, MINUTE, 600),
  /** Short links. A mobile operator puts thousands of phones behind one address, so it is generous. */
  links: rule('links', 3_000, MINUTE, 600),
  /** Opt-out, explain and preview pages. */
  pages: rule('pages', 300, MINUTE, 100),
  /** One recipient's opt-out page, from wherever. */
  recipient: rule('recipient', 60, MINUTE, 20),
  /** Our replies to one phone that asks by SMS. */
  smsReplies: rule('sms-replies', 20, HOUR, 5),
} as const satisfies Record<string, RateRule>;
