import { BETWEEN_FRIENDS } from '../../../src/domain/landing/after-a-no.ts';
import type { LiveWords } from '../../../src/domain/message/live-copy.ts';
import type { StepsCopy } from '../../../src/domain/message/copy.ts';
import { invitationFurniture, SMS_OPT_OUT } from '../../../src/domain/message/shared-furniture.ts';

const challenge: StepsCopy = {
  invite: {
    subject: '{{inviterName}} te reta: ¿puedes hacerlo mejor?',
    preheader: 'Unas preguntas, sin cuenta. Abierto hasta el {{expiryDate}}.',
    heading: '{{inviterName}} te pide que superes su resultado',
    paragraphs: ['{{inviterName}} ha respondido unas preguntas en {{tenantName}} y quiere saber si lo haces mejor.', 'Son unos minutos y no hace falta cuenta para jugar.'],
    callToAction: 'Ver el reto',
  },
  reminders: [{
    subject: 'El reto de {{inviterName}} sigue abierto',
    preheader: 'Hasta el {{expiryDate}}, sin cuenta.',
    heading: 'El reto de {{inviterName}} sigue abierto',
    paragraphs: ['{{inviterName}} te pidió que superases su resultado en {{tenantName}}. Aún puedes, hasta el {{expiryDate}}.', 'Si no es para ti, no tienes que hacer nada.'],
    callToAction: 'Ver el reto',
  }],
};

const fromTenant: StepsCopy = {
  invite: {
    subject: 'Un reto en {{tenantName}}',
    preheader: 'Unas preguntas, sin cuenta. Abierto hasta el {{expiryDate}}.',
    heading: '¿Puedes superar el resultado?',
    paragraphs: ['Te esperan unas preguntas en {{tenantName}}. No hace falta cuenta para jugar.'],
    callToAction: 'Ver el reto',
  },
  reminders: [{
    subject: 'El reto en {{tenantName}} sigue abierto',
    preheader: 'Hasta el {{expiryDate}}, sin cuenta.',
    heading: 'El reto sigue abierto',
    paragraphs: ['Aún puedes jugar, hasta el {{expiryDate}}.', 'Si no es para ti, no tienes que hacer nada.'],
    callToAction: 'Ver el reto',
  }],
};

export const es: LiveWords = {
  invite: {
    direction: 'ltr',
    furniture: invitationFurniture('es', {
      reasons: {
        byMember: 'Motivo de este mensaje: {{inviterName}} dio esta dirección a {{tenantName}} para este reto.',
        byTenant: 'Motivo de este mensaje: un reto de {{tenantName}}.',
      },
      expiry: 'Este reto está abierto hasta el {{expiryDate}}.',
      ignore: 'Si el reto es inesperado, este mensaje puede ignorarse.',
    }),
    sms: {
      byMember: { invite: '{{tenantName}}: {{inviterName}} te ha retado.', reminder: '{{tenantName}}: el reto de {{inviterName}} sigue abierto.' },
      byTenant: { invite: '{{tenantName}}: un reto te espera.', reminder: '{{tenantName}}: el reto sigue abierto.' },
      optOut: SMS_OPT_OUT.es,
    },
    byMember: { default: challenge },
    byTenant: fromTenant,
  },
  messages: {
    friend_finished: {
      subject: 'Ya han jugado tu reto',
      preheader: '{{right}} de {{of}} correctas.',
      heading: '{{right}} de {{of}} correctas',
      paragraphs: ['Alguien ha respondido a todas las preguntas de tu reto: {{right}} de {{of}} correctas.'],
      callToAction: 'Ver el resultado',
    },
  },
  page: {
    title: 'Un reto de {{inviterName}}',
    lead: '{{inviterName}} te pide que superes su resultado en {{tenantName}}.',
    about: ['Respuestas correctas: {{score}}. ¿Puedes hacerlo mejor?'],
    ask: 'Unas preguntas, una a una. No hace falta cuenta para jugar.',
    accept: 'Jugar',
    decline: 'No, gracias',
    ...BETWEEN_FRIENDS.es,
    card: { heading: '¿Puedes superar este resultado?', alt: 'Un reto en {{tenantName}}' },
    share: { subject: '¿Puedes ganarme?', line: 'Acabo de jugar a esto en {{tenantName}}. ¿Puedes ganarme?' },
  },
  prompt: {
    default: { title: '¿Quién puede superarlo?', body: 'Haz las mismas preguntas a alguien que conozcas. Para jugar no hace falta cuenta, y quien luego se registra gana para los dos.', accept: 'Lanzar el reto', dismiss: 'Ahora no' },
    score: { title: '{{right}} de {{of}} correctas. ¿Quién puede superarlo?', body: 'Haz las mismas preguntas a alguien que conozcas. Para jugar no hace falta cuenta, y quien luego se registra gana para los dos.', accept: 'Lanzar el reto', dismiss: 'Ahora no' },
  },
};
