import type { LandingLanguage } from '../../domain/landing/page-words.ts';

/** `{inviter}`, `{tenant}`, `{n}`, `{of}`, `{mine}`, `{theirs}`, `{until}` are put in. The name may stand anywhere in a sentence but at its beginning where it is none. */
export type PlayWords = {
  readonly title: string;
  readonly inviterWithoutName: string;
  readonly progress: string;
  readonly right: string;
  readonly wrong: string;
  readonly choose: string;
  readonly answer: string;
  readonly until: string;
  readonly won: string;
  readonly lost: string;
  readonly tied: string;
  readonly alone: string;
  readonly you: string;
  /** Over the inviter's score, where no name may be shown. */
  readonly them: string;
  readonly score: string;
  readonly signUp: string;
  readonly signUpHint: string;
  readonly joined: string;
  readonly goOn: string;
  readonly board: string;
  readonly again: string;
  readonly againHint: string;
  readonly overTitle: string;
  readonly over: string;
  readonly back: string;
  readonly nothingChosen: string;
  readonly alreadyAnswered: string;
  readonly tooLate: string;
  readonly outOfRange: string;
  readonly outOfTurn: string;
  readonly oldPage: string;
  readonly noCookiesTitle: string;
  readonly noCookies: string;
};

export const PLAY_WORDS: Readonly<Record<LandingLanguage, PlayWords>> = {
  en: {
    title: 'The challenge from {inviter}', inviterWithoutName: 'your friend',
    progress: 'Question {n} of {of}', right: 'Right!', wrong: 'Not this time.', choose: 'Choose one answer', answer: 'Answer', until: 'Open until {until}.',
    won: 'You beat {inviter}!', lost: 'This time {inviter} is ahead', tied: 'A tie with {inviter}', alone: 'You made it to the end',
    you: 'You', them: 'Your friend', score: '{n} of {of}',
    signUp: 'Go on with {tenant}', signUpHint: 'Sign up with {tenant}, and your result comes along.', joined: 'You have signed up, and your result counts.', goOn: 'Open {tenant}',
    board: 'See the board', again: 'Play again', againHint: 'Once more, the same questions. Your last score counts.',
    overTitle: 'The time is over', over: 'No more answers are taken. What was answered in time counts.',
    back: 'To the question',
    nothingChosen: 'Choose an answer first.', alreadyAnswered: 'You have answered this question already. Your first answer stays.',
    tooLate: 'That came too late: no more answers are taken.', outOfRange: 'That is none of the answers to this question.',
    outOfTurn: 'That question is not the next one.', oldPage: 'This page is out of date. Nothing was changed.',
    noCookiesTitle: 'Your browser forgot you', noCookies: 'To play without an account, your browser has to keep one cookie for this page. Allow cookies for it, or open the link in another browser.',
  },
  es: {
    title: 'El reto de {inviter}', inviterWithoutName: 'quien te invita',
    progress: 'Pregunta {n} de {of}', right: '¡Correcto!', wrong: 'Esta vez no.', choose: 'Elige una respuesta', answer: 'Responder', until: 'Abierto hasta el {until}.',
    won: '¡Has superado a {inviter}!', lost: 'Esta vez gana {inviter}', tied: 'Empate con {inviter}', alone: 'Has llegado al final',
    you: 'Tú', them: 'Quien te invita', score: '{n} de {of}',
    signUp: 'Seguir con {tenant}', signUpHint: 'Regístrate en {tenant} y tu resultado va contigo.', joined: 'Te has registrado y tu resultado cuenta.', goOn: 'Abrir {tenant}',
    board: 'Ver la clasificación', again: 'Jugar otra vez', againHint: 'Una vez más, las mismas preguntas. Cuenta el último resultado.',
    overTitle: 'Se acabó el tiempo', over: 'Ya no se aceptan respuestas. Cuenta lo que se respondió a tiempo.',
    back: 'Ir a la pregunta',
    nothingChosen: 'Elige primero una respuesta.', alreadyAnswered: 'Ya has respondido a esta pregunta. Vale la primera respuesta.',
    tooLate: 'Ha llegado demasiado tarde: ya no se aceptan respuestas.', outOfRange: 'Eso no es ninguna de las respuestas de esta pregunta.',
    outOfTurn: 'Esa no es la siguiente pregunta.', oldPage: 'Esta página ya no está al día. No ha cambiado nada.',
    noCookiesTitle: 'Tu navegador te ha olvidado', noCookies: 'Para jugar sin cuenta, el navegador tiene que guardar una cookie de esta página. Permítela o abre el enlace en otro navegador.',
  },
  de: {
    title: 'Die Herausforderung von {inviter}', inviterWithoutName: 'deinem Freund oder deiner Freundin',
    progress: 'Frage {n} von {of}', right: 'Richtig!', wrong: 'Diesmal nicht.', choose: 'Wähle eine Antwort', answer: 'Antworten', until: 'Offen bis {until}.',
    won: 'Du liegst vor {inviter}!', lost: 'Diesmal liegst du hinter {inviter}', tied: 'Gleichstand mit {inviter}', alone: 'Du bist am Ziel',
    you: 'Du', them: 'Gegenüber', score: '{n} von {of}',
    signUp: 'Weiter zu {tenant}', signUpHint: 'Melde dich bei {tenant} an, dein Ergebnis kommt mit.', joined: 'Du bist angemeldet, und dein Ergebnis zählt.', goOn: '{tenant} öffnen',
    board: 'Zur Rangliste', again: 'Noch einmal spielen', againHint: 'Ein einziges Mal, dieselben Fragen. Es zählt das letzte Ergebnis.',
    overTitle: 'Die Zeit ist um', over: 'Antworten werden nicht mehr angenommen. Was rechtzeitig kam, zählt.',
    back: 'Zur Frage',
    nothingChosen: 'Wähle zuerst eine Antwort.', alreadyAnswered: 'Diese Frage hast du schon beantwortet. Die erste Antwort bleibt.',
    tooLate: 'Das kam zu spät: Antworten werden nicht mehr angenommen.', outOfRange: 'Das ist keine der Antworten auf diese Frage.',
    outOfTurn: 'Diese Frage ist nicht die nächste.', oldPage: 'Diese Seite ist veraltet. Es hat sich nichts geändert.',
    noCookiesTitle: 'Dein Browser hat dich vergessen', noCookies: 'Um ohne Konto zu spielen, muss der Browser ein Cookie dieser Seite behalten. Erlaube es, oder öffne den Link in einem anderen Browser.',
  },
};

/** Puts values into a sentence. */
export function say(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
