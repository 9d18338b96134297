/**
 * A card provider's counting where it differs from ISO 4217 (Stripe, "Supported currencies": ISK and UGX with two decimals, MGA without;
 * currencies of three decimals end in 0).
 */
const TWO_DECIMALS_THERE: ReadonlySet<string> = new Set(['ISK', 'UGX']);
const NO_DECIMALS_THERE: ReadonlySet<string> = new Set(['MGA']);
const THREE_DECIMALS: ReadonlySet<string> = new Set(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND']);

/** What the provider is asked for; null where it cannot pay such an amount. */
export function toVendorAmount(amountMinor: number, currency: string): number | null {
  if (TWO_DECIMALS_THERE.has(currency)) return Number.isSafeInteger(amountMinor * 100) ? amountMinor * 100 : null;
  if (NO_DECIMALS_THERE.has(currency)) return amountMinor % 100 === 0 ? amountMinor / 100 : null;
  return THREE_DECIMALS.has(currency) && amountMinor % 10 !== 0 ? null : amountMinor;
}
