/** The ways that are a member's own, not an address's: what the app shows, and what its device is told. */
export const FEED_CHANNELS = ['in_app', 'push'] as const;
export type FeedChannel = (typeof FEED_CHANNELS)[number];

export const FEED_CHOICE_STATES = ['in', 'out'] as const;
export type FeedChoiceState = (typeof FEED_CHOICE_STATES)[number];

/** Stands for every topic. */
export const EVERY_TOPIC = '*';

/** What a member switched off or on; of a topic or, `*`, of all. */
export type FeedChoice = { readonly topic: string; readonly channel: FeedChannel; readonly state: FeedChoiceState };
