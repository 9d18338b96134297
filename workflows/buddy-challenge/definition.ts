import { GUEST_ROLE } from '../../src/domain/play/guest-role.ts';
import { LIVE_DEFAULT_TERMS, type LiveLoopDefinition } from '../../src/domain/program/live-loop.ts';

/** A member who scored asks friends to beat it: they play before they sign up, and who signs up then earns for both. */
export const buddyChallengeDefinition = {
  key: 'buddy-challenge',
  title: 'Buddy challenge',
  summary: 'A member who scored asks friends to beat it, by mail or by a link of their own to pass on. A friend plays the same questions as a guest; three answers are first value, and with the sign-up both earn what the program gives. Each friend has one rematch, and the challenge a week.',
  topic: 'challenges',
  trigger: 'the app starts it when a member who scored wants to challenge somebody',
  channels: ['email'],
  stages: {
    offered: 'The link is there; mails to friends have not left yet.',
    sent: 'A mail to a friend has left.',
    opened: 'A friend has opened the link or taken a place.',
    playing: 'A friend plays.',
    completed: 'A friend has answered every question.',
    compared: 'The scores are compared, and the member hears of it.',
    rewarded: 'A friend who had reached first value has signed up: both earn.',
  },
  life: {
    start: { fields: { score: 'optional number' }, stage: 'offered', invitees: { min: 0, max: 20 } },
    roles: {
      member: { title: 'Who asks', hears: { invitee_opened: 'friend_opened', invitee_accepted: 'friend_came', invitee_declined: 'friend_declined', message_bounced: 'friend_unreached', message_sent_again: 'friend_asked_again' } },
      friend: GUEST_ROLE,
    },
    facts: {
      friend_opened: {},
      friend_came: {},
      friend_declined: {},
      friend_unreached: { reached: 'number' },
      friend_asked_again: { reached: 'number' },
      friend_began: { guestId: 'text' },
      friend_reached_value: { guestId: 'text' },
      friend_finished: { guestId: 'text', round: 'number', right: 'number', of: 'number' },
      rematch_began: { guestId: 'text' },
      friend_joined: { personId: 'text' },
    },
    messages: { friend_finished: { right: 'number', of: 'number' } },
    outcomes: {
      won: 'Nobody who finished beat or matched the member.',
      lost: 'A friend beat the member.',
      tied: 'The best friend has as many right as the member.',
      played: 'Friends finished; the member had no score to beat.',
      unfinished: 'Friends began, and none finished in time.',
      declined: 'All who were asked would rather not.',
      expired: 'Nobody played in time.',
    },
    terms: {
      windowHours: { default: 7 * 24, min: 1, max: 30 * 24 },
      places: { default: 5, min: 1, max: 100 },
      rematches: { default: 1, min: 0, max: 1 },
    },
    units: { xp: 'XP' },
    deck: { minQuestions: 3, maxQuestions: 10 },
    page: { figures: { score: { field: 'score', card: 'score' } } },
    prompt: { moments: { practice_completed: { needs: { right: { atLeast: 1 } } } }, whenDataIsMissing: 'offer', minors: 'parent_allows', value: 1, goodForMinutes: 60, says: ['right', 'of'] },
  },
  defaultTerms: {
    ...LIVE_DEFAULT_TERMS,
    reminders: [{ afterHours: 3 * 24 }],
    rewards: { rules: [{ key: 'friend_reached_value', to: 'both', on: { kind: 'first_value' }, give: { kind: 'fixed', unit: 'xp', amountMinor: 50 } }], holdDays: 0 },
  },
} as const satisfies LiveLoopDefinition;
