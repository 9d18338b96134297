import { WEBHOOK_TYPES, isWebhookType, type WebhookType } from './types.ts';

/** Everything; a family (`referral.*`); one type (`reward.paid`). */
const FAMILY = /^([a-z_]+)\.\*$/;

/** Does an endpoint with these patterns want the type? */
export function wantsType(patterns: readonly string[], type: string): boolean {
  return patterns.some((pattern) => pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1))));
}

/** Is it a pattern that any type fits? What fits none is a mistake to name, not a wish. */
export function isTypePattern(pattern: string): boolean {
  if (pattern === '*' || isWebhookType(pattern)) return true;
  const family = FAMILY.exec(pattern)?.[1];
  return family !== undefined && FAMILIES.has(family);
}

/** The types that these patterns stand for today. A test was for one endpoint and is nobody else's. */
export function typesWanted(patterns: readonly string[]): WebhookType[] {
  return Object.keys(WEBHOOK_TYPES).filter(isWebhookType).filter((type) => type !== 'webhook.test' && wantsType(patterns, type));
}

const FAMILIES: ReadonlySet<string> = new Set(Object.keys(WEBHOOK_TYPES).map((type) => type.slice(0, type.indexOf('.'))));
