import type { LiveCopy } from '../../src/domain/message/live-copy.ts';

/** What members are told of a board, and what its landing page says. */
export const resultsRallyCopy: LiveCopy = {
  en: {
    messages: {
      overtaken: {
        subject: 'You are now number {{rank}}',
        preheader: 'Others have passed you on the board.',
        heading: 'Number {{rank}} on the board',
        paragraphs: ['Others have passed you: you are {{places}} down, at number {{rank}}. Practise, and you climb again.'],
        callToAction: 'Practise now',
      },
      won: {
        subject: 'You are number one',
        preheader: '{{score}} points, of {{players}} on the board.',
        heading: 'Number one of {{players}}',
        paragraphs: ['The board is closed. With {{score}} points nobody of {{players}} was ahead of you.'],
        callToAction: 'See the board',
      },
      finished: {
        subject: 'Your board is closed',
        preheader: '{{players}} were on it.',
        heading: 'Your board is closed',
        paragraphs: ['{{players}} were on your board; the best score was {{best}}.'],
        callToAction: 'See the board',
      },
    },
    page: {
      title: 'A board to climb',
      lead: '{{inviterName}} invites you to a board on {{tenantName}}: who practises, climbs.',
      about: ['You stand there under a made-up name, and so does everybody else.'],
      ask: 'You begin with a few questions; to begin, you need no account.',
      accept: 'Join',
      decline: 'No, thanks',
      declined: 'All right. Nothing more is asked of you.',
      inviterWithoutName: 'a friend',
      card: { heading: 'Can you climb this board?', alt: 'A board on {{tenantName}}' },
      share: { subject: 'Join the board', line: 'We have a board on {{tenantName}}. Come and climb it with me.' },
    },
    prompt: {
      default: { title: 'Who else is that good?', body: 'Open a board for your group: who practises, climbs. Everybody stands there under a made-up name.', accept: 'Open a board', dismiss: 'Not now' },
      score: { title: '{{score}} points. Who else is that good?', body: 'Open a board for your group: who practises, climbs. Everybody stands there under a made-up name.', accept: 'Open a board', dismiss: 'Not now' },
    },
  },
  de: {
    messages: {
      overtaken: {
        subject: 'Sie sind jetzt auf Platz {{rank}}',
        preheader: 'Andere haben Sie überholt.',
        heading: 'Platz {{rank}} in der Rangliste',
        paragraphs: ['Andere haben Sie überholt: Sie stehen {{places}} tiefer, auf Platz {{rank}}. Wer übt, steigt wieder.'],
        callToAction: 'Jetzt üben',
      },
      won: {
        subject: 'Sie sind auf Platz eins',
        preheader: '{{score}} Punkte, von {{players}} in der Rangliste.',
        heading: 'Platz eins von {{players}}',
        paragraphs: ['Die Rangliste ist geschlossen. Mit {{score}} Punkten war von {{players}} niemand vor Ihnen.'],
        callToAction: 'Zur Rangliste',
      },
      finished: {
        subject: 'Ihre Rangliste ist geschlossen',
        preheader: '{{players}} standen darauf.',
        heading: 'Ihre Rangliste ist geschlossen',
        paragraphs: ['{{players}} standen auf Ihrer Rangliste; das beste Ergebnis war {{best}}.'],
        callToAction: 'Zur Rangliste',
      },
    },
    page: {
      title: 'Eine Rangliste zum Klettern',
      lead: 'Auf {{tenantName}} gibt es eine Rangliste, zu der Sie {{inviterName}} einlädt: Wer übt, steigt.',
      about: ['Sie stehen dort unter einem erfundenen Namen, alle anderen auch.'],
      ask: 'Am Anfang stehen ein paar Fragen; dafür brauchen Sie kein Konto.',
      accept: 'Mitmachen',
      decline: 'Nein, danke',
      declined: 'In Ordnung. Mehr wird nicht verlangt.',
      inviterWithoutName: 'jemand',
      card: { heading: 'Wie weit kommen Sie?', alt: 'Eine Rangliste auf {{tenantName}}' },
      share: { subject: 'Mach mit bei der Rangliste', line: 'Wir haben eine Rangliste auf {{tenantName}}. Mach mit!' },
    },
    prompt: {
      default: { title: 'Wer kann das noch?', body: 'Eröffnen Sie eine Rangliste für Ihre Gruppe: Wer übt, steigt. Alle stehen dort unter einem erfundenen Namen.', accept: 'Rangliste eröffnen', dismiss: 'Jetzt nicht' },
      score: { title: '{{score}} Punkte. Wer kann das noch?', body: 'Eröffnen Sie eine Rangliste für Ihre Gruppe: Wer übt, steigt. Alle stehen dort unter einem erfundenen Namen.', accept: 'Rangliste eröffnen', dismiss: 'Jetzt nicht' },
    },
  },
  es: {
    messages: {
      overtaken: {
        subject: 'Ahora está en el puesto {{rank}}',
        preheader: 'Otros le han adelantado.',
        heading: 'Puesto {{rank}} de la clasificación',
        paragraphs: ['Otros le han adelantado: ha bajado {{places}} y está en el puesto {{rank}}. Quien practica vuelve a subir.'],
        callToAction: 'Practicar ahora',
      },
      won: {
        subject: 'Está en el primer puesto',
        preheader: '{{score}} puntos, de {{players}} en la clasificación.',
        heading: 'Primer puesto de {{players}}',
        paragraphs: ['La clasificación se ha cerrado. Con {{score}} puntos, de {{players}} nadie quedó por delante.'],
        callToAction: 'Ver la clasificación',
      },
      finished: {
        subject: 'Su clasificación se ha cerrado',
        preheader: 'Participaron {{players}}.',
        heading: 'Su clasificación se ha cerrado',
        paragraphs: ['En su clasificación participaron {{players}}; la mejor puntuación fue {{best}}.'],
        callToAction: 'Ver la clasificación',
      },
    },
    page: {
      title: 'Una clasificación para subir',
      lead: 'En {{tenantName}} hay una clasificación a la que le invita {{inviterName}}: quien practica, sube.',
      about: ['Aparecerá con un nombre inventado, igual que los demás.'],
      ask: 'Se empieza con unas preguntas; para eso no hace falta cuenta.',
      accept: 'Participar',
      decline: 'No, gracias',
      declined: 'De acuerdo. No se le pide nada más.',
      inviterWithoutName: 'alguien',
      card: { heading: '¿Hasta dónde puede subir?', alt: 'Una clasificación en {{tenantName}}' },
      share: { subject: 'Únete a la clasificación', line: 'Tenemos una clasificación en {{tenantName}}. ¡Únete!' },
    },
    prompt: {
      default: { title: '¿Quién más puede?', body: 'Abra una clasificación para su grupo: quien practica, sube. Todos aparecen con un nombre inventado.', accept: 'Abrir la clasificación', dismiss: 'Ahora no' },
      score: { title: '{{score}} puntos. ¿Quién más puede?', body: 'Abra una clasificación para su grupo: quien practica, sube. Todos aparecen con un nombre inventado.', accept: 'Abrir la clasificación', dismiss: 'Ahora no' },
    },
  },
};
