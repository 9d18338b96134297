import { timingSafeEqual } from 'node:crypto';
import { isId, type RunId, type TenantId } from '../ids.ts';
import { signatureOf } from '../link/invite-token.ts';
import { secretInUse, secretNamed, type Signer } from '../link/signer.ts';

/** Whose waiting page a link opens: that of the member for whom this run was started. */
export type WaitingLink = { readonly tenantId: TenantId; readonly runId: RunId };

/**
 * 81 characters: `1` (format), key id, `w`, tenant (26), run (26), signature (26: 128 bits of HMAC-SHA256). It holds no name and no secret but
 * its signature, and tells of one run alone.
 */
const TOKEN = /^1[0-9a-z]w[0-9a-z]{78}$/;
const SIGNED_LENGTH = 55;

/** The token of `/w/{token}`. */
export function waitingToken(signer: Signer, { tenantId, runId }: WaitingLink): string {
  const secret = secretInUse(signer);
  const body = `1${secret.keyId}w${tenantId.slice(4)}${runId.slice(4)}`;
  return body + signatureOf(secret, 'play', body);
}

/** What a token opens; null where it is none of ours. Compares in constant time. */
export function readWaitingToken(signer: Signer, given: string): WaitingLink | null {
  if (given.length > 100) return null;
  const token = given.toLowerCase();
  const secret = TOKEN.test(token) ? secretNamed(signer, token.charAt(1)) : undefined;
  if (secret === undefined) return null;
  const body = token.slice(0, SIGNED_LENGTH);
  if (!timingSafeEqual(Buffer.from(token.slice(SIGNED_LENGTH)), Buffer.from(signatureOf(secret, 'play', body)))) return null;
  const [tenantId, runId] = [`tnt_${body.slice(3, 29)}`, `run_${body.slice(29)}`];
  return isId('tnt', tenantId) && isId('run', runId) ? { tenantId, runId } : null;
}

/** The path of a run's waiting page. */
export function waitingPath(signer: Signer, link: WaitingLink): string {
  return `/w/${waitingToken(signer, link)}`;
}
