/** One thing that a person said about being written to: yes or no, to which topic, by which channel. */

/** Stands for every topic, or for every channel. */
export const ALL = '*';

/** By which way; `*`: by all. */
export const CONSENT_CHANNELS = ['email', 'sms', ALL] as const;
export type ConsentChannel = (typeof CONSENT_CHANNELS)[number];

export const CONSENT_ACTIONS = ['granted', 'withdrawn'] as const;
export type ConsentAction = (typeof CONSENT_ACTIONS)[number];

/** Where it was said, or by whom we were told. */
export const CONSENT_SOURCES = ['api', 'preference_page', 'sms_keyword', 'unsubscribe_link', 'import', 'invite'] as const;
export type ConsentSource = (typeof CONSENT_SOURCES)[number];

/** What one person said; `givenAt` in epoch ms. */
export type SaidConsent = {
  /** `*`: all topics. */
  topic: string;
  channel: ConsentChannel;
  action: ConsentAction;
  /** On what an opt-in rests; an opt-out needs none. `opt_out_ended`: an opt-out was taken back, and nothing opted in to. */
  basis: string | null;
  /** Which words the person saw, and in which language. */
  wordingVersion: string | null;
  locale: string | null;
  source: ConsentSource;
  /** When the person said it. */
  givenAt: number;
};

/** The basis of an act that takes an opt-out back and is no opt-in to what needs one: a text still wants a yes. */
export const OPT_OUT_ENDED = 'opt_out_ended';

/** What holds of an address, topic and channel. */
export const PREFERENCE_STATES = ['in', 'out', 'open'] as const;
export type PreferenceState = (typeof PREFERENCE_STATES)[number];

/** What an act makes of it. */
export function stateAfter({ action, basis }: { action: ConsentAction; basis: string | null }): PreferenceState {
  if (action === 'withdrawn') return 'out';
  return basis === OPT_OUT_ENDED ? 'open' : 'in';
}

/** A topic's key: what a program is about, in small letters, digits and underscores. */
const TOPIC = /^[a-z][a-z0-9_]{0,39}$/;

export function isTopic(text: string): boolean {
  return TOPIC.test(text);
}
