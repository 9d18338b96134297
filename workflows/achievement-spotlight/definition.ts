import { LIVE_DEFAULT_TERMS, type LiveLoopDefinition } from '../../src/domain/program/live-loop.ts';

/** A badge is a moment to be seen: a member shows it to friends by a link of the own, and earns when one of them comes. */
export const achievementSpotlightDefinition = {
  key: 'achievement-spotlight',
  title: 'Achievement spotlight',
  summary: 'A member who has earned a badge shows it to friends, by a link of the own that names nobody. Who comes by it and gets to first value earns for both; the member hears of the first who looks in.',
  topic: 'achievements',
  trigger: 'the app starts it when a member has accepted to show a badge',
  channels: ['email'],
  stages: {
    shown: 'The badge is shown; nobody has come by its link yet.',
    joined: 'Somebody has come by the link; others still may.',
  },
  life: {
    start: { fields: { badge: 'text', level: 'optional number' }, subject: ['badge', 'level'], stage: 'shown' },
    roles: { member: { title: 'Who earned the badge', hears: { invitee_accepted: 'friend_came', invitee_declined: 'friend_declined', badge_hidden: 'hidden' } } },
    facts: { friend_came: {}, friend_declined: {}, hidden: {} },
    messages: { came: { badge: 'text' } },
    outcomes: {
      joined: 'At least one friend came by the link.',
      expired: 'Nobody came while the badge was shown.',
      hidden: 'The member does not show it any more.',
    },
    units: { xp: 'XP' },
    terms: { shownDays: { default: 7, min: 1, max: 30 } },
    page: { figures: { badge: { field: 'badge' }, level: { field: 'level', card: 'score' } } },
    prompt: { moments: { badge_earned: {} }, whenDataIsMissing: 'offer', minors: 'parent_allows', value: 1, goodForMinutes: 60, says: ['badge'] },
  },
  defaultTerms: {
    ...LIVE_DEFAULT_TERMS,
    rewards: { rules: [{ key: 'spotlight', to: 'both', on: { kind: 'first_value' }, give: { kind: 'fixed', unit: 'xp', amountMinor: 25 } }], holdDays: 0 },
  },
} as const satisfies LiveLoopDefinition;
