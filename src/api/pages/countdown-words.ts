import type { LandingLanguage } from '../../domain/landing/page-words.ts';

/** `{n}`, `{of}`, `{until}` are put in. */
export type CountdownWords = {
  readonly title: string;
  readonly left: string;
  readonly leftOne: string;
  readonly until: string;
  readonly you: string;
  readonly buddy: string;
  readonly notYet: string;
  readonly nobody: string;
  readonly isHere: string;
  readonly playing: string;
  readonly done: string;
  readonly todo: string;
  readonly link: string;
  readonly linkHint: string;
  readonly saved: string;
  readonly savedMore: string;
  readonly kept: string;
  readonly keptMore: string;
  readonly declined: string;
  readonly declinedMore: string;
  readonly over: string;
  readonly overMore: string;
};

export const COUNTDOWN_WORDS: Readonly<Record<LandingLanguage, CountdownWords>> = {
  en: {
    title: 'Keep your streak together', left: '{n} minutes left', leftOne: 'Less than a minute left', until: 'Until {until}.', you: 'You', buddy: 'Your buddy',
    notYet: 'not finished yet', nobody: 'not here yet', isHere: 'is here', playing: 'is answering ({n} of {of})', done: 'finished', todo: 'Answer the questions in the app; your buddy answers the same.',
    link: 'Your link', linkHint: 'Pass it on to a friend who can help now.',
    saved: 'Your streak is saved.', savedMore: 'You did it together. A shield is yours; a buddy without an account gets one on signing up.',
    kept: 'Your streak goes on.', keptMore: 'You have practised today, even without help.',
    declined: 'Your buddy cannot help today.', declinedMore: 'As long as your day lasts you can still practise by yourself: that keeps the streak, too.',
    over: 'The time is over.', overMore: 'It did not work out together this time. If your day is not over yet, practising by yourself still keeps the streak.',
  },
  es: {
    title: 'Mantened la racha juntos', left: 'Quedan {n} minutos', leftOne: 'Queda menos de un minuto', until: 'Hasta las {until}.', you: 'Tú', buddy: 'Tu ayuda',
    notYet: 'aún sin terminar', nobody: 'aún no ha llegado', isHere: 'ya está aquí', playing: 'está respondiendo ({n} de {of})', done: 'ha terminado', todo: 'Responde las preguntas en la aplicación; quien te ayuda responde las mismas.',
    link: 'Tu enlace', linkHint: 'Pásalo a alguien que pueda ayudarte ahora.',
    saved: 'Tu racha está a salvo.', savedMore: 'Lo habéis logrado juntos. Tienes un escudo; quien ayudó sin cuenta lo recibe al registrarse.',
    kept: 'Tu racha sigue.', keptMore: 'Has practicado hoy, aunque sin ayuda.',
    declined: 'Hoy no te pueden ayudar.', declinedMore: 'Mientras dure tu día puedes practicar a solas: también así sigue la racha.',
    over: 'Se acabó el tiempo.', overMore: 'Esta vez no salió juntos. Si tu día no ha terminado, practicar a solas aún mantiene la racha.',
  },
  de: {
    title: 'Gemeinsam die Serie retten', left: 'Noch {n} Minuten', leftOne: 'Weniger als eine Minute', until: 'Bis {until}.', you: 'Du', buddy: 'Deine Hilfe',
    notYet: 'noch nicht fertig', nobody: 'noch nicht da', isHere: 'ist da', playing: 'antwortet gerade ({n} von {of})', done: 'fertig', todo: 'Beantworte die Fragen in der App; wer dir hilft, beantwortet dieselben.',
    link: 'Dein Link', linkHint: 'Gib ihn weiter, wenn dir jemand gerade helfen kann.',
    saved: 'Deine Serie ist gerettet.', savedMore: 'Gemeinsam geschafft. Du hast einen Schutzschild; wer ohne Konto geholfen hat, bekommt ihn mit der Anmeldung.',
    kept: 'Deine Serie geht weiter.', keptMore: 'Du hast heute geübt, auch ohne Hilfe.',
    declined: 'Heute klappt es mit der Hilfe nicht.', declinedMore: 'Solange dein Tag dauert, kannst du noch allein üben: Auch das hält die Serie.',
    over: 'Die Zeit ist um.', overMore: 'Gemeinsam hat es diesmal nicht geklappt. Ist dein Tag noch nicht vorbei, hält Üben allein die Serie weiterhin.',
  },
};
