import { LIVE_DEFAULT_TERMS, type LiveLoopDefinition } from '../../src/domain/program/live-loop.ts';

/** What is heard of who helps, on the hosted page or in the app. */
const HELPS = {
  play_began: 'buddy_joined', play_finished: 'buddy_finished', signed_up: 'buddy_signed_up',
  co_practice_started: 'buddy_joined', co_practice_declined: 'buddy_declined', deck_completed: 'buddy_finished',
} as const;

/** A member whose streak ends today asks a buddy: both answer the same short deck within two hours, and both get a shield. */
export const streakRescueDefinition = {
  key: 'streak-rescue',
  title: 'Streak rescue',
  summary: 'Members whose streak ends within hours are found every hour and asked, in their waking hours, whether a buddy shall help. Two hours run from asking the buddy, never past the streak\'s end: both answer the same short deck, the buddy as a guest if need be, and both get a shield. Once a member and day.',
  topic: 'streaks',
  trigger: 'the app starts it when a member asks a buddy; every hour members whose streak is at risk are offered it',
  channels: ['email'],
  stages: {
    asked: 'A buddy is asked; nobody has come yet.',
    co_practice: 'The buddy is there: both answer the deck.',
    rescued: 'Both have finished in time. A buddy who played as a guest gets the shield on signing up.',
  },
  life: {
    start: {
      fields: { streakEndsAt: 'instant', streakDay: 'date', streakDays: 'optional number', buddy: 'optional member' },
      near: { streakEndsAt: 48, streakDay: 48 },
      subject: ['streakDay'],
      stage: 'asked',
      invitees: { min: 0, max: 1 },
    },
    roles: {
      member: {
        title: 'Whose streak it is',
        // A guest who signs up as this very member was nobody else: the grant is judged again.
        hears: { deck_completed: 'member_finished', practice_completed: 'streak_saved_alone', signed_up: 'buddy_signed_up', invitee_accepted: 'buddy_joined', invitee_declined: 'buddy_declined', message_bounced: 'buddy_unreached', message_sent_again: 'buddy_asked_again' },
      },
      buddy: { title: 'A member who helps', hears: HELPS },
      friend: { title: 'A guest who helps, by the link', hears: HELPS },
    },
    facts: { buddy_joined: {}, buddy_declined: {}, buddy_unreached: { reached: 'number' }, buddy_asked_again: { reached: 'number' }, streak_saved_alone: {}, member_finished: {}, buddy_finished: { personId: 'text' }, buddy_signed_up: { personId: 'text' } },
    messages: { ask: { until: 'time' }, joined: { until: 'time' }, unreached: { until: 'time' }, rescued: {}, saved: {} },
    outcomes: {
      rescued: 'Both finished the deck in time.',
      saved_alone: 'The member practised without help before a buddy came.',
      member_alone: 'The member finished the deck, the buddy did not.',
      buddy_alone: 'The buddy finished the deck, the member did not.',
      unfinished: 'The buddy came, and neither finished in time.',
      declined: 'The buddy would not.',
      not_sent: 'The buddy could not be asked in time, and nobody came by the link.',
      expired: 'Nobody came in time.',
      too_late: 'It was asked for when the streak had ended.',
    },
    units: { shield: 'Shields' },
    terms: {
      windowMinutes: { default: 120, min: 10, max: 12 * 60 },
      /** How long before its end a streak is at risk. */
      atRiskHours: { default: 4, min: 1, max: 12 },
      /** Who may take a place by the link: one buddy, unless a program lets more try. */
      places: { default: 1, min: 1, max: 3 },
      /** For so long a guest who helped gets the shield on signing up. */
      signUpDays: { default: 7, min: 0, max: 30 },
    },
    deck: { minQuestions: 3, maxQuestions: 10, endsBy: 'streakEndsAt', shows: 'countdown' },
    page: { figures: { streak: { field: 'streakDays', card: 'streak' } } },
    prompt: { moments: { streak_at_risk: {} }, whenDataIsMissing: 'offer', minors: 'parent_allows', value: 3, goodForMinutes: 4 * 60, says: ['streakDays'] },
  },
  defaultTerms: {
    ...LIVE_DEFAULT_TERMS,
    // A streak's day ends at midnight: asked in its last hours, but not at night.
    sendRules: { layers: [{ label: 'waking hours', windows: [{ start: '08:00', end: '22:00' }] }], policy: 'hold' },
    rewards: { rules: [{ key: 'rescued_together', to: 'both', on: { kind: 'loop', fact: 'rescued' }, give: { kind: 'fixed', unit: 'shield', amountMinor: 1 } }], holdDays: 0 },
  },
} as const satisfies LiveLoopDefinition;
