import { NOTHING_KEPT } from '../../src/domain/landing/after-a-no.ts';
import type { LiveCopy } from '../../src/domain/message/live-copy.ts';

/** Proud without being loud; the card names nobody. */
export const achievementSpotlightCopy: LiveCopy = {
  en: {
    messages: {
      came: { subject: 'A friend looked at your badge', preheader: 'And came along.', heading: 'Somebody came by your badge', paragraphs: ['A friend saw your badge "{{badge}}" and came along. When they get going, both of you earn.'], callToAction: 'See who is with you' },
    },
    page: {
      title: '{{inviterName}} has earned a badge',
      lead: '{{inviterName}} has earned the badge "{{badge}}" at {{tenantName}} and would like to share that with you.',
      about: ['Level {{level}}.'],
      ask: 'You can try it yourself. It takes a few minutes; an account is only needed if you stay.',
      accept: 'Try it myself', decline: 'Not for me', declined: NOTHING_KEPT.en, inviterWithoutName: 'a friend',
      card: { heading: 'A badge at {{tenantName}}: {{badge}}', alt: 'A badge that was earned at {{tenantName}}: {{badge}}' },
      share: { subject: 'I have earned a badge', line: 'I have just earned the badge "{{badge}}" at {{tenantName}}. Try it yourself:' },
    },
    prompt: {
      default: { title: 'That is worth showing', body: 'Show your new badge to a friend. When they get going, both of you earn.', accept: 'Show it', dismiss: 'Keep it to myself' },
      badge: { title: '"{{badge}}" is yours', body: 'Show it to a friend. When they get going, both of you earn.', accept: 'Show it', dismiss: 'Keep it to myself' },
    },
  },
  de: {
    messages: {
      came: { subject: 'Jemand hat Ihr Abzeichen gesehen', preheader: 'Und ist mitgekommen.', heading: 'Ihr Abzeichen hat jemanden gebracht', paragraphs: ['Jemand hat Ihr Abzeichen „{{badge}}“ gesehen und ist mitgekommen. Geht es dort los, bekommen beide etwas.'], callToAction: 'Nachsehen' },
    },
    page: {
      title: '{{inviterName}} hat ein Abzeichen bekommen',
      lead: '{{inviterName}} hat bei {{tenantName}} das Abzeichen „{{badge}}“ bekommen und möchte das mit Ihnen teilen.',
      about: ['Stufe {{level}}.'],
      ask: 'Sie können es selbst versuchen. Das dauert wenige Minuten; ein Konto brauchen Sie nur, wenn Sie bleiben.',
      accept: 'Selbst versuchen', decline: 'Nichts für mich', declined: NOTHING_KEPT.de, inviterWithoutName: 'jemand aus Ihrem Kreis',
      card: { heading: 'Ein Abzeichen bei {{tenantName}}: {{badge}}', alt: 'Ein Abzeichen von {{tenantName}}: {{badge}}' },
      share: { subject: 'Ich habe ein Abzeichen bekommen', line: 'Ich habe bei {{tenantName}} gerade das Abzeichen „{{badge}}“ bekommen. Zum Selbstversuchen:' },
    },
    prompt: {
      default: { title: 'Das darf man zeigen', body: 'Zeigen Sie Ihr neues Abzeichen jemandem. Geht es dort los, bekommen beide etwas.', accept: 'Zeigen', dismiss: 'Für mich behalten' },
    },
  },
  es: {
    messages: {
      came: { subject: 'Alguien ha visto su insignia', preheader: 'Y se ha animado.', heading: 'Su insignia ha traído a alguien', paragraphs: ['Alguien vio su insignia «{{badge}}» y se animó. Cuando empiece de verdad, ganan los dos.'], callToAction: 'Ver quién está' },
    },
    page: {
      title: '{{inviterName}} ha ganado una insignia',
      lead: '{{inviterName}} ha ganado la insignia «{{badge}}» en {{tenantName}} y quiere compartirlo con usted.',
      about: ['Nivel {{level}}.'],
      ask: 'Puede probarlo. Lleva unos minutos; solo hace falta una cuenta si se queda.',
      accept: 'Probarlo', decline: 'No es para mí', declined: NOTHING_KEPT.es, inviterWithoutName: 'alguien que le conoce',
      card: { heading: 'Una insignia en {{tenantName}}: {{badge}}', alt: 'Una insignia ganada en {{tenantName}}: {{badge}}' },
      share: { subject: 'He ganado una insignia', line: 'Acabo de ganar la insignia «{{badge}}» en {{tenantName}}. Pruébelo:' },
    },
    prompt: {
      default: { title: 'Esto merece verse', body: 'Enseñe su nueva insignia a alguien. Cuando empiece de verdad, ganan los dos.', accept: 'Enseñarla', dismiss: 'Guardármela' },
    },
  },
};
