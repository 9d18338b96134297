/** By which way a message leaves; the first of a program's goes first, a later one takes over where it is refused for good. */
export const CHANNELS = ['email', 'sms'] as const;
export type Channel = (typeof CHANNELS)[number];
