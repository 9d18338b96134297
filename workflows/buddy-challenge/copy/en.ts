import { BETWEEN_FRIENDS } from '../../../src/domain/landing/after-a-no.ts';
import type { LiveWords } from '../../../src/domain/message/live-copy.ts';
import type { StepsCopy } from '../../../src/domain/message/copy.ts';
import { invitationFurniture, SMS_OPT_OUT } from '../../../src/domain/message/shared-furniture.ts';

const challenge: StepsCopy = {
  invite: {
    subject: '{{inviterName}} challenges you: can you do better?',
    preheader: 'A few questions, no account needed. Open until {{expiryDate}}.',
    heading: '{{inviterName}} asks you to beat a score',
    paragraphs: ['{{inviterName}} has answered a few questions on {{tenantName}} and would like to know whether you do better.', 'It takes some minutes, and you need no account to play.'],
    callToAction: 'See the challenge',
  },
  reminders: [{
    subject: 'The challenge from {{inviterName}} is still open',
    preheader: 'Until {{expiryDate}}, no account needed.',
    heading: 'The challenge from {{inviterName}} is still open',
    paragraphs: ['{{inviterName}} asked you to beat a score on {{tenantName}}. You can still do so until {{expiryDate}}.', 'If it is not for you, there is nothing to do.'],
    callToAction: 'See the challenge',
  }],
};

const fromTenant: StepsCopy = {
  invite: {
    subject: 'A challenge on {{tenantName}}',
    preheader: 'A few questions, no account needed. Open until {{expiryDate}}.',
    heading: 'Can you beat the score?',
    paragraphs: ['A few questions wait for you on {{tenantName}}. You need no account to play.'],
    callToAction: 'See the challenge',
  },
  reminders: [{
    subject: 'The challenge on {{tenantName}} is still open',
    preheader: 'Until {{expiryDate}}, no account needed.',
    heading: 'The challenge is still open',
    paragraphs: ['You can still play it until {{expiryDate}}.', 'If it is not for you, there is nothing to do.'],
    callToAction: 'See the challenge',
  }],
};

export const en: LiveWords = {
  invite: {
    direction: 'ltr',
    furniture: invitationFurniture('en', {
      reasons: {
        byMember: 'You get this message because {{inviterName}} gave your address to {{tenantName}} for this challenge.',
        byTenant: 'You get this message because {{tenantName}} would like you to play.',
      },
      expiry: 'This challenge is open until {{expiryDate}}.',
      ignore: 'If you did not expect it, you can ignore it.',
    }),
    sms: {
      byMember: { invite: '{{tenantName}}: {{inviterName}} challenges you.', reminder: '{{tenantName}}: the challenge from {{inviterName}} is still open.' },
      byTenant: { invite: '{{tenantName}}: a challenge for you.', reminder: '{{tenantName}}: the challenge is still open.' },
      optOut: SMS_OPT_OUT.en,
    },
    byMember: { default: challenge },
    byTenant: fromTenant,
  },
  messages: {
    friend_finished: {
      subject: 'Your friend has finished your challenge',
      preheader: '{{right}} of {{of}} right.',
      heading: '{{right}} of {{of}} right',
      paragraphs: ['Your friend has answered every question of your challenge: {{right}} of {{of}} right.'],
      callToAction: 'See the result',
    },
  },
  page: {
    title: 'A challenge from {{inviterName}}',
    lead: '{{inviterName}} asks you to beat a score on {{tenantName}}.',
    about: ['{{score}} were right. Can you do better?'],
    ask: 'A few questions, one at a time. You need no account to play.',
    accept: 'Play',
    decline: 'No, thanks',
    ...BETWEEN_FRIENDS.en,
    card: { heading: 'Can you beat this score?', alt: 'A challenge on {{tenantName}}' },
    share: { subject: 'Can you beat me?', line: 'I have just played this on {{tenantName}}. Can you beat me?' },
  },
  prompt: {
    default: { title: 'Can a friend beat that?', body: 'Ask a friend the same questions. No account is needed to play, and a friend who signs up afterwards earns for both of you.', accept: 'Challenge a friend', dismiss: 'Not now' },
    score: { title: '{{right}} of {{of}} right. Can a friend beat that?', body: 'Ask a friend the same questions. No account is needed to play, and a friend who signs up afterwards earns for both of you.', accept: 'Challenge a friend', dismiss: 'Not now' },
  },
};
