import type { IncomingMessage } from 'node:http';
import { tokensNotBefore } from '../../db/read/member-tokens.ts';
import { hashSecret } from '../config/keyring.ts';
import { isAllowedOrigin } from '../domain/key/allowed-origin.ts';
import { bearerIn, keyProblem, lookUpKey } from './authenticate.ts';
import type { Caller, KeyProblem } from './authenticate.ts';
import { madeAt, readMemberToken } from './member-tokens-text.ts';
import { problem } from './problems.ts';
import type { Problem } from './problems.ts';
import type { Services } from './services.ts';

export const KEY_HEADER = 'x-flywheel-key';

type BrowserProblem = KeyProblem | Problem<'origin_not_allowed' | 'member_token_missing' | 'member_token_unknown' | 'member_token_expired' | 'member_token_revoked'>;

/** Who asks, and the origin whose page may read the answer: null where no page may. */
export type Identified = { readonly caller: Caller | BrowserProblem; readonly readableBy: string | null };

/**
 * Under what its Idempotency-Key is kept: a member's by the member's own name, so that nobody gets the answer to a request that another
 * member, or the app's server, sent under the same key.
 */
export function ownKeyOf({ asMember }: Caller, given: string): string {
  return asMember === null ? given : `browser ${hashSecret(`${asMember} ${given}`).toString('base64url')}`;
}

/** What a request proves itself by, as one text; undefined where it brings nothing. */
export function credentialsIn({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const key = headers[KEY_HEADER];
  return key === undefined ? headers.authorization : `${String(key)} ${headers.authorization ?? ''}`;
}

/** Does this request come with a publishable key? Then it is a browser's or an app's. */
export function isBrowserCall({ headers }: IncomingMessage): boolean {
  return headers[KEY_HEADER] !== undefined;
}

/**
 * Which member of which tenant asks: the key in `X-Flywheel-Key` names the app, the token in `Authorization: Bearer mt_…` the member.
 * The origin is judged by the key before the token is; both are looked up at once. A request without an origin comes from no page of somebody else's
 * (browsers leave it out to the own host alone, apps and servers have none): then the token decides alone.
 */
export async function identifyBrowser({ db, keyring }: Pick<Services, 'db' | 'keyring'>, { headers }: Pick<IncomingMessage, 'headers'>, now: number): Promise<Identified> {
  const { origin } = headers;
  const text = bearerIn(headers.authorization);
  const token = text === undefined ? null : readMemberToken(keyring, text);
  const [key, notBefore] = await Promise.all([lookUpKey(db.sql, String(headers[KEY_HEADER])), token === null ? null : tokensNotBefore(db.sql, token)]);
  if (key === null) return { caller: problem('key_unknown'), readableBy: null };
  if (key.kind === 'secret') return { caller: problem('wrong_key_kind', { detail: 'This is a secret key: if a browser or an app has it, revoke it now. `X-Flywheel-Key` takes a publishable key, `pk_…`.' }), readableBy: null };
  if (origin !== undefined && !isAllowedOrigin(origin, key)) return { caller: problem('origin_not_allowed'), readableBy: null };
  const readableBy = origin ?? null;
  const refusal = keyProblem(key, now);
  if (refusal !== null) return { caller: refusal, readableBy };
  if (text === undefined) return { caller: problem('member_token_missing'), readableBy };
  if (token === null || token.tenantId !== key.tenantId) return { caller: problem('member_token_unknown'), readableBy };
  if (token.expiresAt <= now) return { caller: problem('member_token_expired'), readableBy };
  if (notBefore !== null && madeAt(token) < notBefore) return { caller: problem('member_token_revoked'), readableBy };
  const until = Math.min(token.expiresAt, key.expiresAt ?? Infinity);
  return { caller: { kind: 'caller', keyId: key.keyId, tenantId: key.tenantId, tier: key.tier, asMember: token.memberId, until }, readableBy };
}
