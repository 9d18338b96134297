/**
 * Prefixed, sortable ids: `inv_01k…`. After the prefix come 26 characters of Crockford's base 32 without
 * look-alikes: 48 bits of epoch milliseconds, then 80 random bits (the ULID layout), lower case.
 */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const BODY = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;
const ORDINAL = /^[0-9a-hjkmnp-tv-z]{2}$/;

export type IdPrefix = 'tnt' | 'key' | 'mbr' | 'cnt' | 'prg' | 'bat' | 'inv' | 'sup' | 'tch' | 'rcp' | 'dec' | 'imp' | 'con' | 'ref' | 'pay' | 'rew' | 'pyt' | 'pbt' | 'whe' | 'whd' | 'prm' | 'fee' | 'run' | 'gst' | 'rrc';

declare const brand: unique symbol;
export type Id<P extends IdPrefix> = string & { readonly [brand]: P };
export type TenantId = Id<'tnt'>;
export type KeyId = Id<'key'>;
export type MemberId = Id<'mbr'>;
export type ContactId = Id<'cnt'>;
export type ProgramId = Id<'prg'>;
export type BatchId = Id<'bat'>;
export type InviteId = Id<'inv'>;
export type SuppressionId = Id<'sup'>;
export type TouchId = Id<'tch'>;
export type ImportId = Id<'imp'>;
export type ConsentId = Id<'con'>;
export type ReferralId = Id<'ref'>;
export type PaymentId = Id<'pay'>;
export type RewardId = Id<'rew'>;
export type PayoutId = Id<'pyt'>;
export type PayoutBatchId = Id<'pbt'>;
export type WebhookEndpointId = Id<'whe'>;
export type WebhookDeliveryId = Id<'whd'>;
export type PromptId = Id<'prm'>;
export type ReportRecipientId = Id<'rrc'>;
export type FeedItemId = Id<'fee'>;
export type RunId = Id<'run'>;
export type GuestId = Id<'gst'>;

/** Where an invite stands: its batch, and its place in the request (0 to 999). */
export type InviteRef = { batchId: BatchId; n: number };

export function isId<P extends IdPrefix>(prefix: P, value: string): value is Id<P> {
  return value.startsWith(`${prefix}_`) && BODY.test(value.slice(prefix.length + 1));
}

/** Reads an id that must be right (a database row, a workflow's input); throws where it is not. */
export function asId<P extends IdPrefix>(prefix: P, value: string): Id<P> {
  if (!isId(prefix, value)) throw new Error(`not a ${prefix}_ id: ${value.slice(0, 40)}`);
  return value;
}

/** Makes an id from the instant (epoch ms) and 10 random bytes. */
export function makeId<P extends IdPrefix>(prefix: P, now: number, random: Uint8Array): Id<P> {
  if (random.length < 10) throw new Error('an id takes 10 random bytes');
  let body = '';
  for (let i = 9, rest = now; i >= 0; i -= 1, rest = Math.floor(rest / 32)) body = ALPHABET.charAt(rest % 32) + body;
  let bits = 0;
  let held = 0;
  for (const byte of random.subarray(0, 10)) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      body += ALPHABET.charAt((held >> bits) & 31);
    }
  }
  return asId(prefix, `${prefix}_${body}`);
}

/** The instant (epoch ms) an id was made at. */
export function madeAt(id: Id<IdPrefix>): number {
  let at = 0;
  for (const letter of id.slice(id.indexOf('_') + 1).slice(0, 10)) at = at * 32 + ALPHABET.indexOf(letter);
  return at;
}

/** An invite has no id column: its id is its batch's, followed by its place as two base-32 characters. */
export function inviteId(ref: InviteRef): InviteId {
  const ordinal = ALPHABET.charAt(Math.floor(ref.n / 32)) + ALPHABET.charAt(ref.n % 32);
  const id = `inv_${ref.batchId.slice(4)}${ordinal}`;
  if (!isInviteId(id)) throw new Error(`not an invite: ${ref.batchId} ${String(ref.n)}`);
  return id;
}

export function isInviteId(value: string): value is InviteId {
  return value.startsWith('inv_') && BODY.test(value.slice(4, -2)) && ORDINAL.test(value.slice(-2));
}

/** The batch and place an invite id names, or null where it is none. */
export function inviteRef(id: string): InviteRef | null {
  if (!isInviteId(id)) return null;
  const n = ALPHABET.indexOf(id.charAt(30)) * 32 + ALPHABET.indexOf(id.charAt(31));
  return { batchId: asId('bat', `bat_${id.slice(4, 30)}`), n };
}
