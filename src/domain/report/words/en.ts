import type { ReportWords } from './report-words.ts';

export const en: ReportWords = {
  locale: 'en-GB',
  title: 'Week {week} of {year}',
  period: '{from} to {to}',
  counted: { invites: 'Invites', clicks: 'Clicks', signUps: 'Sign-ups', firstValues: 'First values', conversions: 'Conversions' },
  rewards: { held: 'Rewards held', released: 'Rewards released', paid: 'Rewards paid' },
  activeMembers: 'Active members',
  kSignUp: 'K at sign-up',
  kFirstValue: 'K at first value',
  k: {
    range: '{low} to {high}.',
    signedUp: { one: '{n} person brought signed up,', other: '{n} people brought signed up,' },
    activated: { one: '{n} person brought reached their first value,', other: '{n} people brought reached their first value,' },
    perMember: { one: 'for {n} active member.', other: 'for {n} active members.' },
    before: 'The week before: {k}.',
    nobody: 'No member was active.',
  },
  fresh: 'new',
  amountOf: '{name}, {unit}',
  loops: {
    invite: 'Invitation', referral: 'Referral', 'buddy-challenge': 'Buddy challenge', 'streak-rescue': 'Streak rescue', 'results-rally': 'Results rally', 'proud-parent': 'Proud parent',
    'study-buddy-nudge': 'Study-buddy nudge', 'seller-to-buyer': 'Seller to buyer', 'achievement-spotlight': 'Achievement spotlight',
  },
  noProgram: 'Links of no program',
  referrer: { signUps: { one: '{n} sign-up', other: '{n} sign-ups' }, firstValues: { one: '{n} first value', other: '{n} first values' } },
  notes: {
    days: 'Days are those of {zone}. Figures count by the time of what happened; facts that come late change them until the report is mailed.',
    k: 'K is the number of new people brought in the week for each active member: a member with a fact or an invite of theirs in it. The range is its 95 % interval (Byar), which takes people as independent of each other.',
    running: 'The week is not over: these are its figures so far, against the whole week before.',
    countedAt: 'Counted on {at}.',
  },
  columns: { now: 'This week', before: 'The week before', beforeShort: 'Before', change: 'Change' },
  headings: {
    all: 'In all', amounts: 'Amounts', referrers: 'Top referrers', read: 'How to read this', pairs: 'This week and the week before, each pair to its own scale', people: 'New people by day',
    traffic: 'Invites and clicks by day', perLoop: 'First values per loop', allFigures: 'Figures of all loops', figuresOf: 'Figures of {title}',
  },
  mail: {
    subject: '{tenant}: {title}, {name} {value}',
    row: '{name}: {now} (week before: {before}, {change})',
    pdf: 'The PDF beside this mail has the charts.',
    because: 'You get this because you asked for it.',
    stop: 'No more of these reports',
  },
  question: {
    heading: 'Do you want the weekly report?',
    subject: '{tenant}: do you want the weekly report?',
    ask: 'You were named as a reader of the weekly report on how {tenant} grows: invites, sign-ups, rewards, each Monday morning by mail.',
    ignore: 'If you do not want it, do nothing: without your yes no report is sent.',
    yes: 'Yes, send it to me',
  },
  pages: {
    confirm: { ask: 'Get the weekly report?', button: 'Yes, send it to me', done: 'You get the weekly report', note: 'Each Monday morning, how {tenant} grows. Every report has a link that ends it.' },
    unsubscribe: { ask: 'No more weekly reports?', button: 'No more reports', done: 'You get no more reports', note: 'Nothing more of the weekly report of {tenant} goes to you. The link in the first mail brings it back.' },
  },
};
