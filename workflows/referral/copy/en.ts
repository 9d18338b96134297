import type { NoticeLocaleCopy } from '../../../src/domain/message/notice-copy.ts';
import { noticeFurniture } from '../../../src/domain/message/shared-furniture.ts';

const open = 'Open {{tenantName}}';

/** {{amount}} may be a sum of several units: no verb agrees with it. */
export const en: NoticeLocaleCopy = {
  direction: 'ltr',
  furniture: noticeFurniture('en', {
    greeting: 'Hello {{recipientName}},',
    reason: 'You get this message because you are part of "{{programTitle}}". Of one kind of news at most one message an hour is sent, so there may be more to see.',
  }),
  reasons: {
    cap_reached: 'You have what the program gives one person in this time.',
    window_over: 'What it was for happened outside the time in which it counts.',
    duplicate: 'The same had been rewarded already.',
    self_referral: 'Both sides were found to be one person.',
    budget_spent: 'The program\'s budget is used up.',
    not_eligible: 'It no longer meets the program\'s conditions, for example after a refund.',
    under_review: 'A dispute or a review is open.',
    currency_not_supported: 'The payment is in a currency that the program does not use.',
    operator: 'It was decided by the people who run the program. They can tell you more.',
  },
  kinds: {
    friend_signed_up: {
      subject: 'Somebody joined {{tenantName}} through you',
      preheader: 'Your invitation, link or code brought a new member.',
      heading: 'Somebody joined through you',
      paragraphs: ['Somebody signed up to {{tenantName}} by your invitation, your link or your code. Thank you for passing it on.', 'Who it was we do not say: that is theirs to tell.'],
      callToAction: open,
    },
    friend_activated: {
      subject: 'Somebody you brought to {{tenantName}} got started',
      preheader: 'The next step is done.',
      heading: 'Somebody you brought got started',
      paragraphs: ['Somebody who came to {{tenantName}} through you has taken the next step and really uses it now.'],
      callToAction: open,
    },
    reward_held: {
      subject: 'Earned at {{tenantName}}: {{amount}}',
      preheader: 'Held for you until {{untilDate}}.',
      heading: 'You earned {{amount}}',
      paragraphs: ['You earned {{amount}}, through somebody you brought to {{tenantName}}.', 'It is held until {{untilDate}}. If what earned it is undone before then, by a refund for example, it may become less or be taken back. We would tell you.'],
      callToAction: open,
    },
    reward_released: {
      subject: 'Yours now: {{amount}} from {{tenantName}}',
      preheader: 'Your reward is released.',
      heading: 'Yours now: {{amount}}',
      paragraphs: ['The time for which your reward was held is over. Released to you: {{amount}}.'],
      callToAction: open,
    },
    reward_taken_back: {
      subject: 'A reward at {{tenantName}} was taken back',
      preheader: 'Taken back: {{amount}}.',
      heading: 'Taken back: {{amount}}',
      paragraphs: ['Of what you had earned at {{tenantName}} this was taken back: {{amount}}.', '{{reason}}'],
      callToAction: open,
    },
    milestone_reached: {
      subject: 'Milestone reached at {{tenantName}}: {{amount}}',
      preheader: 'Enough people came through you.',
      heading: 'You reached a milestone',
      paragraphs: ['Enough people came to {{tenantName}} through you for the next milestone. It earns you {{amount}}.', 'It becomes yours on {{untilDate}}, as long as what counts for it is not undone.'],
      callToAction: open,
    },
    welcome_held: {
      subject: 'Your welcome reward at {{tenantName}}: {{amount}}',
      preheader: 'Held for you until {{untilDate}}.',
      heading: 'For coming: {{amount}}',
      paragraphs: ['You came to {{tenantName}} through somebody who told you of it. That earns you {{amount}}, too.', 'It is held until {{untilDate}}. If what earned it is undone before then, by a refund for example, it may become less or be taken back. We would tell you.'],
      callToAction: open,
    },
    welcome_released: {
      subject: 'Yours now: {{amount}} from {{tenantName}}',
      preheader: 'Your welcome reward is released.',
      heading: 'Yours now: {{amount}}',
      paragraphs: ['The time for which your welcome reward was held is over. Released to you: {{amount}}.'],
      callToAction: open,
    },
  },
};
