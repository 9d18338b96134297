import { z } from 'zod';

/** NUL and half a surrogate pair can be written in JSON, and stored nowhere; the rest of them is in no id either. */
const UNUSABLE = /[\p{Cc}\p{Cs}]/u;

/** An id of Stripe's that must be there. */
export const ownIdField = z.string().min(1).max(190).refine((id) => !UNUSABLE.test(id));

/** An id of Stripe's, or the object itself where it was expanded; null where there is neither. */
export const idField = z.union([
  ownIdField,
  z.object({ id: ownIdField }).transform(({ id }) => id),
]).nullish().transform((id) => id ?? null).catch(null);

/** Key and value as the tenant set them at Stripe. */
export const metadataField = z.record(z.string(), z.unknown()).nullish().catch(null);
export type Metadata = z.output<typeof metadataField>;

export const amountField = z.number();
export const currencyField = z.string().min(1).max(10);

/** ISO 3166, two capitals. */
export const countryField = z.string().regex(/^[A-Z]{2}$/).nullish().catch(null);

/** Where `payment_method_details` of a charge may hold a fingerprint: the same card or account, the same text (https://docs.stripe.com/api/charges/object). */
const MEANS = ['card', 'sepa_debit', 'us_bank_account', 'bacs_debit', 'au_becs_debit'] as const;
const fingerprinted = z.object({ fingerprint: ownIdField });

/** The means a charge was paid by; undefined where it has none that can be recognised. */
export const meansField = z.record(z.string(), z.unknown()).nullish().catch(null).transform((details) => {
  for (const kind of MEANS) {
    const read = fingerprinted.safeParse(details?.[kind]);
    if (read.success) return `${kind} ${read.data.fingerprint}`;
  }
  return undefined;
});

/** A text of the tenant's own that may serve as an id; undefined where it is none. */
export function ownText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 200 && value.trim() === value && !UNUSABLE.test(value) ? value : undefined;
}

/** Names of one payment, each once, in their order; what is not there is left out. */
export function namesOf(...names: readonly (string | null | undefined)[]): string[] {
  return [...new Set(names.filter((name) => typeof name === 'string'))];
}

/** The one name under which a checkout and the first invoice of its subscription always meet. */
export function firstInvoiceOf(subscription: string): string {
  return `${subscription}#first`;
}

export function unreadable() {
  return { says: { kind: 'passed_over', reason: 'unreadable' } } as const;
}
