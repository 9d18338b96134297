import { timingSafeEqual } from 'node:crypto';
import type { MemberId, TenantId } from '../ids.ts';
import { signatureOf } from '../link/invite-token.ts';
import { secretInUse, secretNamed, type Signer } from '../link/signer.ts';

/** Whose browser it is. */
type Whose = { readonly tenantId: TenantId; readonly memberId: MemberId };

const MARK = /^[0-9a-z]{27}$/;

/** What a browser keeps that has opened a member's own page: it tells nobody who that is, and is known again at all links of this member alone. */
export function ownMark(signer: Signer, whose: Whose): string {
  const secret = secretInUse(signer);
  return secret.keyId + signatureOf(secret, 'play', bodyOf(whose));
}

export function isOwnMark(signer: Signer, whose: Whose, given: string): boolean {
  const secret = MARK.test(given) ? secretNamed(signer, given.charAt(0)) : undefined;
  return secret !== undefined && timingSafeEqual(Buffer.from(given.slice(1)), Buffer.from(signatureOf(secret, 'play', bodyOf(whose))));
}

/** Begins like no other text that is signed for this purpose. */
function bodyOf({ tenantId, memberId }: Whose): string {
  return ['own', tenantId, memberId].join(' ');
}
