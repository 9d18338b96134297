import { timingSafeEqual } from 'node:crypto';
import type { InviteRef } from '../ids.ts';
import { secretInUse, secretNamed, secretOf } from './signer.ts';
import type { Secret, Signer } from './signer.ts';

/**
 * Short codes: 16 characters, `xxxxxxxxxxx` + `k` + `ssss`: 11 characters of identity (52.9 bits), one that names
 * the secret, 4 of a truncated HMAC over both. A guessed code passes the signature once in 614,656 tries and
 * then names no link; so forgeries are refused without a look into the database, and cannot find real links.
 *
 * The alphabet is the digits and small letters without `0 o 1 l i` (look-alikes) and without vowels: a code shown
 * to people, children among them, never spells a word. That leaves 28 signs, not 32: one character more than
 * base 32 would take. Upper case, hyphens and spaces, as people type them, are read alike.
 */
const ALPHABET = '23456789bcdfghjkmnpqrstvwxyz';
const IDENTITY_LENGTH = 11;
const SIGNATURE_LENGTH = 4;
const CODE = /^[2-9b-df-hj-km-np-tv-z]{16}$/;
const LONGEST_TYPED = 40;

/** What a signature is for: no signed visitor id ever serves as a link's code. */
type CodeUse = 'code' | 'visitor';

/** A fresh code for a share link, of 16 random bytes. */
export function shareCode(signer: Signer, random: Uint8Array): string {
  return signed(secretInUse(signer), 'code', identityOf(random));
}

/**
 * The code of an invite's link, derived from the invite: claiming it twice, or after a secret was replaced, gives
 * the same code. The secret is the one that was in use when the batch was made, which its id tells.
 */
export function inviteCode(signer: Signer, invite: InviteRef): string {
  const secret = secretOf(signer, madeAt(invite.batchId));
  return signed(secret, 'code', identityOf(secret.sign('link', `invite\0${invite.batchId}\0${String(invite.n)}`)));
}

/** A fresh visitor id for a cookie, of 16 random bytes: signed, so that nobody makes up visitors to be counted. */
export function visitorCode(signer: Signer, random: Uint8Array): string {
  return signed(secretInUse(signer), 'visitor', identityOf(random));
}

/** A code as it was made, from what somebody typed or pasted; null where it cannot be one. Says nothing of its signature. */
export function readCode(typed: string): string | null {
  if (typed.length > LONGEST_TYPED) return null;
  const code = typed.replaceAll(/[-\s]/g, '').toLowerCase();
  return CODE.test(code) ? code : null;
}

/** Was this code (as `readCode` gives it) signed by one of our secrets? Compares in constant time. */
export function isAuthentic(signer: Signer, code: string): boolean {
  return carriesSignature(signer, 'code', code);
}

export function isAuthenticVisitor(signer: Signer, visitor: string): boolean {
  return carriesSignature(signer, 'visitor', visitor);
}

function carriesSignature(signer: Signer, use: CodeUse, code: string): boolean {
  if (!CODE.test(code)) return false;
  const secret = secretNamed(signer, code.charAt(IDENTITY_LENGTH));
  if (secret === undefined) return false;
  return timingSafeEqual(Buffer.from(code), Buffer.from(signed(secret, use, code.slice(0, IDENTITY_LENGTH))));
}

function signed(secret: Secret, use: CodeUse, identity: string): string {
  const signature = secret.sign('link', `${use}\0${secret.keyId}\0${identity}`);
  return identity + secret.keyId + symbols(signature, SIGNATURE_LENGTH);
}

function identityOf(random: Uint8Array): string {
  return symbols(random, IDENTITY_LENGTH);
}

/** 128 bits reduced to `count` characters: far more bits than characters, so that none is likelier than another. */
function symbols(bytes: Uint8Array, count: number): string {
  if (bytes.length < 16) throw new Error('a code takes 16 bytes');
  const rest = bytes.slice(0, 16);
  let text = '';
  for (let i = 0; i < count; i += 1) text += ALPHABET.charAt(divide(rest, ALPHABET.length));
  return text;
}

/** Divides a number of bytes, the highest first, in place; returns the remainder. Many times as fast as BigInt, and asked several times a click. */
function divide(number: Uint8Array, by: number): number {
  let rest = 0;
  for (let i = 0; i < number.length; i += 1) {
    const value = rest * 256 + (number[i] ?? 0);
    rest = value % by;
    number[i] = (value - rest) / by;
  }
  return rest;
}

/** The instant (epoch ms) in a sortable id: the first ten characters after its prefix, base 32 (Crockford). */
function madeAt(id: string): number {
  const digits = '0123456789abcdefghjkmnpqrstvwxyz';
  return id.slice(4, 14).split('').reduce((at, sign) => at * 32 + digits.indexOf(sign), 0);
}
