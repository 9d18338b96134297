import type { LiveCopy } from '../../src/domain/message/live-copy.ts';

/** What the two are told: plain, in the same words for both. */
export const studyBuddyNudgeCopy: LiveCopy = {
  en: {
    messages: {
      nudge: {
        subject: 'Your exam is on {{examDay}}: practise with your study buddy?',
        preheader: 'You have not practised together yet.',
        heading: 'Not long to go',
        paragraphs: ['The exam is on {{examDay}}, and you and your study buddy have not practised together yet. One session each is enough.', 'When both of you have practised before the exam, both of you earn.'],
        callToAction: 'Practise now',
      },
    },
  },
  de: {
    messages: {
      nudge: {
        subject: 'Die Prüfung ist am {{examDay}}: gemeinsam üben?',
        preheader: 'Sie haben noch nicht gemeinsam geübt.',
        heading: 'Es ist bald so weit',
        paragraphs: ['Die Prüfung ist am {{examDay}}, und Sie beide haben noch nicht gemeinsam geübt. Eine Runde für jeden genügt.', 'Haben beide vor der Prüfung geübt, bekommen beide ihre Belohnung.'],
        callToAction: 'Jetzt üben',
      },
    },
  },
  es: {
    messages: {
      nudge: {
        subject: 'Su examen es el {{examDay}}: ¿practican juntos?',
        preheader: 'Todavía no han practicado juntos.',
        heading: 'Ya falta poco',
        paragraphs: ['El examen es el {{examDay}} y todavía no han practicado juntos. Basta una sesión de cada uno.', 'Si los dos practican antes del examen, los dos reciben su recompensa.'],
        callToAction: 'Practicar ahora',
      },
    },
  },
};
