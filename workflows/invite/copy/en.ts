import type { LocaleCopy, MessageCopy, StepsCopy } from '../../../src/domain/message/copy.ts';
import { invitationFurniture, SMS_OPT_OUT } from '../../../src/domain/message/shared-furniture.ts';

const lastCall: MessageCopy = {
  subject: 'Open until {{expiryDate}}: the invitation from {{inviterName}}',
  preheader: 'After that it closes by itself.',
  heading: 'Your invitation closes on {{expiryDate}}',
  paragraphs: ['{{inviterName}} invited you to {{tenantName}}. The invitation closes by itself on {{expiryDate}}.'],
  callToAction: 'See the invitation',
};

const anybody: StepsCopy = {
  invite: {
    subject: '{{inviterName}} invites you to {{tenantName}}',
    preheader: 'A personal invitation, open until {{expiryDate}}.',
    heading: '{{inviterName}} invites you to join {{tenantName}}',
    paragraphs: ['{{inviterName}} uses {{tenantName}} and would like you to join.', 'Have a look and decide for yourself. Nothing happens until you accept.'],
    callToAction: 'See the invitation',
  },
  reminders: [
    {
      subject: 'Reminder: {{inviterName}} invited you to {{tenantName}}',
      preheader: 'Your invitation is still open, until {{expiryDate}}.',
      heading: 'Your invitation from {{inviterName}} is still open',
      paragraphs: ['{{inviterName}} invited you to {{tenantName}}. In case the invitation got lost: it is still there.', 'If it is not for you, there is nothing to do.'],
      callToAction: 'See the invitation',
    },
    lastCall,
  ],
};

const friend: StepsCopy = {
  invite: {
    subject: '{{inviterName}} wants to share {{tenantName}} with you',
    preheader: 'A personal invitation from a friend, open until {{expiryDate}}.',
    heading: '{{inviterName}} thought of you',
    paragraphs: ['{{inviterName}} is on {{tenantName}} and would like to share it with you as a friend.', 'Have a look and decide for yourself. Nothing happens until you accept.'],
    callToAction: 'See what {{inviterName}} shared',
  },
  reminders: [
    {
      subject: '{{inviterName}} would still like you to see {{tenantName}}',
      preheader: 'Your friend’s invitation is open until {{expiryDate}}.',
      heading: '{{inviterName}}’s invitation is still open',
      paragraphs: ['Your friend {{inviterName}} invited you to {{tenantName}}. In case the invitation got lost: it is still there.', 'If it is not for you, there is nothing to do.'],
      callToAction: 'See the invitation',
    },
    lastCall,
  ],
};

const family: StepsCopy = {
  invite: {
    subject: '{{inviterName}} invites the family to {{tenantName}}',
    preheader: 'An invitation from your family, open until {{expiryDate}}.',
    heading: '{{inviterName}} would like you there',
    paragraphs: ['{{inviterName}} is on {{tenantName}} and would like the family to be there, too.', 'Have a look and decide for yourself. Nothing happens until you accept.'],
    callToAction: 'See the invitation',
  },
  reminders: anybody.reminders,
};

const colleague: StepsCopy = {
  invite: {
    subject: '{{inviterName}} suggests {{tenantName}} to you',
    preheader: 'An invitation from a colleague, open until {{expiryDate}}.',
    heading: '{{inviterName}} suggests {{tenantName}}',
    paragraphs: ['Your colleague {{inviterName}} works with {{tenantName}} and thinks that it may be useful to you.', 'The invitation shows what it is about. Nothing happens until you accept.'],
    callToAction: 'Open the invitation',
  },
  reminders: anybody.reminders,
};

const classmate: StepsCopy = {
  invite: {
    subject: '{{inviterName}} invites you to {{tenantName}}',
    preheader: 'An invitation from a classmate, open until {{expiryDate}}.',
    heading: '{{inviterName}} would like to learn with you',
    paragraphs: ['{{inviterName}} from your class is on {{tenantName}} and would like you to join in.', 'Have a look and decide for yourself. Nothing happens until you accept.'],
    callToAction: 'See the invitation',
  },
  reminders: anybody.reminders,
};

const vendor: StepsCopy = {
  invite: {
    subject: '{{inviterName}} invites your business to {{tenantName}}',
    preheader: 'A business invitation, open until {{expiryDate}}.',
    heading: '{{inviterName}} would like to work with you on {{tenantName}}',
    paragraphs: ['{{inviterName}} uses {{tenantName}} and invites you as a business contact.', 'The invitation shows what it is about. Nothing happens until you accept.'],
    callToAction: 'Open the invitation',
  },
  reminders: [
    {
      subject: 'Reminder: {{inviterName}} invited your business to {{tenantName}}',
      preheader: 'The invitation is open until {{expiryDate}}.',
      heading: 'The invitation from {{inviterName}} is still open',
      paragraphs: ['{{inviterName}} invited your business to {{tenantName}}. The invitation is still open.', 'If it is not for you, there is nothing to do.'],
      callToAction: 'Open the invitation',
    },
  ],
};

const fromTenant: StepsCopy = {
  invite: {
    subject: 'Your invitation to {{tenantName}}',
    preheader: 'Open until {{expiryDate}}.',
    heading: '{{tenantName}} invites you',
    paragraphs: ['{{tenantName}} would like you to join.', 'Have a look and decide for yourself. Nothing happens until you accept.'],
    callToAction: 'See the invitation',
  },
  reminders: [
    {
      subject: 'Reminder: your invitation to {{tenantName}}',
      preheader: 'It is still open, until {{expiryDate}}.',
      heading: 'Your invitation is still open',
      paragraphs: ['We invited you to {{tenantName}}. In case the invitation got lost: it is still there.', 'If it is not for you, there is nothing to do.'],
      callToAction: 'See the invitation',
    },
  ],
};

export const en: LocaleCopy = {
  direction: 'ltr',
  furniture: invitationFurniture('en', {
    reasons: {
      byMember: 'You get this message because {{inviterName}} gave your address to {{tenantName}} to invite you.',
      byTenant: 'You get this message because {{tenantName}} would like to invite you.',
    },
    expiry: 'This invitation is open until {{expiryDate}}.',
    ignore: 'If you did not expect it, you can ignore it.',
  }),
  sms: {
    byMember: { invite: '{{tenantName}}: {{inviterName}} invites you to join.', reminder: '{{tenantName}}: the invitation from {{inviterName}} is still open.' },
    byTenant: { invite: '{{tenantName}} invites you.', reminder: '{{tenantName}}: your invitation is still open.' },
    optOut: SMS_OPT_OUT.en,
  },
  byMember: { default: anybody, friend, family, colleague, classmate, vendor },
  byTenant: fromTenant,
};
