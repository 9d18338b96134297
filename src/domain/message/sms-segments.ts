import { septetsOf } from './gsm-alphabet.ts';

export type SmsEncoding = 'GSM-7' | 'UCS-2';

export type SmsSize = {
  readonly encoding: SmsEncoding;
  /** Septets in GSM-7, 16-bit units in UCS-2, over the whole text. */
  readonly units: number;
  readonly segments: number;
  /** Characters that GSM-7 does not have, each once, in order of appearance: one of them more than halves the room. */
  readonly forcedBy: readonly string[];
};

export type SmsFit = { readonly outcome: 'fits'; readonly size: SmsSize } | { readonly outcome: 'too_long'; readonly size: SmsSize; readonly maxSegments: number; readonly message: string };

/** Each segment is paid for; a handset may show more than three in pieces. */
export const DEFAULT_MAX_SEGMENTS = 3;

/** Room in units, alone and as one of several: a header of six octets joins them (3GPP TS 23.040, 9.2.3.24.1). */
const ROOM: Record<SmsEncoding, { readonly alone: number; readonly joined: number }> = {
  'GSM-7': { alone: 160, joined: 153 },
  'UCS-2': { alone: 70, joined: 67 },
};

/** How a text travels: in which alphabet and in how many segments. */
export function measureSms(text: string): SmsSize {
  const parts = splitSms(text);
  const forcedBy = charactersOutsideGsm(text);
  const encoding = forcedBy.length === 0 ? 'GSM-7' : 'UCS-2';
  return { encoding, units: unitsOf(text, encoding), segments: parts.length, forcedBy };
}

/**
 * The text as its segments carry it, in order; an empty text is one empty segment. A character of two units (an escaped
 * one in GSM-7, a surrogate pair in UCS-2) never lies across two segments: what is left of the room stays empty.
 */
export function splitSms(text: string): string[] {
  const encoding = charactersOutsideGsm(text).length === 0 ? 'GSM-7' : 'UCS-2';
  const room = ROOM[encoding];
  if (unitsOf(text, encoding) <= room.alone) return [text];
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const character of text) {
    const units = unitsOfOne(character, encoding);
    if (used + units > room.joined) {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += character;
    used += units;
  }
  return [...parts, part];
}

/** Whether a text stays within so many segments; if not, the message says what to do about it. */
export function fitSms(text: string, maxSegments = DEFAULT_MAX_SEGMENTS): SmsFit {
  const size = measureSms(text);
  return size.segments <= maxSegments ? { outcome: 'fits', size } : { outcome: 'too_long', size, maxSegments, message: sayTooLong(size, maxSegments) };
}

function charactersOutsideGsm(text: string): string[] {
  return [...new Set(Array.from(text).filter((character) => septetsOf(character) === null))];
}

function unitsOf(text: string, encoding: SmsEncoding): number {
  let units = 0;
  for (const character of text) units += unitsOfOne(character, encoding);
  return units;
}

function unitsOfOne(character: string, encoding: SmsEncoding): number {
  return encoding === 'GSM-7' ? (septetsOf(character) ?? 0) : character.length;
}

function sayTooLong({ encoding, units, segments, forcedBy }: SmsSize, maxSegments: number): string {
  const { alone, joined } = ROOM[encoding];
  const room = maxSegments === 1 ? alone : joined * maxSegments;
  const why = `The text needs ${segments} SMS segments; at most ${maxSegments} are allowed (${units} of about ${room} ${encoding} units).`;
  if (forcedBy.length === 0) return `${why} Shorten it.`;
  const named = forcedBy.slice(0, 5).map((character) => `${printable(character)} (${codePoint(character)})`);
  return `${why} Shorten it, or leave out what the GSM alphabet does not have: ${named.join(', ')}${forcedBy.length > 5 ? ' …' : ''}.`;
}

function printable(character: string): string {
  return /[\p{C}\p{Z}\p{M}]/u.test(character) ? 'an invisible character' : character;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
