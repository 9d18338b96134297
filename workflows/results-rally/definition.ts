import { LIVE_DEFAULT_TERMS, type LiveLoopDefinition } from '../../src/domain/program/live-loop.ts';

/** A cohort's board until its deadline: who practises climbs, under a made-up name, and whoever brings somebody earns when they get to first value. */
export const resultsRallyDefinition = {
  key: 'results-rally',
  title: 'Results rally',
  summary: 'A cohort has a board until its deadline: the ten best under made-up names, one\'s own rank, live. Others join by its link, with a placement quiz first where there is one. Who is overtaken hears of it, so many times a day; the member who brought somebody earns at their first value.',
  topic: 'rallies',
  trigger: 'the app starts it when a member opens a board for a cohort, or has accepted the prompt',
  channels: ['email'],
  stages: {
    open: 'The board is open; nobody has scored since the last look.',
    moving: 'Somebody has scored; the ranks are looked at once a while.',
    closing: 'The deadline is over: the board is closed, and its winners are told.',
  },
  life: {
    start: { fields: { cohort: 'text', endsAt: 'instant' }, subject: ['cohort', 'endsAt'], stage: 'open' },
    roles: {
      member: { title: 'Who opened the board', hears: {} },
      // Scores are rows: nothing that a player does is told to the run.
      friend: { title: 'Somebody who came by the link, as a guest', hears: {} },
      winner: { title: 'Who had the best score', hears: {} },
    },
    facts: { board_moved: {} },
    messages: { overtaken: { rank: 'number', places: 'number' }, won: { score: 'number', players: 'number' }, finished: { best: 'number', players: 'number' } },
    outcomes: {
      finished: 'The deadline came, and somebody had joined.',
      nobody_joined: 'The deadline came, and nobody but the member was on the board.',
    },
    units: { xp: 'XP' },
    terms: {
      windowHours: { default: 30 * 24, min: 1, max: 90 * 24 },
      lookMinutes: { default: 10, min: 1, max: 24 * 60 },
      nudgesADay: { default: 2, min: 0, max: 10 },
      pointsPerRight: { default: 10, min: 0, max: 10_000 },
      places: { default: 1_000, min: 1, max: 50_000 },
    },
    deck: { minQuestions: 3, maxQuestions: 10, isOptional: true, endsBy: 'endsAt' },
    board: { title: 'cohort', endsAt: 'endsAt' },
    page: {},
    // A leaderboard is what a result asks for: whoever has looked at the own is asked to open one for the group.
    prompt: { moments: { results_viewed: {} }, whenDataIsMissing: 'offer', minors: 'parent_allows', value: 1, goodForMinutes: 60, says: ['score'] },
  },
  defaultTerms: {
    ...LIVE_DEFAULT_TERMS,
    rewards: { rules: [{ key: 'rally_brought', to: 'referrer', on: { kind: 'first_value' }, give: { kind: 'fixed', unit: 'xp', amountMinor: 50 } }], holdDays: 0 },
  },
} as const satisfies LiveLoopDefinition;
