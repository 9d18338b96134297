import { isIP } from 'node:net';
import type { Inputs } from './entry.ts';

const HIDDEN = '…';
/** Fields whose very purpose is to hold what a story never tells, whoever wrote them. */
const PERSONAL_FIELD = /e-?mail|address|phone|(?:^|[a-z_])name$|^name|^ip$|iphash|hash$|visitor|externalid|cookie|token|secret/i;
/** An apostrophe may stand in a local part. */
const MAILBOX = /[^\s<>"(),;:]+@[^\s<>"'(),;:]+/gu;
const PHONE = /\+\d[\d ()-]{6,}\d/g;
const IPV4 = /\b\d{1,3}(?:\.\d{1,3}){3}\b/g;
const LONG_HEX = /\b[0-9a-f]{32,}\b/gi;
/** A word that may be an address of IPv6: judged by itself, with what punctuation may cling to it taken off. */
const WORD = /[0-9a-f:.]{3,45}/gi;
const DEEPEST = 5;

/**
 * The second line of defence: writers put no personal data into decisions; what slipped through all the same, or stands in
 * words somebody typed, is blotted out here. Keeps ids, instants, zones and figures.
 */
export function redactText(text: string): string {
  return redactId(text).replace(LONG_HEX, HIDDEN);
}

/** The same for ids that others made up: those may well be long digests, which say nothing of anybody. */
export function redactId(text: string): string {
  return text
    .replace(MAILBOX, HIDDEN)
    .replace(PHONE, HIDDEN)
    .replace(IPV4, HIDDEN)
    .replace(WORD, (word) => (isIP(word.replace(/^[:.]+(?=[0-9a-f])|[.:]+$/gi, '')) === 0 && isIP(word) === 0 ? word : HIDDEN));
}

/** The same for inputs of any shape; a field that is personal by its name keeps only that it was there. */
export function redactInputs(inputs: Inputs): Inputs {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [redactText(name), redactField(name, value, 0)]));
}

function redactField(name: string, value: unknown, depth: number): unknown {
  return PERSONAL_FIELD.test(name) && value !== null ? HIDDEN : redactValue(value, depth);
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return HIDDEN;
  if (Array.isArray(value)) return value.map((item: unknown) => redactValue(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [redactText(name), redactField(name, inner, depth + 1)]));
}
