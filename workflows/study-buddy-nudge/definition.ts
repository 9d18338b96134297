import { LIVE_DEFAULT_TERMS, type LiveLoopDefinition } from '../../src/domain/program/live-loop.ts';

/** Two days before an exam, two who learn for it are nudged to practise together, unless they have begun; when both have practised, both earn. */
export const studyBuddyNudgeDefinition = {
  key: 'study-buddy-nudge',
  title: 'Study-buddy nudge',
  summary: 'Forty-eight hours before an exam a member and a study buddy are nudged to practise together, where they have not begun. When both have practised before the exam, both earn what the program gives.',
  topic: 'study_buddies',
  trigger: 'the app starts it when it knows of an exam and a study buddy',
  channels: ['email'],
  stages: {
    waiting: 'Waits until the nudge is due, unless the two begin by themselves.',
    nudging: 'Nudges both, in an hour in which that is permitted.',
    practising: 'Waits for both to practise, until the exam.',
  },
  life: {
    start: { fields: { examAt: 'instant', buddy: 'member' }, subject: ['examAt', 'buddy'], stage: 'waiting' },
    roles: {
      member: { title: 'Who has the exam', hears: { co_practice_started: 'co_practice_started', practice_completed: 'member_practised' } },
      buddy: { title: 'The study buddy', hears: { co_practice_started: 'co_practice_started', practice_completed: 'buddy_practised' } },
    },
    facts: { co_practice_started: {}, member_practised: {}, buddy_practised: {} },
    messages: { nudge: { examDay: 'date' } },
    outcomes: {
      rewarded: 'Both practised before the exam.',
      not_needed: 'They began to practise together before the nudge was due.',
      not_sent: 'Neither could be nudged before the exam.',
      unfinished: 'The exam came before both had practised.',
    },
    units: { xp: 'XP' },
    terms: { leadHours: { default: 48, min: 1, max: 24 * 14 } },
  },
  defaultTerms: {
    ...LIVE_DEFAULT_TERMS,
    rewards: { rules: [{ key: 'practised_together', to: 'both', on: { kind: 'loop', fact: 'both_practised' }, give: { kind: 'fixed', unit: 'xp', amountMinor: 100 } }], holdDays: 0 },
  },
} as const satisfies LiveLoopDefinition;
