import { timingSafeEqual } from 'node:crypto';
import { signatureOf } from '../link/invite-token.ts';
import { secretInUse, secretNamed, type Signer } from '../link/signer.ts';

/** One question of one guest by one link. `guest`: what nobody else has, the hash of the guest's token. */
export type PlayForm = { readonly guest: string; readonly code: string; readonly round: number; readonly n: number };

const TOKEN = /^[0-9a-z]{27}$/;

/** What a page's form brings back: the answer is to this very question, asked of this very guest, and of no other deck. */
export function playFormToken(signer: Signer, form: PlayForm): string {
  const secret = secretInUse(signer);
  return secret.keyId + signatureOf(secret, 'play', bodyOf(form));
}

export function isPlayForm(signer: Signer, form: PlayForm, given: string): boolean {
  const secret = TOKEN.test(given) ? secretNamed(signer, given.charAt(0)) : undefined;
  return secret !== undefined && timingSafeEqual(Buffer.from(given.slice(1)), Buffer.from(signatureOf(secret, 'play', bodyOf(form))));
}

/** Begins like no waiting token. */
function bodyOf({ guest, code, round, n }: PlayForm): string {
  return ['form', guest, code, String(round), String(n)].join(' ');
}
