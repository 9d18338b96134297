import type { LocaleCopy, MessageCopy, StepsCopy } from '../../../src/domain/message/copy.ts';
import { invitationFurniture, SMS_OPT_OUT } from '../../../src/domain/message/shared-furniture.ts';

/*
 * German, on first-name terms ("du") where we address somebody, without address in business and in the sentences around.
 * {{inviterName}} stands in the nominative only: "ein Mitglied von ..." takes its place where no name can be shown.
 */

const lastCall: MessageCopy = {
  subject: 'Noch bis zum {{expiryDate}}: {{inviterName}} lädt dich ein',
  preheader: 'Danach endet die Einladung von selbst.',
  heading: 'Deine Einladung endet am {{expiryDate}}',
  paragraphs: ['{{inviterName}} hat dich zu {{tenantName}} eingeladen. Die Einladung endet am {{expiryDate}} von selbst.'],
  callToAction: 'Einladung ansehen',
};

const anybody: StepsCopy = {
  invite: {
    subject: '{{inviterName}} lädt dich zu {{tenantName}} ein',
    preheader: 'Eine persönliche Einladung, offen bis zum {{expiryDate}}.',
    heading: '{{inviterName}} lädt dich zu {{tenantName}} ein',
    paragraphs: ['{{inviterName}} nutzt {{tenantName}} und hätte dich gern dabei.', 'Sieh es dir an und entscheide selbst. Solange du nicht annimmst, passiert nichts.'],
    callToAction: 'Einladung ansehen',
  },
  reminders: [
    {
      subject: 'Erinnerung: {{inviterName}} hat dich zu {{tenantName}} eingeladen',
      preheader: 'Deine Einladung ist noch offen, bis zum {{expiryDate}}.',
      heading: 'Deine Einladung zu {{tenantName}} ist noch offen',
      paragraphs: ['{{inviterName}} hat dich zu {{tenantName}} eingeladen. Falls die Nachricht untergegangen ist: Die Einladung gilt noch.', 'Wenn das nichts für dich ist, musst du nichts tun.'],
      callToAction: 'Einladung ansehen',
    },
    lastCall,
  ],
};

const friend: StepsCopy = {
  invite: {
    subject: '{{inviterName}} möchte dir {{tenantName}} zeigen',
    preheader: 'Eine persönliche Einladung aus deinem Freundeskreis, offen bis zum {{expiryDate}}.',
    heading: '{{inviterName}} hat an dich gedacht',
    paragraphs: ['{{inviterName}} ist bei {{tenantName}} und möchte es dir zeigen.', 'Sieh es dir an und entscheide selbst. Solange du nicht annimmst, passiert nichts.'],
    callToAction: 'Einladung ansehen',
  },
  reminders: [
    {
      subject: '{{inviterName}} würde dir {{tenantName}} immer noch gern zeigen',
      preheader: 'Die Einladung aus deinem Freundeskreis ist bis zum {{expiryDate}} offen.',
      heading: 'Deine Einladung zu {{tenantName}} ist noch offen',
      paragraphs: ['{{inviterName}} hat dich zu {{tenantName}} eingeladen. Falls die Nachricht untergegangen ist: Die Einladung gilt noch.', 'Wenn das nichts für dich ist, musst du nichts tun.'],
      callToAction: 'Einladung ansehen',
    },
    lastCall,
  ],
};

const family: StepsCopy = {
  invite: {
    subject: '{{inviterName}} lädt die Familie zu {{tenantName}} ein',
    preheader: 'Eine Einladung aus deiner Familie, offen bis zum {{expiryDate}}.',
    heading: '{{inviterName}} hätte dich gern dabei',
    paragraphs: ['{{inviterName}} ist bei {{tenantName}} und hätte gern auch die Familie dabei.', 'Sieh es dir an und entscheide selbst. Solange du nicht annimmst, passiert nichts.'],
    callToAction: 'Einladung ansehen',
  },
  reminders: anybody.reminders,
};

const colleague: StepsCopy = {
  invite: {
    subject: '{{inviterName}} empfiehlt dir {{tenantName}}',
    preheader: 'Eine Einladung aus deinem Kollegenkreis, offen bis zum {{expiryDate}}.',
    heading: '{{inviterName}} empfiehlt dir {{tenantName}}',
    paragraphs: ['{{inviterName}} arbeitet mit {{tenantName}} und meint, dass es auch dir nützen kann.', 'In der Einladung steht, worum es geht. Solange du nicht annimmst, passiert nichts.'],
    callToAction: 'Einladung öffnen',
  },
  reminders: anybody.reminders,
};

const classmate: StepsCopy = {
  invite: {
    subject: '{{inviterName}} lädt dich zu {{tenantName}} ein',
    preheader: 'Eine Einladung aus deiner Klasse, offen bis zum {{expiryDate}}.',
    heading: '{{inviterName}} möchte mit dir lernen',
    paragraphs: ['{{inviterName}} aus deiner Klasse ist bei {{tenantName}} und hätte dich gern dabei.', 'Sieh es dir an und entscheide selbst. Solange du nicht annimmst, passiert nichts.'],
    callToAction: 'Einladung ansehen',
  },
  reminders: anybody.reminders,
};

const vendor: StepsCopy = {
  invite: {
    subject: '{{inviterName}} lädt geschäftlich zu {{tenantName}} ein',
    preheader: 'Eine geschäftliche Einladung, offen bis zum {{expiryDate}}.',
    heading: '{{inviterName}} möchte über {{tenantName}} zusammenarbeiten',
    paragraphs: ['{{inviterName}} nutzt {{tenantName}} und lädt zur geschäftlichen Zusammenarbeit ein.', 'In der Einladung steht, worum es geht. Ohne Zusage passiert nichts.'],
    callToAction: 'Einladung öffnen',
  },
  reminders: [
    {
      subject: 'Erinnerung: {{inviterName}} lädt geschäftlich zu {{tenantName}} ein',
      preheader: 'Die Einladung ist bis zum {{expiryDate}} offen.',
      heading: 'Die geschäftliche Einladung ist noch offen',
      paragraphs: ['{{inviterName}} hat zur Zusammenarbeit über {{tenantName}} eingeladen. Die Einladung ist noch offen.', 'Wenn sie nicht passt, ist nichts weiter zu tun.'],
      callToAction: 'Einladung öffnen',
    },
  ],
};

const fromTenant: StepsCopy = {
  invite: {
    subject: 'Deine Einladung zu {{tenantName}}',
    preheader: 'Offen bis zum {{expiryDate}}.',
    heading: '{{tenantName}} lädt dich ein',
    paragraphs: ['{{tenantName}} würde sich freuen, wenn du dabei bist.', 'Sieh es dir an und entscheide selbst. Solange du nicht annimmst, passiert nichts.'],
    callToAction: 'Einladung ansehen',
  },
  reminders: [
    {
      subject: 'Erinnerung: deine Einladung zu {{tenantName}}',
      preheader: 'Noch offen bis zum {{expiryDate}}.',
      heading: 'Deine Einladung ist noch offen',
      paragraphs: ['Wir haben dich zu {{tenantName}} eingeladen. Falls die Nachricht untergegangen ist: Die Einladung gilt noch.', 'Wenn das nichts für dich ist, musst du nichts tun.'],
      callToAction: 'Einladung ansehen',
    },
  ],
};

export const de: LocaleCopy = {
  direction: 'ltr',
  furniture: invitationFurniture('de', {
    reasons: {
      byMember: 'Grund dieser Nachricht: {{inviterName}} hat {{tenantName}} diese Adresse für eine Einladung gegeben.',
      byTenant: 'Grund dieser Nachricht: eine Einladung von {{tenantName}}.',
    },
    expiry: 'Diese Einladung ist bis zum {{expiryDate}} offen.',
    ignore: 'Wer keine Einladung erwartet hat, kann diese Nachricht ignorieren.',
  }),
  sms: {
    byMember: { invite: '{{tenantName}}: Einladung von {{inviterName}}.', reminder: '{{tenantName}}: Die Einladung von {{inviterName}} gilt noch.' },
    byTenant: { invite: '{{tenantName}}: eine Einladung.', reminder: '{{tenantName}}: Die Einladung gilt noch.' },
    optOut: SMS_OPT_OUT.de,
  },
  byMember: { default: anybody, friend, family, colleague, classmate, vendor },
  byTenant: fromTenant,
};
