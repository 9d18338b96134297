import type { LandingLanguage } from '../../domain/landing/page-words.ts';
import { answeredIn, compareScores, finalScore, roundOf, type Play } from '../../domain/play/judge-answer.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { signature, type Writer } from './opt-out-pages.ts';
import type { Page } from './page.ts';
import { say } from './play-words.ts';
import { WAITING_WORDS, type WaitingWords } from './waiting-words.ts';

/** A challenge as its page says it. `link`: the one to pass on; null: there is none, or no place is left. */
export type Waiting = {
  readonly lang: LandingLanguage;
  readonly writer: Writer;
  readonly title: string | null;
  readonly questions: number;
  readonly placesLeft: number;
  readonly places: number;
  readonly scoreToBeat: number | null;
  readonly until: string;
  readonly isOver: boolean;
  readonly declined: number;
  readonly friends: readonly { readonly hasJoined: boolean; readonly plays: readonly Play[] }[];
  readonly link: string | null;
};

/** What the member who asked sees: who waits, who plays, who won. `#news` is what changes; the page's script puts it in anew. */
export function waitingPage(waiting: Waiting): Omit<Page, 'style'> {
  const words = WAITING_WORDS[waiting.lang];
  const { friends, isOver, questions, scoreToBeat, title } = waiting;
  const heading = title ?? words.title;
  const played = friends.some(({ plays }) => finalScore(plays, questions) !== null);
  const news = friends.length === 0 && !isOver ? words.waiting : isOver ? (played ? words.over : words.overAlone) : null;
  return { lang: waiting.lang, title: heading, body: html`<h1>${heading}</h1>
${scoreToBeat === null ? html`` : html`<p class="step">${say(words.mine, { n: scoreToBeat, of: questions })}</p>`}
<div id="news" aria-live="polite">
${news === null ? html`` : html`<p class="said plain">${news}</p>`}
${friends.length === 0 && !isOver ? html`<p>${words.waitingMore}</p>` : html``}
${friends.length === 0 ? html`` : html`<ul class="list">${friends.map((friend, place) => line(waiting, friend, friends.length === 1 ? words.friend : say(words.friendN, { n: place + 1 })))}</ul>`}
${waiting.declined === 0 ? html`` : html`<p class="soft">${say(words.declined, { n: waiting.declined })}</p>`}
${isOver ? html`` : html`<p class="soft">${say(words.until, { until: waiting.until })}</p>
${waiting.placesLeft === 0 ? html`<p class="soft">${words.full}</p>` : shareable(waiting, words)}`}</div>
${signature(waiting.writer)}` };
}

function line({ lang, isOver, questions, scoreToBeat }: Waiting, { hasJoined, plays }: Waiting['friends'][number], name: string): Html {
  const words = WAITING_WORDS[lang];
  return html`<li><span>${name}</span><b>${state(words, { plays, questions, scoreToBeat, isOver })}${hasJoined ? html`, ${words.joined}` : html``}</b></li>
`;
}

function state(words: WaitingWords, { plays, questions, scoreToBeat, isOver }: { plays: readonly Play[]; questions: number; scoreToBeat: number | null; isOver: boolean }): string {
  const theirs = finalScore(plays, questions);
  const answered = answeredIn(plays, roundOf(plays));
  if (theirs === null) {
    if (isOver) return say(words.stopped, { n: answered, of: questions });
    return answered === 0 ? words.opened : say(words.playing, { n: answered, of: questions });
  }
  if (answered < questions && !isOver) return say(words.rematch, { n: answered, of: questions, theirs });
  return scoreToBeat === null ? say(words.done, { theirs, of: questions }) : say(words[compareScores(scoreToBeat, theirs)], { mine: scoreToBeat, theirs });
}

function shareable({ link, placesLeft, places }: Waiting, words: WaitingWords): Html {
  return link === null ? html`` : html`<label for="link">${words.link}</label>
<input id="link" readonly value="${link}" aria-describedby="hint">
<p class="soft" id="hint">${say(words.linkHint, { n: placesLeft, of: places })}</p>`;
}

/** For a link that opens nothing. */
export function unknownWaitingPage(lang: LandingLanguage): Omit<Page, 'style'> {
  const { unknownTitle, unknown } = WAITING_WORDS[lang];
  return { lang, title: unknownTitle, body: html`<h1>${unknownTitle}</h1>
<p>${unknown}</p>` };
}
