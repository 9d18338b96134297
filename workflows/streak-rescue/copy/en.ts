import { BETWEEN_FRIENDS } from '../../../src/domain/landing/after-a-no.ts';
import type { StepsCopy } from '../../../src/domain/message/copy.ts';
import type { LiveWords } from '../../../src/domain/message/live-copy.ts';
import { invitationFurniture, SMS_OPT_OUT } from '../../../src/domain/message/shared-furniture.ts';

const rescue: StepsCopy = {
  invite: {
    subject: '{{inviterName}} asks for your help: a streak ends soon',
    preheader: 'A few questions within two hours, no account needed.',
    heading: 'Help {{inviterName}} keep a streak',
    paragraphs: ['{{inviterName}} has practised day after day on {{tenantName}}, and today is still missing. If both of you answer the same few questions in time, the streak goes on.', 'It takes some minutes, and you need no account. After two hours at most it is too late.'],
    callToAction: 'Help now',
  },
  reminders: [{
    subject: 'The streak of {{inviterName}} still needs your help',
    preheader: 'A few questions, no account needed.',
    heading: 'The streak still needs your help',
    paragraphs: ['{{inviterName}} asked you to help with a streak on {{tenantName}}. You can still do so.', 'If it is not for you, there is nothing to do.'],
    callToAction: 'Help now',
  }],
};

const fromTenant: StepsCopy = {
  invite: {
    subject: 'Help to keep a streak on {{tenantName}}',
    preheader: 'A few questions within two hours, no account needed.',
    heading: 'A streak ends soon',
    paragraphs: ['Somebody on {{tenantName}} would like to keep a streak with your help. A few questions are enough; you need no account.'],
    callToAction: 'Help now',
  },
  reminders: [{
    subject: 'The streak on {{tenantName}} still needs your help',
    preheader: 'A few questions, no account needed.',
    heading: 'The streak still needs your help',
    paragraphs: ['A streak on {{tenantName}} still needs your help.', 'If it is not for you, there is nothing to do.'],
    callToAction: 'Help now',
  }],
};

export const en: LiveWords = {
  invite: {
    direction: 'ltr',
    furniture: invitationFurniture('en', {
      reasons: {
        byMember: 'You get this message because {{inviterName}} gave your address to {{tenantName}} to ask for this help.',
        byTenant: 'You get this message because {{tenantName}} would like you to help.',
      },
      expiry: 'This is open until {{expiryDate}}, and not longer than two hours.',
      ignore: 'If you did not expect it, you can ignore it.',
    }),
    sms: {
      byMember: { invite: '{{tenantName}}: {{inviterName}} asks you to help with a streak.', reminder: '{{tenantName}}: {{inviterName}} still needs your help with a streak.' },
      byTenant: { invite: '{{tenantName}}: help to keep a streak.', reminder: '{{tenantName}}: the streak still needs your help.' },
      optOut: SMS_OPT_OUT.en,
    },
    byMember: { default: rescue },
    byTenant: fromTenant,
  },
  messages: {
    ask: {
      subject: 'A friend needs you: a streak ends soon',
      preheader: 'Practise together until {{until}}.',
      heading: 'Practise together until {{until}}',
      paragraphs: ['A friend\'s streak ends today. If both of you answer the same few questions until {{until}}, it goes on, and both of you get a shield.'],
      callToAction: 'Help now',
    },
    joined: {
      subject: 'Your buddy is there',
      preheader: 'You have until {{until}}.',
      heading: 'Your buddy is there',
      paragraphs: ['Your buddy has come to help. Answer the same questions until {{until}}, and your streak goes on.'],
      callToAction: 'Practise now',
    },
    unreached: {
      subject: 'Your mail did not arrive',
      preheader: 'Pass the link on until {{until}}.',
      heading: 'Your mail did not arrive',
      paragraphs: ['The mail to your buddy came back. Pass the link on yourself, or ask somebody else: there is time until {{until}}.'],
      callToAction: 'To the link',
    },
    rescued: {
      subject: 'The streak is saved',
      preheader: 'You did it together.',
      heading: 'The streak is saved',
      paragraphs: ['Both of you have finished in time. A shield for the next day off is yours.'],
      callToAction: 'See your shields',
    },
    saved: {
      subject: 'The streak is saved',
      preheader: 'You did it together.',
      heading: 'The streak is saved',
      paragraphs: ['Both of you have finished in time, and the streak goes on.'],
      callToAction: 'See the streak',
    },
  },
  page: {
    title: 'Help {{inviterName}} keep a streak',
    lead: '{{inviterName}} has practised day after day on {{tenantName}}. Today is still missing, and you can help.',
    about: ['If both of you answer the same questions in time, the streak goes on.'],
    ask: 'Answer a few questions, one at a time, within two hours at most. You need no account.',
    accept: 'Help now',
    decline: 'Not today',
    ...BETWEEN_FRIENDS.en,
    card: { heading: 'Help to keep a streak', alt: 'A streak on {{tenantName}} that ends soon' },
    share: { subject: 'Can you help me for five minutes?', line: 'My streak on {{tenantName}} ends today. Answer a few questions with me and it goes on:' },
  },
  prompt: {
    default: { title: 'Your streak ends today', body: 'Ask a buddy: if both of you answer a few questions within two hours, it goes on, and both of you get a shield.', accept: 'Ask a buddy', dismiss: 'Not today' },
    days: { title: '{{streakDays}} in a row end today', body: 'Ask a buddy: if both of you answer a few questions within two hours, it goes on, and both of you get a shield.', accept: 'Ask a buddy', dismiss: 'Not today' },
  },
};
