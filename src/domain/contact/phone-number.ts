import { isSupportedCountry, parsePhoneNumberFromString, validatePhoneNumberLength } from 'libphonenumber-js/max';

export type PhoneKind = 'mobile' | 'fixed_or_mobile' | 'fixed' | 'voip';
/** Whether a text can arrive: a plan that does not tell mobiles from other lines (as in North America) gives `maybe`. */
export type TakesSms = 'yes' | 'maybe' | 'no';
export type PhoneRefusal = 'invalid_phone' | 'no_country' | 'premium_rate' | 'shared_cost' | 'toll_free' | 'satellite' | 'service_number';

export type PhoneNumber =
  | {
      readonly outcome: 'valid';
      /** `+` and 7 to 15 digits: what is stored, and sent to. */
      readonly e164: string;
      /** ISO 3166-1 alpha-2; null where a calling code has several countries and the number does not tell which. */
      readonly country: string | null;
      readonly kind: PhoneKind;
      readonly takesSms: TakesSms;
    }
  | {
      readonly outcome: 'refused';
      readonly reason: PhoneRefusal;
      /** A sentence for whoever typed it, without the number. */
      readonly detail: string;
    };

const LONGEST_TEXT = 40;
const INSTEAD = 'Give the person\'s own number.';

/** By what is wrong: the reason, and what to say. */
const REFUSALS = {
  empty: ['invalid_phone', 'The phone number has no digits.'],
  too_much_text: ['invalid_phone', `The phone number must not be longer than ${LONGEST_TEXT} characters.`],
  stray_character: ['invalid_phone', 'The phone number may hold a plus, digits, spaces, brackets, dots, hyphens and slashes, and nothing else: no letters, no extension, no invisible characters.'],
  no_country: ['no_country', 'The phone number needs its country code: begin with + as in +49 151 23456789.'],
  unknown_country: ['invalid_phone', 'No country has the country code with which the phone number begins.'],
  too_short: ['invalid_phone', 'The phone number has too few digits for its country. Short codes and emergency numbers reach no person.'],
  too_long: ['invalid_phone', 'The phone number has too many digits for its country.'],
  wrong_length: ['invalid_phone', 'No number of that country has so many digits.'],
  not_assigned: ['invalid_phone', 'The phone number has the right length, but its country has given out no numbers that begin like it.'],
  PREMIUM_RATE: ['premium_rate', `This is a premium-rate number, which costs whoever writes to it. ${INSTEAD}`],
  SHARED_COST: ['shared_cost', `This is a shared-cost number of a service. ${INSTEAD}`],
  TOLL_FREE: ['toll_free', `This is a toll-free number of a service. ${INSTEAD}`],
  satellite: ['satellite', `This number belongs to a satellite network, or to another without a country, to which messages are costly. ${INSTEAD}`],
  UAN: ['service_number', `This is a company's number for all its branches. ${INSTEAD}`],
  PERSONAL_NUMBER: ['service_number', `This number forwards to others at the sender's cost. ${INSTEAD}`],
  PAGER: ['service_number', `This is the number of a pager. ${INSTEAD}`],
  VOICEMAIL: ['service_number', `This is the number of a mailbox for calls. ${INSTEAD}`],
} as const satisfies Record<string, readonly [PhoneRefusal, string]>;

/**
 * Calling codes of no country, by what they were given out for (ITU-T, List of E.164 assigned country codes). Judged before
 * the digits behind them: a number there is refused for what it is, even where Google's list does not know its range.
 */
const GLOBAL_CODES: Readonly<Record<string, keyof typeof REFUSALS>> = {
  800: 'TOLL_FREE', 808: 'SHARED_COST', 870: 'satellite', 878: 'PERSONAL_NUMBER', 881: 'satellite', 882: 'satellite', 883: 'satellite', 888: 'UAN', 979: 'PREMIUM_RATE',
};

/**
 * Ranges of satellite networks within countries' own plans, which Google's list counts as ordinary ones: Canada 600,
 * Argentina 670 and 675, Australia 145 and 147, Mexico 200 and 201, Papua New Guinea 20x and 27x, Turkey 592 (each so named
 * in the notes of its PhoneNumberMetadata.xml), and China 1349 and 1740 (China Satcom, Tiantong). Satellite phones with
 * ordinary numbers, as Globalstar's have in many countries, cannot be told.
 */
const SATELLITE_RANGES = ['1600', '54670', '549675', '61145', '61147', '52200', '52201', '67520', '675275', '675276', '675278', '90592', '861349', '861740'].map((digits) => `+${digits}`);

const KINDS = {
  MOBILE: ['mobile', 'yes'],
  FIXED_LINE_OR_MOBILE: ['fixed_or_mobile', 'maybe'],
  FIXED_LINE: ['fixed', 'no'],
  VOIP: ['voip', 'maybe'],
} as const satisfies Record<string, readonly [PhoneKind, TakesSms]>;

/** As people write numbers: with spaces, no-break ones too, brackets, dots, slashes and hyphens of any width. Digits are ASCII. */
const WRITTEN = /^\+?[\d \u00a0\u2007\u2009\u202f()./\-\u2010-\u2015]*$/;
const E164 = /^\+[1-9]\d{6,14}$/;

/**
 * Reads one phone number; `defaultCountry` (ISO 3166-1) is whose plan counts where the text begins without a plus.
 *
 * Accepted is only what a country has given out to people, by Google's libphonenumber: a number that merely has a possible
 * length is `invalid_phone`. Premium-rate, shared-cost, toll-free, satellite, universal access, personal (forwarding) numbers,
 * pagers and voicemail are refused, each with its reason: no friend is reached there, and whoever has such numbers may be paid
 * for the messages that others are made to send (SMS pumping and toll fraud: twilio.com/docs/messaging/features/sms-pumping-protection-programmable-messaging;
 * ITU-T E.156 on misuse of numbers). It does not refuse whole countries: that is for the account with the SMS vendor to say
 * (twilio.com/docs/messaging/guides/sms-geo-permissions).
 */
export function parsePhone(text: string, defaultCountry?: string): PhoneNumber {
  if (text.length > LONGEST_TEXT) return refused('too_much_text');
  const trimmed = text.trim();
  if (!WRITTEN.test(trimmed)) return refused('stray_character');
  const typed = trimmed.replaceAll(/[^+\d]/g, '');
  if (typed === '' || typed === '+') return refused('empty');
  const country = defaultCountry?.toUpperCase();
  const plan = country !== undefined && isSupportedCountry(country) ? { defaultCountry: country } : {};
  if (!typed.startsWith('+') && plan.defaultCountry === undefined) return refused('no_country');
  const phone = parsePhoneNumberFromString(typed, { ...plan, extract: false });
  const global = phone === undefined ? undefined : GLOBAL_CODES[phone.countryCallingCode];
  if (global !== undefined) return refused(global);
  const misfit = validatePhoneNumberLength(typed, plan);
  if (misfit !== undefined) return refused(MISFITS[misfit]);
  if (phone === undefined || !E164.test(phone.number)) return refused('wrong_length');
  if (SATELLITE_RANGES.some((range) => phone.number.startsWith(range))) return refused('satellite');
  const type = phone.getType();
  if (type === undefined || !phone.isValid()) return refused('not_assigned');
  if (!isKind(type)) return refused(type);
  const [kind, takesSms] = KINDS[type];
  return { outcome: 'valid', e164: phone.number, country: phone.country ?? null, kind, takesSms };
}

const MISFITS = {
  INVALID_COUNTRY: 'unknown_country',
  NOT_A_NUMBER: 'stray_character',
  TOO_SHORT: 'too_short',
  TOO_LONG: 'too_long',
  INVALID_LENGTH: 'wrong_length',
} as const;

function isKind(type: string): type is keyof typeof KINDS {
  return Object.hasOwn(KINDS, type);
}

function refused(why: keyof typeof REFUSALS): PhoneNumber {
  const [reason, detail] = REFUSALS[why];
  return { outcome: 'refused', reason, detail };
}
