/** How many invites a member may send, in a day of the tenant's zone or in a clock hour, and what becomes of more. */
export type CapRule = {
  readonly invites: number;
  readonly per: 'day' | 'hour';
  /** `refuse`: counted when accepted, more is refused. `defer`: counted when it leaves, more leaves in the next day or hour with room. */
  readonly excess: 'refuse' | 'defer';
};

/** Named caps; `tenant` is the one the tenant has set for itself. */
export const CAP_PROFILES = {
  consumer: { invites: 10, per: 'day', excess: 'refuse' },
  business: { invites: 50, per: 'hour', excess: 'defer' },
} as const satisfies Readonly<Record<string, CapRule>>;

export const CAP_PROFILE_NAMES = ['consumer', 'business', 'tenant'] as const;
export type CapProfile = (typeof CAP_PROFILE_NAMES)[number];

/** What a program says of its members' caps: a profile, or a number of its own (refused beyond). */
export type ProgramCap = { readonly profile: CapProfile } | { readonly perMemberPerDay: number };

/** The cap that holds. A tenant that has set none is a consumer's. */
export function capRuleOf(cap: ProgramCap, tenantCap: CapRule | undefined): CapRule {
  if ('perMemberPerDay' in cap) return { invites: cap.perMemberPerDay, per: 'day', excess: 'refuse' };
  return cap.profile === 'tenant' ? (tenantCap ?? CAP_PROFILES.consumer) : CAP_PROFILES[cap.profile];
}

/** `10 a day`, as people read it. */
export function sayCap({ invites, per }: CapRule): string {
  return per === 'day' ? `${String(invites)} a day` : `${String(invites)} an hour`;
}
