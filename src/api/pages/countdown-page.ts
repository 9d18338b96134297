import type { LandingLanguage } from '../../domain/landing/page-words.ts';
import { answeredIn, finalScore, type Play } from '../../domain/play/judge-answer.ts';
import { COUNTDOWN_WORDS, type CountdownWords } from './countdown-words.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { signature, type Writer } from './opt-out-pages.ts';
import type { Page } from './page.ts';
import { say } from './play-words.ts';

/** A rescue as its page says it. `minutesLeft`: rounded up; `until`: by the member's clock; `outcome`: how the run ended, null while it lives. */
export type Countdown = {
  readonly lang: LandingLanguage;
  readonly writer: Writer;
  readonly title: string | null;
  readonly questions: number;
  readonly minutesLeft: number;
  readonly until: string;
  readonly isOver: boolean;
  readonly outcome: string | null;
  readonly hasFinished: boolean;
  /** The member has earned a shield by it. */
  readonly hasShield: boolean;
  /** How many the member has answered here. */
  readonly answered: number;
  /** Where the member answers; null: nowhere of ours. */
  readonly play: string | null;
  /** Those who came by the link, the first who came first. */
  readonly buddies: readonly { readonly plays: readonly Play[] }[];
  readonly link: string | null;
};

export type CountdownState = 'open' | 'saved' | 'kept' | 'declined' | 'over';

/** How it stands for the member who asked. Both may have finished before the run has said so. */
export function countdownState({ outcome, hasFinished, buddies, questions, isOver }: Pick<Countdown, 'outcome' | 'hasFinished' | 'buddies' | 'questions' | 'isOver'>): CountdownState {
  const isHelped = buddies.some(({ plays }) => finalScore(plays, questions) !== null);
  if (outcome === 'rescued' || (outcome === null && hasFinished && isHelped)) return 'saved';
  if (!isOver) return 'open';
  if (hasFinished || outcome === 'saved_alone' || outcome === 'member_alone') return 'kept';
  return outcome === 'declined' ? 'declined' : 'over';
}

/** How much time is left, and who has finished; then, how it ended. `#news` is what changes; the page's script puts it in anew. */
export function countdownPage(countdown: Countdown): Omit<Page, 'style'> {
  const { lang, title, writer } = countdown;
  const words = COUNTDOWN_WORDS[lang];
  const heading = title ?? words.title;
  const state = countdownState(countdown);
  return { lang, title: heading, body: html`<h1>${heading}</h1>
<div id="news" aria-live="polite">
${state === 'open' ? open(countdown, words) : html`<p class="said ${state === 'saved' || state === 'kept' ? 'good' : 'plain'}">${words[state]}</p>
<p>${state === 'saved' && countdown.hasShield ? words.savedShield : words[MORE[state]]}</p>
${people(countdown, words)}`}</div>
${signature(writer)}` };
}

const MORE = { saved: 'savedMore', kept: 'keptMore', declined: 'declinedMore', over: 'overMore' } as const;

function open(countdown: Countdown, words: CountdownWords): Html {
  const { minutesLeft, until, hasFinished, answered, play, link, buddies } = countdown;
  return html`<p class="count">${minutesLeft <= 1 ? words.leftOne : say(words.left, { n: minutesLeft })}</p>
<p class="step">${say(words.until, { until })}</p>
${people(countdown, words)}
${hasFinished || play === null ? html`` : html`<p>${words.todo}</p>
<p><a class="act" href="${play}">${answered === 0 ? words.play : words.goOn}</a></p>`}
${link === null || buddies.length > 0 ? html`` : html`<label for="link">${words.link}</label>
<input id="link" readonly value="${link}" aria-describedby="hint">
<p class="soft" id="hint">${words.linkHint}</p>`}`;
}

function people({ hasFinished, answered, buddies, questions, isOver }: Countdown, words: CountdownWords): Html {
  const [first] = buddies.toSorted((a, b) => answeredIn(b.plays, 1) - answeredIn(a.plays, 1));
  return html`<ul class="list"><li><span>${words.you}</span><b>${hasFinished ? words.done : answered === 0 ? words.notYet : say(words.answered, { n: answered, of: questions })}</b></li>
<li><span>${words.buddy}</span><b>${first === undefined ? words.nobody : ofBuddy(words, answeredIn(first.plays, 1), questions, isOver)}</b></li>
</ul>`;
}

function ofBuddy(words: CountdownWords, answered: number, questions: number, isOver: boolean): string {
  if (answered === questions) return words.done;
  if (isOver) return words.notYet;
  return answered === 0 ? words.isHere : say(words.answered, { n: answered, of: questions });
}
