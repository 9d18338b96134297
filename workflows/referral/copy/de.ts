import type { NoticeLocaleCopy } from '../../../src/domain/message/notice-copy.ts';
import { noticeFurniture } from '../../../src/domain/message/shared-furniture.ts';

const open = '{{tenantName}} öffnen';

/** German, on first-name terms ("du") where we address somebody. {{amount}} may be a sum of several units: no verb agrees with it. */
export const de: NoticeLocaleCopy = {
  direction: 'ltr',
  furniture: noticeFurniture('de', {
    greeting: 'Hallo {{recipientName}},',
    reason: 'Grund dieser Nachricht: die Teilnahme an „{{programTitle}}“. Von einer Art geht höchstens eine Nachricht in der Stunde hinaus, es kann also noch mehr zu sehen sein.',
  }),
  reasons: {
    cap_reached: 'Mehr gibt das Programm einer Person in dieser Zeit nicht.',
    window_over: 'Es geschah außerhalb der Zeit, in der es zählt.',
    duplicate: 'Dasselbe war schon belohnt worden.',
    self_referral: 'Beide Seiten sind nach unserer Kenntnis eine Person.',
    budget_spent: 'Das Budget des Programms ist aufgebraucht.',
    not_eligible: 'Die Bedingungen des Programms sind nicht mehr erfüllt, etwa nach einer Rückzahlung.',
    under_review: 'Eine Reklamation oder Prüfung ist offen.',
    currency_not_supported: 'Die Zahlung ist in einer Währung, die das Programm nicht verwendet.',
    operator: 'Das haben die Betreiber des Programms entschieden. Sie können mehr dazu sagen.',
  },
  kinds: {
    friend_signed_up: {
      subject: 'Durch dich ist jemand bei {{tenantName}} dazugekommen',
      preheader: 'Deine Einladung, dein Link oder dein Code hat jemanden gebracht.',
      heading: 'Durch dich ist jemand dazugekommen',
      paragraphs: ['Jemand hat sich durch deine Einladung, deinen Link oder deinen Code bei {{tenantName}} angemeldet. Danke fürs Weitersagen.', 'Wer es war, sagen wir nicht: Das ist nicht an uns.'],
      callToAction: open,
    },
    friend_activated: {
      subject: 'Jemand, den du zu {{tenantName}} gebracht hast, ist richtig dabei',
      preheader: 'Der nächste Schritt ist getan.',
      heading: 'Der nächste Schritt ist getan',
      paragraphs: ['Jemand, der durch dich zu {{tenantName}} gekommen ist, hat den nächsten Schritt gemacht und ist jetzt richtig dabei.'],
      callToAction: open,
    },
    reward_held: {
      subject: 'Verdient bei {{tenantName}}: {{amount}}',
      preheader: 'Bis zum {{untilDate}} für dich zurückgelegt.',
      heading: 'Du hast {{amount}} verdient',
      paragraphs: ['Du hast {{amount}} verdient, weil jemand durch dich zu {{tenantName}} gekommen ist.', 'Das ist bis zum {{untilDate}} zurückgelegt. Wird vorher rückgängig, wofür du es bekommst, etwa durch eine Rückzahlung, kann es weniger werden oder wegfallen. Dann sagen wir dir Bescheid.'],
      callToAction: open,
    },
    reward_released: {
      subject: 'Jetzt deins: {{amount}} von {{tenantName}}',
      preheader: 'Deine Belohnung ist frei.',
      heading: 'Jetzt deins: {{amount}}',
      paragraphs: ['Die Zeit, für die deine Belohnung zurückgelegt war, ist vorbei. Jetzt frei für dich: {{amount}}.'],
      callToAction: open,
    },
    reward_taken_back: {
      subject: 'Eine Belohnung bei {{tenantName}} wurde zurückgenommen',
      preheader: 'Zurückgenommen: {{amount}}.',
      heading: 'Zurückgenommen: {{amount}}',
      paragraphs: ['Von dem, was du bei {{tenantName}} verdient hattest, wurde zurückgenommen: {{amount}}.', '{{reason}}'],
      callToAction: open,
    },
    milestone_reached: {
      subject: 'Etappe erreicht bei {{tenantName}}: {{amount}}',
      preheader: 'Genug Leute sind durch dich gekommen.',
      heading: 'Du hast eine Etappe erreicht',
      paragraphs: ['Durch dich sind genug Leute für die nächste Etappe zu {{tenantName}} gekommen. Dafür bekommst du {{amount}}.', 'Das gehört dir ab dem {{untilDate}}, solange nicht rückgängig wird, was dafür zählt.'],
      callToAction: open,
    },
    welcome_held: {
      subject: 'Deine Belohnung zur Begrüßung bei {{tenantName}}: {{amount}}',
      preheader: 'Bis zum {{untilDate}} für dich zurückgelegt.',
      heading: 'Fürs Kommen: {{amount}}',
      paragraphs: ['Du bist zu {{tenantName}} gekommen, weil dir jemand davon erzählt hat. Auch du bekommst dafür etwas: {{amount}}.', 'Das ist bis zum {{untilDate}} zurückgelegt. Wird vorher rückgängig, wofür du es bekommst, etwa durch eine Rückzahlung, kann es weniger werden oder wegfallen. Dann sagen wir dir Bescheid.'],
      callToAction: open,
    },
    welcome_released: {
      subject: 'Jetzt deins: {{amount}} von {{tenantName}}',
      preheader: 'Deine Belohnung zur Begrüßung ist frei.',
      heading: 'Jetzt deins: {{amount}}',
      paragraphs: ['Die Zeit, für die deine Belohnung zur Begrüßung zurückgelegt war, ist vorbei. Jetzt frei für dich: {{amount}}.'],
      callToAction: open,
    },
  },
};
