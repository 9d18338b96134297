import { timingSafeEqual } from 'node:crypto';
import { isId, type GuestId, type MemberId, type RunId, type TenantId } from '../ids.ts';
import { signatureOf } from '../link/invite-token.ts';
import { secretInUse, secretNamed, type Signer } from '../link/signer.ts';

/** Which board a link opens, and whose own rank is marked there; null: nobody's. */
export type BoardLink = { readonly tenantId: TenantId; readonly runId: RunId; readonly personId: MemberId | GuestId | null };

/**
 * `1` (format), key id, `b`, tenant (26), run (26), `m` or `g` and a person (26) or `n` alone, signature (26: 128 bits of HMAC-SHA256). It opens
 * what everybody on the board sees, and says whose row is "you": ids, no name.
 */
const TOKEN = /^1[0-9a-z]b[0-9a-z]{52}(?:n|[mg][0-9a-z]{26})[0-9a-z]{26}$/;
const SIGNATURE = 26;
const PREFIXES = { m: 'mbr', g: 'gst' } as const;

/** The path of a board's page, as one person sees it. */
export function boardPath(signer: Signer, { tenantId, runId, personId }: BoardLink): string {
  const secret = secretInUse(signer);
  const person = personId === null ? 'n' : `${personId.charAt(0)}${personId.slice(4)}`;
  const body = `1${secret.keyId}b${tenantId.slice(4)}${runId.slice(4)}${person}`;
  return `/b/${body}${signatureOf(secret, 'play', body)}`;
}

/** What a token opens; null where it is none of ours. Compares in constant time. */
export function readBoardToken(signer: Signer, given: string): BoardLink | null {
  if (given.length > 120) return null;
  const token = given.toLowerCase();
  const secret = TOKEN.test(token) ? secretNamed(signer, token.charAt(1)) : undefined;
  if (secret === undefined) return null;
  const body = token.slice(0, -SIGNATURE);
  if (!timingSafeEqual(Buffer.from(token.slice(-SIGNATURE)), Buffer.from(signatureOf(secret, 'play', body)))) return null;
  const [tenantId, runId] = [`tnt_${body.slice(3, 29)}`, `run_${body.slice(29, 55)}`];
  const personId = readPerson(body.slice(55));
  return isId('tnt', tenantId) && isId('run', runId) && personId !== 'wrong' ? { tenantId, runId, personId } : null;
}

function readPerson(text: string): MemberId | GuestId | null | 'wrong' {
  if (text === 'n') return null;
  const id = `${text.startsWith('m') ? PREFIXES.m : PREFIXES.g}_${text.slice(1)}`;
  return isId('mbr', id) || isId('gst', id) ? id : 'wrong';
}
