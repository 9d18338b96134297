import { BETWEEN_FRIENDS } from '../../../src/domain/landing/after-a-no.ts';
import type { StepsCopy } from '../../../src/domain/message/copy.ts';
import type { LiveWords } from '../../../src/domain/message/live-copy.ts';
import { invitationFurniture, SMS_OPT_OUT } from '../../../src/domain/message/shared-furniture.ts';

/* On first-name terms ("du") where we address somebody. {{inviterName}} stands in the nominative, or after "von". */

const rescue: StepsCopy = {
  invite: {
    subject: '{{inviterName}} bittet dich um Hilfe: Eine Serie endet bald',
    preheader: 'Ein paar Fragen innerhalb von zwei Stunden, ohne Konto.',
    heading: 'Hilf mit, eine Serie zu retten',
    paragraphs: ['{{inviterName}} hat bei {{tenantName}} Tag für Tag geübt, nur heute fehlt noch. Beantwortet ihr beide rechtzeitig dieselben Fragen, geht die Serie weiter.', 'Es dauert ein paar Minuten, ein Konto brauchst du nicht. Nach spätestens zwei Stunden ist es zu spät.'],
    callToAction: 'Jetzt helfen',
  },
  reminders: [{
    subject: '{{inviterName}} braucht noch deine Hilfe bei einer Serie',
    preheader: 'Ein paar Fragen, ohne Konto.',
    heading: 'Die Serie braucht noch deine Hilfe',
    paragraphs: ['{{inviterName}} bittet dich bei {{tenantName}} um Hilfe bei einer Serie. Noch ist Zeit.', 'Wenn das nichts für dich ist, musst du nichts tun.'],
    callToAction: 'Jetzt helfen',
  }],
};

const fromTenant: StepsCopy = {
  invite: {
    subject: 'Hilf mit, bei {{tenantName}} eine Serie zu retten',
    preheader: 'Ein paar Fragen innerhalb von zwei Stunden, ohne Konto.',
    heading: 'Eine Serie endet bald',
    paragraphs: ['Bei {{tenantName}} soll mit deiner Hilfe eine Serie weitergehen. Ein paar Fragen genügen, ein Konto brauchst du nicht.'],
    callToAction: 'Jetzt helfen',
  },
  reminders: [{
    subject: 'Die Serie bei {{tenantName}} braucht noch deine Hilfe',
    preheader: 'Ein paar Fragen, ohne Konto.',
    heading: 'Die Serie braucht noch deine Hilfe',
    paragraphs: ['Eine Serie bei {{tenantName}} braucht noch deine Hilfe.', 'Wenn das nichts für dich ist, musst du nichts tun.'],
    callToAction: 'Jetzt helfen',
  }],
};

export const de: LiveWords = {
  invite: {
    direction: 'ltr',
    furniture: invitationFurniture('de', {
      reasons: {
        byMember: 'Grund dieser Nachricht: {{inviterName}} hat {{tenantName}} diese Adresse für die Bitte um Hilfe gegeben.',
        byTenant: 'Grund dieser Nachricht: eine Bitte von {{tenantName}}.',
      },
      expiry: 'Das ist bis zum {{expiryDate}} offen, längstens zwei Stunden.',
      ignore: 'Wer sie nicht erwartet hat, kann diese Nachricht ignorieren.',
    }),
    sms: {
      byMember: { invite: '{{tenantName}}: {{inviterName}} bittet dich um Hilfe bei einer Serie.', reminder: '{{tenantName}}: {{inviterName}} braucht noch deine Hilfe bei einer Serie.' },
      byTenant: { invite: '{{tenantName}}: Hilf mit, eine Serie zu retten.', reminder: '{{tenantName}}: Die Serie braucht noch deine Hilfe.' },
      optOut: SMS_OPT_OUT.de,
    },
    byMember: { default: rescue },
    byTenant: fromTenant,
  },
  messages: {
    ask: {
      subject: 'Du wirst gebraucht: Eine Serie endet bald',
      preheader: 'Gemeinsam üben bis {{until}}.',
      heading: 'Gemeinsam üben bis {{until}}',
      paragraphs: ['In deinem Freundeskreis endet heute eine Serie. Beantwortet ihr beide bis {{until}} dieselben Fragen, geht sie weiter, und beide bekommen einen Schutzschild.'],
      callToAction: 'Jetzt helfen',
    },
    joined: {
      subject: 'Deine Hilfe ist da',
      preheader: 'Zeit ist bis {{until}}.',
      heading: 'Deine Hilfe ist da',
      paragraphs: ['Es hilft dir jemand. Beantworte dieselben Fragen bis {{until}}, und deine Serie geht weiter.'],
      callToAction: 'Jetzt üben',
    },
    unreached: {
      subject: 'Deine Mail kam nicht an',
      preheader: 'Gib den Link bis {{until}} selbst weiter.',
      heading: 'Deine Mail kam nicht an',
      paragraphs: ['Die Mail an deine Hilfe kam zurück. Gib den Link selbst weiter oder frag jemand anderen: Zeit ist bis {{until}}.'],
      callToAction: 'Zum Link',
    },
    rescued: {
      subject: 'Die Serie ist gerettet',
      preheader: 'Gemeinsam geschafft.',
      heading: 'Die Serie ist gerettet',
      paragraphs: ['Ihr seid beide rechtzeitig fertig geworden. Du hast einen Schutzschild für den nächsten freien Tag.'],
      callToAction: 'Schutzschilde ansehen',
    },
    saved: {
      subject: 'Die Serie ist gerettet',
      preheader: 'Gemeinsam geschafft.',
      heading: 'Die Serie ist gerettet',
      paragraphs: ['Ihr seid beide rechtzeitig fertig geworden, und die Serie geht weiter.'],
      callToAction: 'Serie ansehen',
    },
  },
  page: {
    title: '{{inviterName}} bittet dich um Hilfe',
    lead: '{{inviterName}} hat bei {{tenantName}} Tag für Tag geübt. Nur heute fehlt noch, und du kannst helfen.',
    about: ['Beantwortet ihr beide rechtzeitig dieselben Fragen, geht die Serie weiter.'],
    ask: 'Beantworte ein paar Fragen, eine nach der anderen, innerhalb von höchstens zwei Stunden. Ein Konto brauchst du nicht.',
    accept: 'Jetzt helfen',
    decline: 'Heute nicht',
    ...BETWEEN_FRIENDS.de,
    card: { heading: 'Hilf mit, eine Serie zu retten', alt: 'Eine Serie bei {{tenantName}}, die bald endet' },
    share: { subject: 'Hilfst du mir fünf Minuten?', line: 'Meine Serie bei {{tenantName}} endet heute. Beantworte ein paar Fragen mit mir, dann geht sie weiter:' },
  },
  prompt: {
    default: { title: 'Deine Serie endet heute', body: 'Bitte jemanden um Hilfe: Beantwortet ihr beide innerhalb von zwei Stunden ein paar Fragen, geht sie weiter, und beide bekommen einen Schutzschild.', accept: 'Um Hilfe bitten', dismiss: 'Heute nicht' },
    days: { title: '{{streakDays}} in Folge enden heute', body: 'Bitte jemanden um Hilfe: Beantwortet ihr beide innerhalb von zwei Stunden ein paar Fragen, geht die Serie weiter, und beide bekommen einen Schutzschild.', accept: 'Um Hilfe bitten', dismiss: 'Heute nicht' },
  },
};
