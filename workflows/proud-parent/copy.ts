import { NOTHING_KEPT } from '../../src/domain/landing/after-a-no.ts';
import type { LiveCopy } from '../../src/domain/message/live-copy.ts';

/** The child is named to the parent alone, in the mail; page and card name no child. */
export const proudParentCopy: LiveCopy = {
  en: {
    messages: {
      card: {
        subject: '{{childName}}\'s week of learning',
        preheader: 'Skills improved: {{skillsImproved}}. Minutes of practice: {{minutes}}. Days in a row: {{streakDays}}.',
        heading: 'A week to be proud of',
        paragraphs: ['This is what {{childName}} did last week.', 'Skills improved: {{skillsImproved}}. Minutes of practice: {{minutes}}. Days in a row: {{streakDays}}.'],
        callToAction: 'See the whole week',
        share: 'Proud? Pass the card on: it shows the figures and no child\'s name. When a friend\'s child gets going, you earn a class pass.',
      },
      friend_activated: {
        subject: 'A friend\'s child has got going',
        preheader: 'They came by the card that you passed on.',
        heading: 'Your card has brought somebody',
        paragraphs: ['A friend\'s child has got going by the card that you passed on. What you earn for it is with your rewards.'],
        callToAction: 'See my rewards',
      },
    },
    page: {
      title: '{{inviterName}} is proud of a week of learning',
      lead: '{{inviterName}} would like to show you what a child of theirs did in a week at {{tenantName}}.',
      about: ['It stands above in figures. Whose they are, this page does not say.'],
      ask: 'Your child can try it, too. It takes a few minutes; an account is only needed if you stay.',
      accept: 'Let my child try it', decline: 'Not for us', declined: NOTHING_KEPT.en, inviterWithoutName: 'a parent',
      card: { heading: 'A week of learning at {{tenantName}}', alt: 'Figures of a week of learning at {{tenantName}}, without a name' },
      share: { subject: 'A week of learning', line: 'This is what a week at {{tenantName}} can look like. Maybe something for your child, too:' },
    },
  },
  de: {
    messages: {
      card: {
        subject: 'Die Lernwoche von {{childName}}',
        preheader: 'Verbesserte Themen: {{skillsImproved}}. Minuten geübt: {{minutes}}. Tage in Folge: {{streakDays}}.',
        heading: 'Eine Woche, auf die Sie stolz sein können',
        paragraphs: ['Das hat {{childName}} vergangene Woche geschafft.', 'Verbesserte Themen: {{skillsImproved}}. Minuten geübt: {{minutes}}. Tage in Folge: {{streakDays}}.'],
        callToAction: 'Die ganze Woche ansehen',
        share: 'Stolz? Geben Sie die Karte weiter: Sie zeigt die Zahlen und keinen Namen eines Kindes. Kommt das Kind von Bekannten in Gang, erhalten Sie eine Freistunde.',
      },
      friend_activated: {
        subject: 'Das Kind von Bekannten hat angefangen',
        preheader: 'Es kam über die Karte, die Sie weitergegeben haben.',
        heading: 'Ihre Karte hat jemanden gebracht',
        paragraphs: ['Über die Karte, die Sie weitergegeben haben, hat das Kind von Bekannten richtig angefangen. Was Sie dafür erhalten, steht bei Ihren Belohnungen.'],
        callToAction: 'Meine Belohnungen ansehen',
      },
    },
    page: {
      title: '{{inviterName}} ist stolz auf eine Lernwoche',
      lead: '{{inviterName}} möchte Ihnen zeigen, was das eigene Kind in einer Woche bei {{tenantName}} geschafft hat.',
      about: ['In Zahlen steht es oben. Wessen Zahlen es sind, sagt diese Seite nicht.'],
      ask: 'Ihr Kind kann es auch versuchen. Das dauert wenige Minuten; ein Konto brauchen Sie nur, wenn Sie bleiben.',
      accept: 'Mein Kind versucht es', decline: 'Nichts für uns', declined: NOTHING_KEPT.de, inviterWithoutName: 'jemand mit Kind',
      card: { heading: 'Eine Lernwoche bei {{tenantName}}', alt: 'Zahlen einer Lernwoche bei {{tenantName}}, ohne Namen' },
      share: { subject: 'Eine Lernwoche', line: 'So kann eine Woche bei {{tenantName}} aussehen. Vielleicht auch etwas für Ihr Kind:' },
    },
  },
  es: {
    messages: {
      card: {
        subject: 'La semana de aprendizaje de {{childName}}',
        preheader: 'Temas mejorados: {{skillsImproved}}. Minutos de práctica: {{minutes}}. Días seguidos: {{streakDays}}.',
        heading: 'Una semana para celebrar',
        paragraphs: ['Esto es lo que {{childName}} hizo la semana pasada.', 'Temas mejorados: {{skillsImproved}}. Minutos de práctica: {{minutes}}. Días seguidos: {{streakDays}}.'],
        callToAction: 'Ver toda la semana',
        share: '¿Con ganas de contarlo? Comparta la tarjeta: muestra las cifras y ningún nombre. Cuando empiece el hijo o la hija de alguien que usted conoce, recibe un pase de clase.',
      },
      friend_activated: {
        subject: 'Su tarjeta ha traído a una familia',
        preheader: 'Llegó por la tarjeta que usted compartió.',
        heading: 'Alguien ha empezado por su tarjeta',
        paragraphs: ['Por la tarjeta que usted compartió ha empezado de verdad el hijo o la hija de alguien que usted conoce. Lo que recibe por ello está con sus recompensas.'],
        callToAction: 'Ver mis recompensas',
      },
    },
    page: {
      title: '{{inviterName}} comparte una semana de aprendizaje',
      lead: '{{inviterName}} quiere mostrarle lo que su hijo o hija hizo en una semana en {{tenantName}}.',
      about: ['Arriba está en cifras. De quién son, esta página no lo dice.'],
      ask: 'Su hijo o hija también puede probarlo. Lleva unos minutos; solo hace falta una cuenta si se queda.',
      accept: 'Que lo pruebe', decline: 'No es para nosotros', declined: NOTHING_KEPT.es, inviterWithoutName: 'alguien con hijos',
      card: { heading: 'Una semana de aprendizaje en {{tenantName}}', alt: 'Cifras de una semana de aprendizaje en {{tenantName}}, sin nombres' },
      share: { subject: 'Una semana de aprendizaje', line: 'Así puede ser una semana en {{tenantName}}. Quizá también para su hijo o hija:' },
    },
  },
};
