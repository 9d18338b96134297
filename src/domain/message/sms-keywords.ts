import { OPT_OUT_SPEECH } from './opt-out-speech.ts';
import { plainClauses } from './plain-words.ts';

/**
 * What an inbound SMS asks for. `vendorReplied`: the vendor answers such a message itself, or may; we then stay silent.
 * `by`: a keyword that everybody agrees on, or plain speech that we read so.
 */
export type SmsReply =
  | { readonly asks: 'stop' | 'start' | 'help'; readonly vendorReplied: boolean; readonly by: 'keyword' | 'speech' }
  | { readonly asks: 'none'; readonly vendorReplied: boolean };

export type VendorVerdict = 'STOP' | 'START' | 'HELP';

/** Twilio's default keywords (help centre 223134027, "Advanced Opt-Out" guide): one word alone, in any case. */
const VENDOR_KEYWORDS: Readonly<Record<VendorVerdict, readonly string[]>> = {
  STOP: ['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL'],
  START: ['START', 'YES', 'UNSTOP'],
  HELP: ['HELP', 'INFO'],
};
const ASKS = { STOP: 'stop', START: 'start', HELP: 'help' } as const;

/** `yes!` may answer anything; these mean one thing. */
const START_AGAIN: ReadonlySet<string> = new Set(['start', 'unstop']);
const HELP_WORDS: ReadonlySet<string> = new Set(['help', 'info', 'help me', 'hilfe', 'ayuda', 'aide', 'aidez moi', 'informacion', 'infos']);

/**
 * Reads an inbound SMS. A keyword does what the vendor does with it. Beyond, 47 CFR 64.1200(a)(10) (since 2025-04-11)
 * wants an opt-out honoured by any reasonable means: words by which a reasonable person would see the wish to hear no
 * more. So plain speech in every shipped language opts out, and so does what leaves a doubt: someone taken off by mistake
 * writes START, someone kept on against his will has been wronged. An opt-in is never guessed. `optOutType` is the
 * vendor's own verdict (Advanced Opt-Out, with keywords of the account's making), which stands before ours.
 */
export function readSmsReply(text: string, optOutType: VendorVerdict | null = null): SmsReply {
  if (optOutType !== null) return { asks: ASKS[optOutType], vendorReplied: true, by: 'keyword' };
  const keyword = vendorKeyword(text.trim());
  if (keyword !== null) return { asks: ASKS[keyword], vendorReplied: true, by: 'keyword' };
  const clauses = plainClauses(text);
  // whether the vendor sees past the dot of "STOP." is not documented: silence is the safe side
  const vendorReplied = vendorKeyword(text.replace(/^[\s!-/:-@[-`{-~]+|[\s!-/:-@[-`{-~]+$/g, '')) !== null;
  if (optsOut(clauses)) return { asks: 'stop', vendorReplied, by: 'speech' };
  const whole = clauses.join(' ').replace(/^(?:please|bitte|por favor) | (?:please|bitte|por favor)$/g, '');
  if (START_AGAIN.has(whole)) return { asks: 'start', vendorReplied, by: 'speech' };
  if (HELP_WORDS.has(whole)) return { asks: 'help', vendorReplied, by: 'speech' };
  return { asks: 'none', vendorReplied };
}

function vendorKeyword(word: string): VendorVerdict | null {
  const upper = word.toUpperCase();
  if (VENDOR_KEYWORDS.STOP.includes(upper)) return 'STOP';
  if (VENDOR_KEYWORDS.START.includes(upper)) return 'START';
  return VENDOR_KEYWORDS.HELP.includes(upper) ? 'HELP' : null;
}

const LANGUAGES = Object.values(OPT_OUT_SPEECH).map(({ fillers, commands, ...rest }) => ({
  ...rest,
  fillers: new Set(fillers.split(' ')),
  commands: new Set(commands.split('|')),
}));
const FILLERS = new Set(LANGUAGES.flatMap(({ fillers }) => [...fillers]));
const COMMANDS = new Set(LANGUAGES.flatMap(({ commands }) => [...commands]));
/** Everyday words that are a command only as the whole message. */
const ONLY_ALONE: ReadonlySet<string> = new Set(['off', 'out', 'para', 'fin', 'ende', 'end', 'nein danke', 'no gracias', 'non merci', 'halt', 'alto', 'enough', 'raus', 'genug', 'assez', 'baja']);

function optsOut(clauses: readonly string[]): boolean {
  const heard = clauses.map(withoutOtherMeanings).filter((clause) => clause !== '');
  if (isCommand(heard.join(' '), true) || heard.some((clause) => isCommand(clause, false))) return true;
  return heard.some((clause) => LANGUAGES.some(({ phrases }) => phrases.some((phrase) => phrase.test(clause))));
}

function withoutOtherMeanings(clause: string): string {
  return LANGUAGES.reduce((left, { butNot }) => butNot.reduce((text, other) => text.replace(other, ' '), left), clause).replace(/ +/g, ' ').trim();
}

/** A command with nothing but politeness around it, said once or again and again. */
function isCommand(clause: string, alone: boolean): boolean {
  const words = clause.split(' ').filter((word, index, all) => word !== all[index - 1]);
  const spoken = words.join(' ');
  const bare = COMMANDS.has(spoken) ? spoken : words.filter((word) => !FILLERS.has(word)).join(' ');
  return COMMANDS.has(bare) && (alone || !ONLY_ALONE.has(bare));
}
