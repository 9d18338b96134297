import { BETWEEN_FRIENDS } from '../../../src/domain/landing/after-a-no.ts';
import type { LiveWords } from '../../../src/domain/message/live-copy.ts';
import type { StepsCopy } from '../../../src/domain/message/copy.ts';
import { invitationFurniture, SMS_OPT_OUT } from '../../../src/domain/message/shared-furniture.ts';

/* On first-name terms ("du") where we address somebody. {{inviterName}} stands in the nominative, or after "von". */

const challenge: StepsCopy = {
  invite: {
    subject: '{{inviterName}} fordert dich heraus: Kannst du es besser?',
    preheader: 'Ein paar Fragen, ohne Konto. Offen bis zum {{expiryDate}}.',
    heading: '{{inviterName}} möchte wissen, ob du es besser kannst',
    paragraphs: ['{{inviterName}} hat bei {{tenantName}} ein paar Fragen beantwortet und möchte wissen, ob du mehr schaffst.', 'Es dauert ein paar Minuten, und ein Konto brauchst du nicht.'],
    callToAction: 'Herausforderung ansehen',
  },
  reminders: [{
    subject: 'Noch offen: {{inviterName}} fordert dich heraus',
    preheader: 'Bis zum {{expiryDate}}, ohne Konto.',
    heading: 'Die Herausforderung ist noch offen',
    paragraphs: ['{{inviterName}} möchte wissen, ob du bei {{tenantName}} mehr schaffst. Bis zum {{expiryDate}} kannst du noch spielen.', 'Wenn das nichts für dich ist, musst du nichts tun.'],
    callToAction: 'Herausforderung ansehen',
  }],
};

const fromTenant: StepsCopy = {
  invite: {
    subject: 'Eine Herausforderung bei {{tenantName}}',
    preheader: 'Ein paar Fragen, ohne Konto. Offen bis zum {{expiryDate}}.',
    heading: 'Schaffst du mehr?',
    paragraphs: ['Bei {{tenantName}} warten ein paar Fragen auf dich. Ein Konto brauchst du nicht.'],
    callToAction: 'Herausforderung ansehen',
  },
  reminders: [{
    subject: 'Noch offen: die Herausforderung bei {{tenantName}}',
    preheader: 'Bis zum {{expiryDate}}, ohne Konto.',
    heading: 'Die Herausforderung ist noch offen',
    paragraphs: ['Bis zum {{expiryDate}} kannst du noch spielen.', 'Wenn das nichts für dich ist, musst du nichts tun.'],
    callToAction: 'Herausforderung ansehen',
  }],
};

export const de: LiveWords = {
  invite: {
    direction: 'ltr',
    furniture: invitationFurniture('de', {
      reasons: {
        byMember: 'Grund dieser Nachricht: {{inviterName}} hat {{tenantName}} diese Adresse für die Herausforderung gegeben.',
        byTenant: 'Grund dieser Nachricht: eine Herausforderung von {{tenantName}}.',
      },
      expiry: 'Diese Herausforderung ist bis zum {{expiryDate}} offen.',
      ignore: 'Wer sie nicht erwartet hat, kann diese Nachricht ignorieren.',
    }),
    sms: {
      byMember: { invite: '{{tenantName}}: {{inviterName}} fordert dich heraus.', reminder: '{{tenantName}}: Die Herausforderung von {{inviterName}} ist noch offen.' },
      byTenant: { invite: '{{tenantName}}: eine Herausforderung.', reminder: '{{tenantName}}: Die Herausforderung ist noch offen.' },
      optOut: SMS_OPT_OUT.de,
    },
    byMember: { default: challenge },
    byTenant: fromTenant,
  },
  messages: {
    friend_finished: {
      subject: 'Deine Herausforderung wurde zu Ende gespielt',
      preheader: '{{right}} von {{of}} richtig.',
      heading: '{{right}} von {{of}} richtig',
      paragraphs: ['Jemand hat alle Fragen deiner Herausforderung beantwortet: {{right}} von {{of}} richtig.'],
      callToAction: 'Ergebnis ansehen',
    },
  },
  page: {
    title: 'Eine Herausforderung von {{inviterName}}',
    lead: '{{inviterName}} möchte wissen, ob du bei {{tenantName}} mehr schaffst.',
    about: ['Richtig waren {{score}}. Kannst du es besser?'],
    ask: 'Ein paar Fragen, eine nach der anderen. Ein Konto brauchst du nicht.',
    accept: 'Spielen',
    decline: 'Nein, danke',
    ...BETWEEN_FRIENDS.de,
    card: { heading: 'Schaffst du mehr?', alt: 'Eine Herausforderung bei {{tenantName}}' },
    share: { subject: 'Schaffst du mehr als ich?', line: 'Das habe ich gerade bei {{tenantName}} gespielt. Schaffst du mehr als ich?' },
  },
  prompt: {
    default: { title: 'Wer schafft mehr?', body: 'Stell jemandem dieselben Fragen. Zum Spielen braucht es kein Konto, und wer sich danach anmeldet, verdient für euch beide.', accept: 'Herausfordern', dismiss: 'Jetzt nicht' },
    score: { title: '{{right}} von {{of}} richtig. Wer schafft mehr?', body: 'Stell jemandem dieselben Fragen. Zum Spielen braucht es kein Konto, und wer sich danach anmeldet, verdient für euch beide.', accept: 'Herausfordern', dismiss: 'Jetzt nicht' },
  },
};
