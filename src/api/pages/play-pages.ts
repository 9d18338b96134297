import type { LandingLanguage } from '../../domain/landing/page-words.ts';
import { compareScores, finalScore, type Play } from '../../domain/play/judge-answer.ts';
import type { Question } from '../../domain/play/deck.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { signature, type Writer } from './opt-out-pages.ts';
import type { Page } from './page.ts';
import { PLAY_STYLE } from './play-style.ts';
import { PLAY_WORDS, say, type PlayWords } from './play-words.ts';

/** What all pages of one game show. Names are fit to be shown; null: there is none. */
export type Game = {
  readonly lang: LandingLanguage;
  readonly writer: Writer;
  readonly inviterName: string | null;
  readonly deckTitle: string | null;
  readonly questions: readonly Question[];
  readonly plays: readonly Play[];
  readonly scoreToBeat: number | null;
  /** How long it can still be played, in words. */
  readonly open: string;
  /** Where the page's forms and links lead. */
  readonly path: string;
};

/** Why an answer was not taken, or that none was given. */
export type Refusal = 'nothingChosen' | 'alreadyAnswered' | 'tooLate' | 'outOfRange' | 'outOfTurn' | 'oldPage';

/** One question. `pageToken`: the form brings it back. `refusal`: why the page is shown again. */
export function questionPage(game: Game, { round, n, pageToken, refusal }: { round: number; n: number; pageToken: string; refusal: Refusal | null }): Page {
  const words = PLAY_WORDS[game.lang];
  const question = game.questions[n];
  if (question === undefined) throw new Error('a deck has no such question');
  const before = game.plays.find((play) => play.round === round && play.n === n - 1);
  const step = say(words.progress, { n: n + 1, of: game.questions.length });
  // The step comes first: who listens to the page hears at once that it is the next one.
  return pageOf(game, `${step} – ${titleOf(game, words)}`, html`<h1>${titleOf(game, words)}</h1>
${refusal === null ? lastAnswer(words, before) : html`<p class="said bad" role="alert">${words[refusal]}</p>`}
<p class="step" id="step">${step}</p>
<progress max="${game.questions.length}" value="${n}" aria-labelledby="step"></progress>
<form method="post" action="${game.path}">
<input type="hidden" name="round" value="${round}"><input type="hidden" name="n" value="${n}"><input type="hidden" name="page" value="${pageToken}">
<fieldset aria-describedby="step"><legend>${question.text}</legend>
${question.choices.map((choice, place) => html`<label class="choice"><input type="radio" name="choice" value="${place}" required><span>${choice}</span></label>
`)}</fieldset>
<button>${words.answer}</button>
</form>
<p class="soft">${game.open}</p>`);
}

function lastAnswer(words: PlayWords, before: Play | undefined): Html {
  if (before === undefined) return html``;
  return before.isRight ? html`<p class="said good" role="status">${words.right}</p>` : html`<p class="said plain" role="status">${words.wrong}</p>`;
}

/** What the end of a game leads to. `together`: what it means where both answer the same; `signUp`: an address of ours that leads on to the app; null: it has none that we may lead to. */
export type Onward = { readonly together: string | null; readonly signUp: string | null; readonly hasJoined: boolean; readonly board: string | null; readonly again: string | null };

/** The end of a game: both scores, the way on, and, once, the rematch. */
export function resultPage(game: Game, onward: Onward): Page {
  const words = PLAY_WORDS[game.lang];
  const of = game.questions.length;
  const mine = finalScore(game.plays, of) ?? 0;
  const inviter = game.inviterName ?? words.inviterWithoutName;
  const heading = game.scoreToBeat === null ? words.alone : say(words[compareScores(mine, game.scoreToBeat)], { inviter });
  return pageOf(game, heading, html`<h1 class="big">${heading}</h1>
<dl class="scores"><div><dt>${words.you}</dt><dd>${say(words.score, { n: mine, of })}</dd></div>${
  game.scoreToBeat === null ? html`` : html`<div><dt>${game.inviterName ?? words.them}</dt><dd>${say(words.score, { n: game.scoreToBeat, of })}</dd></div>`}</dl>
${onward.together === null ? html`` : html`<p>${onward.together}</p>
`}${onward.board === null ? html`` : html`<p><a class="act second" href="${onward.board}">${words.board}</a></p>
`}${wayOn(game, onward, words)}
${onward.again === null ? html`` : html`<p><a class="act second" href="${onward.again}">${words.again}</a></p>
<p class="soft">${words.againHint}</p>`}`);
}

/** The end of the game of the member who asked: what it means, and the way back to where the time is counted. `more` null: nothing. */
export function ownResultPage(game: Game, { more, back, backLabel }: { more: string | null; back: string; backLabel: string }): Page {
  const words = PLAY_WORDS[game.lang];
  const of = game.questions.length;
  const score = finalScore(game.plays, of);
  const heading = score === null ? words.overTitle : words.alone;
  return pageOf(game, heading, html`<h1 class="big">${heading}</h1>
${score === null ? html`<p>${words.over}</p>` : html`<dl class="scores"><div><dt>${words.you}</dt><dd>${say(words.score, { n: score, of })}</dd></div></dl>`}
${more === null ? html`` : html`<p>${more}</p>`}
<p><a class="act" href="${back}">${backLabel}</a></p>`);
}

/** The end came before the last answer. */
export function overPage(game: Game, onward: Onward): Page {
  const words = PLAY_WORDS[game.lang];
  return pageOf(game, words.overTitle, html`<h1 class="big">${words.overTitle}</h1>
<p>${words.over}</p>
${wayOn(game, onward, words)}`);
}

/** Says why something was not done, and leads back to where the game stands. */
export function refusedPage(game: Game, refusal: Refusal): Page {
  const words = PLAY_WORDS[game.lang];
  return pageOf(game, titleOf(game, words), html`<h1>${titleOf(game, words)}</h1>
<p class="said bad" role="alert">${words[refusal]}</p>
<p><a class="act" href="${game.path}">${words.back}</a></p>`);
}

/** Says one thing, and leads back. */
export function notePage(game: Game, { title, text, back, backLabel }: { title: string; text: string; back: string; backLabel: string }): Page {
  return pageOf(game, title, html`<h1 class="big">${title}</h1>
<p>${text}</p>
<p><a class="act" href="${back}">${backLabel}</a></p>`);
}

/** For a browser that did not keep the cookie it was given. */
export function noCookiesPage(lang: LandingLanguage): Page {
  const { noCookiesTitle, noCookies } = PLAY_WORDS[lang];
  return { lang, title: noCookiesTitle, style: PLAY_STYLE, body: html`<h1 class="big">${noCookiesTitle}</h1>
<p>${noCookies}</p>` };
}

function wayOn({ writer }: Game, { signUp, hasJoined }: Onward, words: PlayWords): Html {
  const tenant = writer.tenantName;
  const hint = html`<p>${hasJoined ? words.joined : say(words.signUpHint, { tenant })}</p>`;
  if (signUp === null) return hasJoined ? hint : html``;
  return html`${hint}
<p><a class="act" href="${signUp}">${say(hasJoined ? words.goOn : words.signUp, { tenant })}</a></p>`;
}

function titleOf({ deckTitle, inviterName }: Game, words: PlayWords): string {
  return deckTitle ?? say(words.title, { inviter: inviterName ?? words.inviterWithoutName });
}

function pageOf({ lang, writer }: Game, title: string, body: Html): Page {
  return { lang, title, style: PLAY_STYLE, body: html`${body}
${signature(writer)}` };
}
