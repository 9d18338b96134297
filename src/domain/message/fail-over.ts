import type { Channel } from './channel.ts';

/**
 * Refusals that are about this address and this channel, so that the next channel may do better. What is the message's, the
 * tenant's or our own fault is not among them: it would turn one mistake into a thousand paid texts.
 */
const ABOUT_THE_ADDRESS: Readonly<Record<Channel, ReadonlySet<string>>> = {
  email: new Set(['mailbox_unavailable', 'mailbox_full', 'recipient_refused', 'rejected', 'undeliverable', 'bounced']),
  sms: new Set(['number_unavailable', 'handset_unreachable', 'undeliverable', 'bounced']),
};

/** May another channel take over after this end of a message? Never for what is unknown: it may have arrived. */
export function failsOver(channel: Channel, reason: string): boolean {
  return ABOUT_THE_ADDRESS[channel].has(reason);
}

/** The bases on which an SMS may advertise by themselves; else the person's own opt-in has to be on record (47 CFR 64.1200(f)(9): the called party's own prior express consent). */
export const SMS_CONSENT_BASIS = 'opt_in';
