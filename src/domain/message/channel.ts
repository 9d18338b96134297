/** By which way a message leaves; the first of a program's goes first, a later one takes over where it is refused for good. */
export const CHANNELS = ['email', 'sms'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What a hard stop can hold: pushes of the feed are no program's channel, and stop alike. */
export const STOPPABLE = [...CHANNELS, 'push'] as const;
export type Stoppable = (typeof STOPPABLE)[number];
