import type { LandingLanguage } from '../../domain/landing/page-words.ts';

/** `{n}`, `{of}`, `{mine}`, `{theirs}`, `{until}` are put in. */
export type WaitingWords = {
  readonly title: string;
  readonly waiting: string;
  readonly waitingMore: string;
  readonly mine: string;
  readonly until: string;
  readonly friend: string;
  readonly friendN: string;
  readonly opened: string;
  readonly playing: string;
  readonly rematch: string;
  readonly stopped: string;
  readonly won: string;
  readonly lost: string;
  readonly tied: string;
  readonly done: string;
  readonly joined: string;
  readonly declined: string;
  readonly over: string;
  readonly overAlone: string;
  readonly full: string;
  readonly link: string;
  readonly linkHint: string;
  readonly unknownTitle: string;
  readonly unknown: string;
};

export const WAITING_WORDS: Readonly<Record<LandingLanguage, WaitingWords>> = {
  en: {
    title: 'Your challenge', waiting: 'Waiting for your friend', waitingMore: 'Nobody has opened it yet. This page changes by itself when somebody does.',
    mine: 'Your score: {n} of {of}.', until: 'Open until {until}.', friend: 'Your friend', friendN: 'Friend {n}',
    opened: 'Your friend is about to begin', playing: 'Your friend is playing ({n} of {of})', rematch: 'Your friend plays again ({n} of {of}); until then {theirs} of {of}', stopped: 'stopped after {n} of {of}',
    won: 'You won, {mine} to {theirs}', lost: 'Your friend won, {theirs} to {mine}', tied: 'A tie, {mine} each', done: '{theirs} of {of} right', joined: 'signed up',
    declined: 'Would not play: {n}.', over: 'The challenge is over.', overAlone: 'The challenge is over. Nobody played it to the end.', full: 'All places are taken.',
    link: 'Your link', linkHint: 'Pass it on to whom you want to challenge. {n} of {of} places are left.',
    unknownTitle: 'This link leads nowhere', unknown: 'It may have been copied without its end. Open it once more from the app.',
  },
  es: {
    title: 'Tu reto', waiting: 'Esperando a tu amigo o amiga', waitingMore: 'Aún no lo ha abierto nadie. Esta página cambia sola cuando ocurra.',
    mine: 'Tu resultado: {n} de {of}.', until: 'Abierto hasta el {until}.', friend: 'Tu rival', friendN: 'Rival {n}',
    opened: 'Está a punto de empezar', playing: 'Está jugando ({n} de {of})', rematch: 'Juega otra vez ({n} de {of}); hasta ahora {theirs} de {of}', stopped: 'lo dejó tras {n} de {of}',
    won: 'Has ganado, {mine} a {theirs}', lost: 'Ha ganado tu rival, {theirs} a {mine}', tied: 'Empate a {mine}', done: '{theirs} de {of} correctas', joined: 'se ha registrado',
    declined: 'No quieren jugar: {n}.', over: 'El reto ha terminado.', overAlone: 'El reto ha terminado. Nadie llegó hasta el final.', full: 'No quedan plazas.',
    link: 'Tu enlace', linkHint: 'Pásalo a quien quieras retar. Quedan {n} de {of} plazas.',
    unknownTitle: 'Este enlace no lleva a ninguna parte', unknown: 'Quizá se copió sin el final. Ábrelo otra vez desde la aplicación.',
  },
  de: {
    title: 'Deine Herausforderung', waiting: 'Noch spielt niemand', waitingMore: 'Bisher hat niemand den Link geöffnet. Sobald es jemand tut, zeigt es diese Seite von selbst.',
    mine: 'Dein Ergebnis: {n} von {of}.', until: 'Offen bis {until}.', friend: 'Gegenüber', friendN: 'Gegenüber {n}',
    opened: 'fängt gleich an', playing: 'spielt gerade ({n} von {of})', rematch: 'spielt noch einmal ({n} von {of}); bisher {theirs} von {of}', stopped: 'hat nach {n} von {of} aufgehört',
    won: 'Gewonnen, {mine} zu {theirs}', lost: 'Verloren, {mine} zu {theirs}', tied: 'Gleichstand, {mine} zu {theirs}', done: '{theirs} von {of} richtig', joined: 'hat sich angemeldet',
    declined: 'Wollten nicht spielen: {n}.', over: 'Die Herausforderung ist vorbei.', overAlone: 'Die Herausforderung ist vorbei. Niemand hat zu Ende gespielt.', full: 'Alle Plätze sind vergeben.',
    link: 'Dein Link', linkHint: 'Gib ihn weiter, an wen du willst. {n} von {of} Plätzen sind frei.',
    unknownTitle: 'Dieser Link führt nirgendwohin', unknown: 'Vielleicht fehlt sein Ende. Öffne ihn noch einmal aus der App.',
  },
};
