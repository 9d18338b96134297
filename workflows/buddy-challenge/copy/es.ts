import type { LiveWords } from '../../../src/domain/message/live-copy.ts';
import type { StepsCopy } from '../../../src/domain/message/copy.ts';

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
    furniture: {
      greeting: 'Hola, {{inviteeName}}:',
      greetingWithoutName: 'Hola:',
      nameless: 'qué tal',
      inviterWithoutName: 'un miembro de {{tenantName}}',
      reasons: {
        byMember: 'Motivo de este mensaje: {{inviterName}} dio esta dirección a {{tenantName}} para este reto.',
        byTenant: 'Motivo de este mensaje: un reto de {{tenantName}}.',
        optIn: 'Motivo de este mensaje: el consentimiento para recibir mensajes de {{tenantName}}.',
        existingRelationship: 'Motivo de este mensaje: el contacto existente con {{tenantName}}.',
      },
      expiry: 'Este reto está abierto hasta el {{expiryDate}}.',
      linkHint: 'Si el botón no se abre, este es el enlace:',
      ignore: 'Si el reto es inesperado, este mensaje puede ignorarse.',
      optOut: 'Darse de baja de los correos de {{tenantName}}',
      preferences: 'Elegir qué mensajes llegan, cuándo y en qué idioma',
      via: '{{inviterName}} a través de {{tenantName}}',
    },
    sms: {
      byMember: { invite: '{{tenantName}}: {{inviterName}} te ha retado.', reminder: '{{tenantName}}: el reto de {{inviterName}} sigue abierto.' },
      byTenant: { invite: '{{tenantName}}: un reto te espera.', reminder: '{{tenantName}}: el reto sigue abierto.' },
      optOut: 'Responde STOP para darte de baja.',
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
    declined: 'De acuerdo. No se te pide nada más.',
    inviterWithoutName: 'alguien que conoces',
    card: { heading: '¿Puedes superar este resultado?', alt: 'Un reto en {{tenantName}}' },
    share: { subject: '¿Puedes ganarme?', line: 'Acabo de jugar a esto en {{tenantName}}. ¿Puedes ganarme?' },
  },
  prompt: {
    default: { title: '¿Quién puede superarlo?', body: 'Haz las mismas preguntas a alguien que conozcas. Para jugar no hace falta cuenta, y quien luego se registra gana para los dos.', accept: 'Lanzar el reto', dismiss: 'Ahora no' },
    score: { title: '{{right}} de {{of}} correctas. ¿Quién puede superarlo?', body: 'Haz las mismas preguntas a alguien que conozcas. Para jugar no hace falta cuenta, y quien luego se registra gana para los dos.', accept: 'Lanzar el reto', dismiss: 'Ahora no' },
  },
};
