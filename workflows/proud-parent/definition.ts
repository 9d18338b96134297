import { LIVE_DEFAULT_TERMS, type LiveLoopDefinition } from '../../src/domain/program/live-loop.ts';

/** A child's week as a card for the parent, on a Monday morning: who is proud passes it on, and a friend's child who gets going earns a class. */
export const proudParentDefinition = {
  key: 'proud-parent',
  title: 'Proud parent',
  summary: 'On the Monday after a week of learning a parent gets a card with the child\'s progress, in the parent\'s own zone from nine in the morning, and a link to pass on that shows the figures and names no child. When a friend\'s child gets to first value by it, the parent earns a class pass and hears of it.',
  topic: 'progress_cards',
  trigger: 'the app starts it for a parent and a week, once the week\'s progress is known',
  channels: ['email'],
  stages: {
    waiting: 'Waits for the Monday after the week.',
    sending: 'Sends the card, in the hours of that Monday in which it is permitted.',
    shared: 'The parent has the card; friends may come by its link until the week is over.',
    joined: 'A friend\'s child got to first value; others still may.',
  },
  life: {
    start: {
      fields: { week: 'week', childName: 'private text', skillsImproved: 'number', minutes: 'number', streakDays: 'number' },
      subject: ['week'],
      stage: 'waiting',
    },
    roles: { member: { title: 'The parent', hears: { referral_activated: 'friend_activated' } } },
    facts: { friend_activated: { referralId: 'text' } },
    messages: {
      card: { skillsImproved: 'number', minutes: 'number', streakDays: 'number' },
      friend_activated: {},
    },
    outcomes: {
      shared_and_joined: 'A friend\'s child came by the card and got to first value.',
      quiet_week: 'Nobody came by the card until the next one.',
      not_sent: 'The card could not be sent on its Monday.',
    },
    units: { class_pass: 'Class passes' },
    terms: { waitDays: { default: 7, min: 1, max: 28 } },
    page: { figures: { skillsImproved: { field: 'skillsImproved', card: 'skills' }, minutes: { field: 'minutes', card: 'minutes' }, streakDays: { field: 'streakDays', card: 'streak' } } },
  },
  defaultTerms: {
    ...LIVE_DEFAULT_TERMS,
    sendRules: {
      layers: [{ label: 'Monday morning', windows: [{ days: [1], start: '09:00', end: '12:00' }] }],
      policy: 'hold',
    },
    rewards: { rules: [{ key: 'class_pass', to: 'referrer', on: { kind: 'first_value' }, give: { kind: 'fixed', unit: 'class_pass', amountMinor: 1 } }], holdDays: 0 },
  },
} as const satisfies LiveLoopDefinition;
