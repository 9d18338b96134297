import type { LandingLanguage } from '../../domain/landing/page-words.ts';

/** `{n}`, `{of}`, `{until}`, `{inviter}` are put in. */
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
  readonly done: string;
  readonly answered: string;
  readonly todo: string;
  readonly play: string;
  readonly goOn: string;
  /** On the pages of the game. */
  readonly game: string;
  readonly back: string;
  readonly waitForBuddy: string;
  readonly waitForMember: string;
  readonly savedByYou: string;
  readonly oneBrowserTitle: string;
  readonly oneBrowser: string;
  readonly link: string;
  readonly linkHint: string;
  readonly saved: string;
  readonly savedMore: string;
  /** Where the member has earned a shield by it. */
  readonly savedShield: string;
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
    notYet: 'not finished yet', nobody: 'not here yet', isHere: 'is here', done: 'finished', answered: '{n} of {of} answered',
    todo: 'Both of you answer the same questions. Yours are here, or in the app.', play: 'Play your part', goOn: 'Go on with your part',
    game: 'Keep a streak together', back: 'Back to the countdown', waitForBuddy: 'Your part is done. When your buddy has finished, too, the streak is saved.',
    waitForMember: 'Your part is done. When {inviter} has finished, too, the streak is saved.', savedByYou: 'Both of you have finished in time: the streak is saved.',
    oneBrowserTitle: 'This browser plays as the buddy', oneBrowser: 'Two people keep the streak together. Somebody has begun to help in this browser: answer your own part in the app, or in a browser of your own.',
    link: 'Your link', linkHint: 'Pass it on to a friend who can help now.',
    saved: 'Your streak is saved.', savedMore: 'You did it together.', savedShield: 'You did it together. A shield is yours; a buddy without an account gets one on signing up.',
    kept: 'Your streak goes on.', keptMore: 'You have practised today, even without help.',
    declined: 'Your buddy cannot help today.', declinedMore: 'As long as your day lasts you can still practise by yourself: that keeps the streak, too.',
    over: 'The time is over.', overMore: 'It did not work out together this time. If your day is not over yet, practising by yourself still keeps the streak.',
  },
  es: {
    title: 'Mantened la racha juntos', left: 'Quedan {n} minutos', leftOne: 'Queda menos de un minuto', until: 'Hasta las {until}.', you: 'Tú', buddy: 'Tu ayuda',
    notYet: 'aún sin terminar', nobody: 'aún no ha llegado', isHere: 'ya está aquí', done: 'ha terminado', answered: '{n} de {of} respondidas',
    todo: 'Los dos respondéis las mismas preguntas. Las tuyas están aquí o en la aplicación.', play: 'Responder mi parte', goOn: 'Seguir con mi parte',
    game: 'Mantener juntos una racha', back: 'Volver a la cuenta atrás', waitForBuddy: 'Tu parte está hecha. Cuando termine también quien te ayuda, la racha estará a salvo.',
    waitForMember: 'Tu parte está hecha. Cuando termine también {inviter}, la racha estará a salvo.', savedByYou: 'Habéis terminado los dos a tiempo: la racha está a salvo.',
    oneBrowserTitle: 'Con este navegador juega quien ayuda', oneBrowser: 'La racha se mantiene entre dos. En este navegador alguien ya ha empezado a ayudar: responde tu parte en la aplicación o en otro navegador.',
    link: 'Tu enlace', linkHint: 'Pásalo a alguien que pueda ayudarte ahora.',
    saved: 'Tu racha está a salvo.', savedMore: 'Lo habéis logrado juntos.', savedShield: 'Lo habéis logrado juntos. Tienes un escudo; quien ayudó sin cuenta lo recibe al registrarse.',
    kept: 'Tu racha sigue.', keptMore: 'Has practicado hoy, aunque sin ayuda.',
    declined: 'Hoy no te pueden ayudar.', declinedMore: 'Mientras dure tu día puedes practicar a solas: también así sigue la racha.',
    over: 'Se acabó el tiempo.', overMore: 'Esta vez no salió juntos. Si tu día no ha terminado, practicar a solas aún mantiene la racha.',
  },
  de: {
    title: 'Gemeinsam die Serie retten', left: 'Noch {n} Minuten', leftOne: 'Weniger als eine Minute', until: 'Bis {until}.', you: 'Du', buddy: 'Deine Hilfe',
    notYet: 'noch nicht fertig', nobody: 'noch nicht da', isHere: 'ist da', done: 'fertig', answered: '{n} von {of} beantwortet',
    todo: 'Ihr beantwortet beide dieselben Fragen. Deine sind hier oder in der App.', play: 'Meine Fragen beantworten', goOn: 'Weiter mit meinen Fragen',
    game: 'Gemeinsam eine Serie retten', back: 'Zurück zum Countdown', waitForBuddy: 'Dein Teil ist geschafft. Ist auch deine Hilfe fertig, ist die Serie gerettet.',
    waitForMember: 'Dein Teil ist geschafft. Ist auch {inviter} fertig, ist die Serie gerettet.', savedByYou: 'Ihr seid beide rechtzeitig fertig geworden: Die Serie ist gerettet.',
    oneBrowserTitle: 'In diesem Browser hilft schon jemand', oneBrowser: 'Eine Serie wird zu zweit gerettet. In diesem Browser hat schon jemand begonnen zu helfen: Beantworte deinen Teil in der App oder in einem anderen Browser.',
    link: 'Dein Link', linkHint: 'Gib ihn weiter, wenn dir jemand gerade helfen kann.',
    saved: 'Deine Serie ist gerettet.', savedMore: 'Gemeinsam geschafft.', savedShield: 'Gemeinsam geschafft. Du hast einen Schutzschild; wer ohne Konto geholfen hat, bekommt ihn mit der Anmeldung.',
    kept: 'Deine Serie geht weiter.', keptMore: 'Du hast heute geübt, auch ohne Hilfe.',
    declined: 'Heute klappt es mit der Hilfe nicht.', declinedMore: 'Solange dein Tag dauert, kannst du noch allein üben: Auch das hält die Serie.',
    over: 'Die Zeit ist um.', overMore: 'Gemeinsam hat es diesmal nicht geklappt. Ist dein Tag noch nicht vorbei, hält Üben allein die Serie weiterhin.',
  },
};
