/** The most that terms may hold. */
export const REWARD_LIMITS = {
  rules: 50,
  milestones: 10,
  tiers: 20,
  caps: 20,
  budgets: 20,
  countries: 250,
  products: 200,
  holdDays: 365,
  withinDays: 3_650,
  expiresAfterDays: 3_650,
  nth: 1_000,
  months: 120,
  reached: 1_000_000,
  rewards: 1_000_000,
} as const;
