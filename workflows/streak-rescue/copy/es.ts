import { BETWEEN_FRIENDS } from '../../../src/domain/landing/after-a-no.ts';
import type { StepsCopy } from '../../../src/domain/message/copy.ts';
import type { LiveWords } from '../../../src/domain/message/live-copy.ts';
import { invitationFurniture, SMS_OPT_OUT } from '../../../src/domain/message/shared-furniture.ts';

const rescue: StepsCopy = {
  invite: {
    subject: '{{inviterName}} te pide ayuda: una racha termina pronto',
    preheader: 'Unas preguntas en dos horas como mucho, sin cuenta.',
    heading: 'Ayuda a {{inviterName}} a mantener su racha',
    paragraphs: ['{{inviterName}} ha practicado día tras día en {{tenantName}} y hoy aún falta. Si respondéis a tiempo las mismas preguntas, la racha sigue.', 'Son unos minutos y no hace falta cuenta. Pasadas dos horas será tarde.'],
    callToAction: 'Ayudar ahora',
  },
  reminders: [{
    subject: 'La racha de {{inviterName}} sigue necesitando tu ayuda',
    preheader: 'Unas preguntas, sin cuenta.',
    heading: 'La racha sigue necesitando tu ayuda',
    paragraphs: ['{{inviterName}} te pidió ayuda con una racha en {{tenantName}}. Aún puedes ayudar.', 'Si no es para ti, no tienes que hacer nada.'],
    callToAction: 'Ayudar ahora',
  }],
};

const fromTenant: StepsCopy = {
  invite: {
    subject: 'Ayuda a mantener una racha en {{tenantName}}',
    preheader: 'Unas preguntas en dos horas como mucho, sin cuenta.',
    heading: 'Una racha termina pronto',
    paragraphs: ['En {{tenantName}} una racha puede seguir con tu ayuda. Bastan unas preguntas; no hace falta cuenta.'],
    callToAction: 'Ayudar ahora',
  },
  reminders: [{
    subject: 'Una racha en {{tenantName}} sigue necesitando tu ayuda',
    preheader: 'Unas preguntas, sin cuenta.',
    heading: 'La racha sigue necesitando tu ayuda',
    paragraphs: ['Una racha en {{tenantName}} sigue necesitando tu ayuda.', 'Si no es para ti, no tienes que hacer nada.'],
    callToAction: 'Ayudar ahora',
  }],
};

export const es: LiveWords = {
  invite: {
    direction: 'ltr',
    furniture: invitationFurniture('es', {
      reasons: {
        byMember: 'Motivo de este mensaje: {{inviterName}} dio esta dirección a {{tenantName}} para pedir esta ayuda.',
        byTenant: 'Motivo de este mensaje: una petición de {{tenantName}}.',
      },
      expiry: 'Está abierto hasta el {{expiryDate}}, y no más de dos horas.',
      ignore: 'Si es inesperado, este mensaje puede ignorarse.',
    }),
    sms: {
      byMember: { invite: '{{tenantName}}: {{inviterName}} te pide ayuda con una racha.', reminder: '{{tenantName}}: {{inviterName}} sigue necesitando tu ayuda con una racha.' },
      byTenant: { invite: '{{tenantName}}: ayuda a mantener una racha.', reminder: '{{tenantName}}: la racha sigue necesitando tu ayuda.' },
      optOut: SMS_OPT_OUT.es,
    },
    byMember: { default: rescue },
    byTenant: fromTenant,
  },
  messages: {
    ask: {
      subject: 'Te necesitan: una racha termina pronto',
      preheader: 'Practicad juntos hasta las {{until}}.',
      heading: 'Practicad juntos hasta las {{until}}',
      paragraphs: ['La racha de alguien que conoces termina hoy. Si respondéis las mismas preguntas hasta las {{until}}, sigue, y los dos recibís un escudo.'],
      callToAction: 'Ayudar ahora',
    },
    joined: {
      subject: 'Ya tienes ayuda',
      preheader: 'Tienes hasta las {{until}}.',
      heading: 'Ya tienes ayuda',
      paragraphs: ['Alguien ha venido a ayudarte. Responde las mismas preguntas hasta las {{until}} y tu racha sigue.'],
      callToAction: 'Practicar ahora',
    },
    unreached: {
      subject: 'Tu correo no llegó',
      preheader: 'Pasa el enlace antes de las {{until}}.',
      heading: 'Tu correo no llegó',
      paragraphs: ['El correo a quien iba a ayudarte fue devuelto. Pasa el enlace por tu cuenta o pide ayuda a otra persona: hay tiempo hasta las {{until}}.'],
      callToAction: 'Ir al enlace',
    },
    rescued: {
      subject: 'La racha está a salvo',
      preheader: 'Lo habéis logrado juntos.',
      heading: 'La racha está a salvo',
      paragraphs: ['Los dos habéis terminado a tiempo. Tienes un escudo para el próximo día libre.'],
      callToAction: 'Ver tus escudos',
    },
    saved: {
      subject: 'La racha está a salvo',
      preheader: 'Lo habéis logrado juntos.',
      heading: 'La racha está a salvo',
      paragraphs: ['Los dos habéis terminado a tiempo y la racha sigue.'],
      callToAction: 'Ver la racha',
    },
  },
  page: {
    title: 'Ayuda a {{inviterName}} a mantener su racha',
    lead: '{{inviterName}} ha practicado día tras día en {{tenantName}}. Hoy aún falta, y puedes ayudar.',
    about: ['Si respondéis los dos a tiempo las mismas preguntas, la racha sigue.'],
    ask: 'Responde unas preguntas, una a una, en dos horas como mucho. No hace falta cuenta.',
    accept: 'Ayudar ahora',
    decline: 'Hoy no',
    ...BETWEEN_FRIENDS.es,
    card: { heading: 'Ayuda a mantener una racha', alt: 'Una racha en {{tenantName}} que termina pronto' },
    share: { subject: '¿Me ayudas cinco minutos?', line: 'Mi racha en {{tenantName}} termina hoy. Responde unas preguntas conmigo y sigue:' },
  },
  prompt: {
    default: { title: 'Tu racha termina hoy', body: 'Pide ayuda: si los dos respondéis unas preguntas en dos horas, sigue, y los dos recibís un escudo.', accept: 'Pedir ayuda', dismiss: 'Hoy no' },
    days: { title: 'Hoy terminan {{streakDays}} seguidos', body: 'Pide ayuda: si los dos respondéis unas preguntas en dos horas, la racha sigue, y los dos recibís un escudo.', accept: 'Pedir ayuda', dismiss: 'Hoy no' },
  },
};
