import { makeId } from '../ids.ts';

declare const brand: unique symbol;
/** What an announced event is called in the header `webhook-id`: `msg_` and the layout of our ids. It holds no full stop, which would open the signed text to forgery. */
export type WebhookMessageId = string & { readonly [brand]: 'msg' };

const MESSAGE_ID = /^msg_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

export function isWebhookMessageId(text: string): text is WebhookMessageId {
  return MESSAGE_ID.test(text);
}

/** From the instant it is recorded at (epoch ms) and 10 random bytes; with zeros: before all of that millisecond. Ids sort by time. */
export function makeMessageId(now: number, random: Uint8Array): WebhookMessageId {
  const id = `msg_${makeId('whd', now, random).slice('whd_'.length)}`;
  if (!isWebhookMessageId(id)) throw new Error('an id of a webhook message was not made as it should be');
  return id;
}
