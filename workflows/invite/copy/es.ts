import type { LocaleCopy, MessageCopy, StepsCopy } from '../../../src/domain/message/copy.ts';
import { invitationFurniture, SMS_OPT_OUT } from '../../../src/domain/message/shared-furniture.ts';

/* Spanish, on first-name terms ("tú") where we address somebody, without address in business and in the sentences around. */

const lastCall: MessageCopy = {
  subject: 'Hasta el {{expiryDate}}: {{inviterName}} te invita a {{tenantName}}',
  preheader: 'Después, la invitación se cierra por sí sola.',
  heading: 'Tu invitación se cierra el {{expiryDate}}',
  paragraphs: ['{{inviterName}} te invita a unirte a {{tenantName}}. La invitación se cierra por sí sola el {{expiryDate}}.'],
  callToAction: 'Ver la invitación',
};

const anybody: StepsCopy = {
  invite: {
    subject: '{{inviterName}} te invita a {{tenantName}}',
    preheader: 'Una invitación personal, abierta hasta el {{expiryDate}}.',
    heading: '{{inviterName}} te invita a unirte a {{tenantName}}',
    paragraphs: ['{{inviterName}} usa {{tenantName}} y le gustaría que te unieras.', 'Échale un vistazo y decide por tu cuenta. Mientras no aceptes, no pasa nada.'],
    callToAction: 'Ver la invitación',
  },
  reminders: [
    {
      subject: 'Recordatorio: {{inviterName}} te invita a {{tenantName}}',
      preheader: 'Tu invitación sigue abierta, hasta el {{expiryDate}}.',
      heading: 'La invitación de {{inviterName}} sigue abierta',
      paragraphs: ['{{inviterName}} te invita a unirte a {{tenantName}}. Por si el primer mensaje se perdió: la invitación sigue en pie.', 'Si no es para ti, no tienes que hacer nada.'],
      callToAction: 'Ver la invitación',
    },
    lastCall,
  ],
};

const friend: StepsCopy = {
  invite: {
    subject: '{{inviterName}} quiere compartir {{tenantName}} contigo',
    preheader: 'Una invitación personal de tus amistades, abierta hasta el {{expiryDate}}.',
    heading: '{{inviterName}} se acordó de ti',
    paragraphs: ['{{inviterName}} está en {{tenantName}} y quiere compartirlo contigo.', 'Échale un vistazo y decide por tu cuenta. Mientras no aceptes, no pasa nada.'],
    callToAction: 'Ver lo que comparte {{inviterName}}',
  },
  reminders: [
    {
      subject: 'A {{inviterName}} aún le gustaría enseñarte {{tenantName}}',
      preheader: 'La invitación de tus amistades está abierta hasta el {{expiryDate}}.',
      heading: 'La invitación de {{inviterName}} sigue abierta',
      paragraphs: ['{{inviterName}} quiere compartir {{tenantName}} contigo. Por si el primer mensaje se perdió: la invitación sigue en pie.', 'Si no es para ti, no tienes que hacer nada.'],
      callToAction: 'Ver la invitación',
    },
    lastCall,
  ],
};

const family: StepsCopy = {
  invite: {
    subject: '{{inviterName}} invita a la familia a {{tenantName}}',
    preheader: 'Una invitación de tu familia, abierta hasta el {{expiryDate}}.',
    heading: 'A {{inviterName}} le gustaría que estuvieras',
    paragraphs: ['{{inviterName}} está en {{tenantName}} y le gustaría que la familia también estuviera.', 'Échale un vistazo y decide por tu cuenta. Mientras no aceptes, no pasa nada.'],
    callToAction: 'Ver la invitación',
  },
  reminders: anybody.reminders,
};

const colleague: StepsCopy = {
  invite: {
    subject: '{{inviterName}} te recomienda {{tenantName}}',
    preheader: 'Una invitación del trabajo, abierta hasta el {{expiryDate}}.',
    heading: '{{inviterName}} te recomienda {{tenantName}}',
    paragraphs: ['{{inviterName}} trabaja con {{tenantName}} y cree que también puede serte útil.', 'La invitación explica de qué se trata. Mientras no aceptes, no pasa nada.'],
    callToAction: 'Abrir la invitación',
  },
  reminders: anybody.reminders,
};

const classmate: StepsCopy = {
  invite: {
    subject: '{{inviterName}} te invita a {{tenantName}}',
    preheader: 'Una invitación de tu clase, abierta hasta el {{expiryDate}}.',
    heading: 'A {{inviterName}} le gustaría aprender contigo',
    paragraphs: ['En tu clase, {{inviterName}} está en {{tenantName}} y le gustaría que participaras.', 'Échale un vistazo y decide por tu cuenta. Mientras no aceptes, no pasa nada.'],
    callToAction: 'Ver la invitación',
  },
  reminders: anybody.reminders,
};

const vendor: StepsCopy = {
  invite: {
    subject: '{{inviterName}} propone colaborar a través de {{tenantName}}',
    preheader: 'Una invitación de negocios, abierta hasta el {{expiryDate}}.',
    heading: '{{inviterName}} propone colaborar a través de {{tenantName}}',
    paragraphs: ['{{inviterName}} usa {{tenantName}} e invita a colaborar por este medio.', 'La invitación explica de qué se trata. Mientras no se acepte, no pasa nada.'],
    callToAction: 'Abrir la invitación',
  },
  reminders: [
    {
      subject: 'Recordatorio: {{inviterName}} propone colaborar en {{tenantName}}',
      preheader: 'La invitación está abierta hasta el {{expiryDate}}.',
      heading: 'La invitación de negocios sigue abierta',
      paragraphs: ['{{inviterName}} propone colaborar a través de {{tenantName}}. La invitación sigue abierta.', 'Si no interesa, no hay que hacer nada.'],
      callToAction: 'Abrir la invitación',
    },
  ],
};

const fromTenant: StepsCopy = {
  invite: {
    subject: 'Tu invitación a {{tenantName}}',
    preheader: 'Abierta hasta el {{expiryDate}}.',
    heading: '{{tenantName}} te invita',
    paragraphs: ['En {{tenantName}} nos gustaría que te unieras.', 'Échale un vistazo y decide por tu cuenta. Mientras no aceptes, no pasa nada.'],
    callToAction: 'Ver la invitación',
  },
  reminders: [
    {
      subject: 'Recordatorio: tu invitación a {{tenantName}}',
      preheader: 'Sigue abierta, hasta el {{expiryDate}}.',
      heading: 'Tu invitación sigue abierta',
      paragraphs: ['Recibiste una invitación a {{tenantName}}. Por si el mensaje se perdió: sigue en pie.', 'Si no es para ti, no tienes que hacer nada.'],
      callToAction: 'Ver la invitación',
    },
  ],
};

export const es: LocaleCopy = {
  direction: 'ltr',
  furniture: invitationFurniture('es', {
    reasons: {
      byMember: 'Motivo de este mensaje: {{inviterName}} dio esta dirección a {{tenantName}} para enviar una invitación.',
      byTenant: 'Motivo de este mensaje: una invitación de {{tenantName}}.',
    },
    expiry: 'Esta invitación está abierta hasta el {{expiryDate}}.',
    ignore: 'Si la invitación es inesperada, este mensaje puede ignorarse.',
  }),
  sms: {
    byMember: { invite: '{{tenantName}}: {{inviterName}} te ha invitado.', reminder: '{{tenantName}}: la propuesta de {{inviterName}} sigue abierta.' },
    byTenant: { invite: '{{tenantName}} te ha invitado.', reminder: '{{tenantName}}: la propuesta sigue abierta.' },
    optOut: SMS_OPT_OUT.es,
  },
  byMember: { default: anybody, friend, family, colleague, classmate, vendor },
  byTenant: fromTenant,
};
