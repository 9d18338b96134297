import type { LandingLanguage } from '../../domain/landing/page-words.ts';
import { sayName } from '../../domain/rally/anonymous-name.ts';
import type { Movement } from '../../domain/rally/ranks.ts';
import type { BoardLine, ShownBoard } from '../board-view.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { signature, type Writer } from './opt-out-pages.ts';
import type { Page } from './page.ts';
import { say } from './play-words.ts';
import { RALLY_WORDS, type RallyWords } from './rally-words.ts';

/** A board as its page says it to one reader. */
export type BoardShown = {
  readonly lang: LandingLanguage;
  readonly writer: Writer;
  readonly title: string;
  readonly until: string;
  readonly isOver: boolean;
  readonly board: ShownBoard;
};

/** What changes: `own` is read out where it does, `board` is not. */
export type BoardParts = { readonly own: Html; readonly board: Html };

/** The whole page; its script puts the parts in anew. */
export function boardPage(shown: BoardShown): Omit<Page, 'style'> {
  const words = RALLY_WORDS[shown.lang];
  const { own, board } = boardParts(shown);
  return { lang: shown.lang, title: shown.title, body: html`<h1>${shown.title}</h1>
<div id="own" role="status">${own}</div>
<div id="board">${board}</div>
<p class="soft">${words.names} ${words.movedSince}</p>
${signature(shown.writer)}` };
}

export function boardParts({ lang, until, isOver, board }: BoardShown): BoardParts {
  const words = RALLY_WORDS[lang];
  const number = new Intl.NumberFormat(lang);
  const { own, top, players, practising } = board;
  const isShown = own !== null && top.some(({ isOwn }) => isOwn);
  const scored = top.filter(({ score, isOwn }) => score > 0 || isOwn);
  return {
    own: own === null ? html`` : html`<p class="said plain">${ownSentence(words, { own, players, isOver }, number)}</p>`,
    board: html`<p class="step">${isOver ? words.over : practisingSentence(words, practising, number)}</p>
${scored.length === 0 ? html`<p>${words.empty}</p>` : html`<table class="board">
<thead><tr><th scope="col">${words.rank}</th><th scope="col">${words.name}</th><th scope="col">${words.score}</th><th scope="col">${words.movement}</th></tr></thead>
<tbody>
${scored.map((line) => row(words, line, lang, number))}${own === null || isShown ? html`` : row(words, own, lang, number, true)}</tbody>
</table>${scorelessSentence(words, board, number)}`}
${isOver ? html`` : html`<p class="soft">${say(words.until, { until })}</p>`}`,
  };
}

function ownSentence(words: RallyWords, { own: { rank, sharedWith, score }, players, isOver }: { own: BoardLine; players: number; isOver: boolean }, number: Intl.NumberFormat): string {
  if (score === 0) return isOver ? words.ownScorelessOver : words.ownScoreless;
  const place = say(isOver ? words.ownOver : words.own, { rank: number.format(rank), of: number.format(players) });
  return sharedWith === 0 ? place : `${place} ${sharedWith === 1 ? words.tiedOne : say(words.tied, { n: number.format(sharedWith) })}`;
}

/** Whoever is counted stands in a row or is told of, as long as all rows fit. */
function scorelessSentence(words: RallyWords, { top, own }: ShownBoard, number: Intl.NumberFormat): Html {
  const first = top.find(({ score }) => score === 0);
  const hidden = first === undefined ? 0 : first.sharedWith + 1 - (own?.score === 0 ? 1 : 0);
  return hidden === 0 ? html`` : html`
<p class="soft">${hidden === 1 ? words.scorelessOne : say(words.scoreless, { n: number.format(hidden) })}</p>`;
}

function practisingSentence(words: RallyWords, practising: number, number: Intl.NumberFormat): string {
  if (practising === 0) return words.practisingNone;
  return practising === 1 ? words.practisingOne : say(words.practising, { n: number.format(practising) });
}

function row(words: RallyWords, line: BoardLine, lang: LandingLanguage, number: Intl.NumberFormat, isApart = false): Html {
  const { rank, sharedWith, nameDrawn, score, movement, isOwn } = line;
  const cells = html`<td>${number.format(rank)}${sharedWith > 0 ? html` <small>${words.shared}</small>` : html``}</td><th scope="row">${unbroken(sayName(nameDrawn, lang))}${isOwn ? html` <b>(${words.you})</b>` : html``}</th><td>${number.format(score)}</td><td>${sayMovement(words, movement, number)}</td>`;
  return isOwn ? html`<tr class="${isApart ? 'own apart' : 'own'}" aria-current="true">${cells}</tr>
` : html`<tr>${cells}</tr>
`;
}

/** On a narrow screen a name's number stays with the word before it. */
function unbroken(name: string): string {
  return name.replace(/ (?=\d+$)/, '\u00a0');
}

/** A sign for the eye, and words for whoever is read to. */
function sayMovement(words: RallyWords, movement: Movement, number: Intl.NumberFormat): Html {
  switch (movement.kind) {
    case 'new': return html`${words.new}`;
    case 'same': return signAndWords('same', '–', words.same);
    case 'up': return signAndWords('up', `▲ ${number.format(movement.places)}`, say(words.up, { n: number.format(movement.places) }));
    case 'down': return signAndWords('down', `▼ ${number.format(movement.places)}`, say(words.down, { n: number.format(movement.places) }));
  }
}

function signAndWords(kind: Movement['kind'], sign: string, words: string): Html {
  return html`<span class="${kind}" aria-hidden="true">${sign}</span><span class="read">${words}</span>`;
}

/** For a link that opens nothing. */
export function unknownBoardPage(lang: LandingLanguage): Omit<Page, 'style'> {
  const { unknownTitle, unknown } = RALLY_WORDS[lang];
  return { lang, title: unknownTitle, body: html`<h1>${unknownTitle}</h1>
<p>${unknown}</p>` };
}
