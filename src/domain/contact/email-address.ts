import { domainToASCII } from 'node:url';

export type EmailAddress =
  | {
      readonly outcome: 'ok';
      /** As typed, for sending: trimmed, its domain in lower case and punycode. */
      readonly address: string;
      /** Who it reaches, for comparing: spellings that one person receives in one mailbox give one key. Never send to it. */
      readonly mailbox: string;
      readonly domain: string;
    }
  | { readonly outcome: 'invalid'; readonly reason: EmailProblem };

export type EmailProblem = keyof typeof EMAIL_PROBLEMS;

export const EMAIL_PROBLEMS = {
  empty: 'The address is empty.',
  too_long: 'The address is too long: at most 64 characters before the @ and 254 altogether.',
  stray_character: 'The address holds a space, a quote, a bracket, a comma or an invisible character. Give the bare address, one at a time.',
  not_one_at: 'The address needs exactly one @.',
  local_part: 'The part before the @ is empty, or has a dot at its start or end or two in a row.',
  non_ascii_local_part: 'Letters with accents or of other scripts are possible after the @, not before it.',
  domain: 'The part after the @ is not a domain name.',
  domain_without_dot: 'The part after the @ needs a dot, as in example.com.',
} as const;

const STRAY = /[\s\p{C}"'`()<>[\]\\,;:]/u;
const ALLOWED_QUOTE = /['`]/g; // valid in a local part (o'brien@…), never in a domain
const DOT_ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Reads one e-mail address. Limits of RFC 5321, 4.5.3.1 (64 octets before the @, 254 altogether by its errata 1690).
 * On purpose narrower than RFC 5322: no quoted local parts, comments, groups, routes or address literals, which real
 * people do not have and header injection does. Local parts are ASCII: RFC 6531 addresses need SMTPUTF8 on every hop,
 * and a relay without it would get raw bytes; internationalised domains are fine, they travel as punycode.
 */
export function parseEmailAddress(raw: string): EmailAddress {
  const typed = raw.slice(0, 1000).trim();
  if (typed === '') return invalid('empty');
  const at = typed.lastIndexOf('@');
  const local = typed.slice(0, Math.max(at, 0));
  const typedDomain = typed.slice(at + 1);
  if (STRAY.test(local.replace(ALLOWED_QUOTE, '')) || STRAY.test(typedDomain)) return invalid('stray_character');
  if (at < 0 || local.includes('@')) return invalid('not_one_at');
  if (/[^\x20-\x7e]/.test(local)) return invalid('non_ascii_local_part');
  if (local.length > 64 || raw.length > 1000) return invalid('too_long');
  if (!DOT_ATOM.test(local)) return invalid('local_part');
  const domain = asciiDomain(typedDomain);
  if (domain === null) return invalid('domain');
  if (!domain.includes('.')) return invalid('domain_without_dot');
  if (local.length + 1 + domain.length > 254) return invalid('too_long');
  return { outcome: 'ok', address: `${local}@${domain}`, mailbox: mailboxKey(local, domain), domain };
}

/** The domain in lower case and punycode, or null when a name server could never have it (an IP address is no domain either). */
function asciiDomain(typed: string): string | null {
  if (/[/?#@%]/.test(typed)) return null;
  const domain = domainToASCII(typed).toLowerCase();
  const labels = domain.split('.');
  if (domain === '' || domain.length > 253 || !labels.every((label) => LABEL.test(label))) return null;
  return /^\d+$/.test(labels.at(-1) ?? '') ? null : domain;
}

const GMAIL: ReadonlySet<string> = new Set(['gmail.com', 'googlemail.com']);
const TAGGING = /^(?:(?:outlook|hotmail|live)\.[a-z]{2,3}(?:\.[a-z]{2})?|msn\.com|icloud\.com|me\.com|mac\.com)$/;

/**
 * Gmail ignores dots and what follows a "+" (support.google.com/mail/answer/7436150), and googlemail.com is the same
 * mailbox; Outlook.com and iCloud ignore the "+" part only. Elsewhere nothing but case is folded: whether a server
 * tells "Ana" from "ana" is its own affair (RFC 5321, 2.4), but no real one does.
 */
function mailboxKey(local: string, domain: string): string {
  const folded = local.toLowerCase();
  const untagged = folded.split('+')[0] ?? '';
  if (GMAIL.has(domain)) return `${untagged.replaceAll('.', '') || folded}@gmail.com`;
  return `${TAGGING.test(domain) ? untagged || folded : folded}@${domain}`;
}

function invalid(reason: EmailProblem): EmailAddress {
  return { outcome: 'invalid', reason };
}
