import { vendorWords } from '../email/vendor-words.ts';

/** The vendor's words as they may be kept: one bounded line without addresses and without anything that looks like a phone number. */
export function phoneless(raw: string): string {
  return vendorWords(raw.slice(0, 4000).replace(/\+?\d(?:[\s().-]{0,2}\d){6,}/g, '…'));
}
