import type { LandingLanguage } from '../../domain/landing/page-words.ts';

/** `{n}`, `{of}`, `{rank}`, `{until}` are put in. */
export type RallyWords = {
  readonly until: string;
  readonly over: string;
  readonly practisingNone: string;
  readonly practisingOne: string;
  readonly practising: string;
  readonly own: string;
  readonly ownScoreless: string;
  /** The same of a board that is closed. */
  readonly ownOver: string;
  readonly ownScorelessOver: string;
  readonly tiedOne: string;
  readonly tied: string;
  readonly you: string;
  readonly empty: string;
  /** Who is on the board and in no row, for want of a score. */
  readonly scorelessOne: string;
  readonly scoreless: string;
  readonly rank: string;
  readonly name: string;
  readonly score: string;
  readonly movement: string;
  readonly new: string;
  readonly same: string;
  readonly up: string;
  readonly down: string;
  readonly shared: string;
  readonly names: string;
  readonly movedSince: string;
  readonly unknownTitle: string;
  readonly unknown: string;
};

export const RALLY_WORDS: Readonly<Record<LandingLanguage, RallyWords>> = {
  en: {
    until: 'Open until {until}.', over: 'The board is closed.',
    practisingNone: 'Nobody is practising right now.', practisingOne: '1 is practising now.', practising: '{n} are practising now.',
    own: 'You are number {rank} of {of}.', ownScoreless: 'You are on the board, and have no score yet.', ownOver: 'You finished number {rank} of {of}.', ownScorelessOver: 'You were on the board, without a score.', tiedOne: 'You share it with one other.', tied: 'You share it with {n} others.',
    you: 'you', empty: 'Nobody has scored yet.', scorelessOne: '1 other is on the board, without a score.', scoreless: '{n} others are on the board, without a score.', rank: 'Rank', name: 'Name', score: 'Score', movement: 'Moved',
    new: 'new', same: 'same', up: 'up {n}', down: 'down {n}', shared: 'shared', names: 'All names are made up.', movedSince: 'Moved: since the ranks were noted last.',
    unknownTitle: 'This link leads nowhere', unknown: 'It may have been copied without its end. Open it once more from where you got it.',
  },
  es: {
    until: 'Abierta hasta el {until}.', over: 'La clasificación se ha cerrado.',
    practisingNone: 'Ahora mismo no practica nadie.', practisingOne: 'Ahora practica 1 persona.', practising: 'Ahora practican {n} personas.',
    own: 'Estás en el puesto {rank} de {of}.', ownScoreless: 'Estás en la clasificación, todavía sin puntos.', ownOver: 'Has terminado en el puesto {rank} de {of}.', ownScorelessOver: 'Estabas en la clasificación, sin puntos.', tiedOne: 'Lo compartes con otra persona.', tied: 'Lo compartes con otras {n} personas.',
    you: 'tú', empty: 'Nadie tiene puntos todavía.', scorelessOne: 'Hay 1 persona más en la clasificación, sin puntos.', scoreless: 'Hay {n} personas más en la clasificación, sin puntos.', rank: 'Puesto', name: 'Nombre', score: 'Puntos', movement: 'Cambio',
    new: 'entra', same: 'igual', up: 'sube {n}', down: 'baja {n}', shared: 'compartido', names: 'Todos los nombres son inventados.', movedSince: 'Cambio: desde la última vez que se anotaron los puestos.',
    unknownTitle: 'Este enlace no lleva a ninguna parte', unknown: 'Quizá se copió sin el final. Ábrelo otra vez desde donde lo recibiste.',
  },
  de: {
    until: 'Offen bis {until}.', over: 'Die Rangliste ist geschlossen.',
    practisingNone: 'Gerade übt niemand.', practisingOne: 'Gerade übt 1 Person.', practising: 'Gerade üben {n} Personen.',
    own: 'Du bist auf Platz {rank} von {of}.', ownScoreless: 'Du stehst auf der Rangliste, noch ohne Punkte.', ownOver: 'Du bist auf Platz {rank} von {of} gelandet.', ownScorelessOver: 'Du standest ohne Punkte auf der Rangliste.', tiedOne: 'Du teilst ihn mit einer weiteren Person.', tied: 'Du teilst ihn mit {n} weiteren.',
    you: 'du', empty: 'Noch hat niemand Punkte.', scorelessOne: '1 weitere Person steht ohne Punkte auf der Rangliste.', scoreless: '{n} weitere stehen ohne Punkte auf der Rangliste.', rank: 'Platz', name: 'Name', score: 'Punkte', movement: 'Trend',
    new: 'neu', same: 'unverändert', up: '{n} hoch', down: '{n} runter', shared: 'geteilt', names: 'Alle Namen sind erfunden.', movedSince: 'Trend: seit die Plätze zuletzt notiert wurden.',
    unknownTitle: 'Dieser Link führt nirgendwohin', unknown: 'Vielleicht fehlt sein Ende. Öffne ihn noch einmal von dort, wo du ihn bekommen hast.',
  },
};
