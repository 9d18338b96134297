/** The ways in which money leaves. What each needs and can be asked. */
export const RAILS = {
  manual: { needsPayee: false, hasAddress: false, canList: false, says: 'A person pays, from a file, and says here what came of it.' },
  own_system: { needsPayee: false, hasAddress: true, canList: false, says: 'The tenant\'s own system is told by a signed webhook, pays, and confirms by the API.' },
  transfers_api: { needsPayee: true, hasAddress: true, canList: true, says: 'A provider with an API for transfers: created with an idempotency key, and listed.' },
} as const satisfies Readonly<Record<string, { needsPayee: boolean; hasAddress: boolean; canList: boolean; says: string }>>;
export type RailKind = keyof typeof RAILS;
export const RAIL_KINDS = ['manual', 'own_system', 'transfers_api'] as const satisfies readonly RailKind[];
