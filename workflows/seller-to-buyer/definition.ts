import { LIVE_DEFAULT_TERMS, type LiveLoopDefinition } from '../../src/domain/program/live-loop.ts';

/** Who has just sold knows best what there is to buy: a seller is asked for an own need, and becomes a buyer. */
export const sellerToBuyerDefinition = {
  key: 'seller-to-buyer',
  title: 'Seller to buyer',
  summary: 'After a seller has given a quote, the app asks what the seller needs to buy. Who does not say it at once is written to once; who posts a need becomes a buyer, and brings the next sellers.',
  topic: 'buying',
  trigger: 'the app starts it when a seller has given a quote, or has accepted the prompt',
  channels: ['email'],
  stages: {
    thinking: 'Leaves the seller time to post a need without being written to.',
    asking: 'Asks by message, in an hour in which that is permitted.',
    waiting: 'Waits for the seller to post a need, or to say that there is none.',
  },
  life: {
    start: { fields: { quoteId: 'text' }, subject: ['quoteId'], stage: 'thinking' },
    roles: { member: { title: 'The seller', hears: { need_posted: 'need_posted', need_declined: 'need_declined' } } },
    facts: { need_posted: {}, need_declined: {} },
    messages: { ask: {} },
    outcomes: {
      became_buyer: 'The seller posted a need: a buyer from now on.',
      declined: 'The seller has nothing to buy.',
      not_sent: 'The seller could not be asked in time.',
      expired: 'The seller said nothing in time.',
    },
    units: { credit: 'Credits' },
    terms: { askAfterHours: { default: 24, min: 0, max: 24 * 14 }, windowDays: { default: 14, min: 1, max: 90 } },
    prompt: { moments: { quote_received: {}, quote_sent: {} }, whenDataIsMissing: 'offer', minors: 'never', value: 2, goodForMinutes: 24 * 60, says: ['category'] },
  },
  defaultTerms: {
    ...LIVE_DEFAULT_TERMS,
    rewards: { rules: [{ key: 'first_need', to: 'referrer', on: { kind: 'loop', fact: 'became_buyer' }, give: { kind: 'fixed', unit: 'credit', amountMinor: 5 } }], caps: [{ per: 'month', most: { rewards: 4 } }], holdDays: 0 },
  },
} as const satisfies LiveLoopDefinition;
