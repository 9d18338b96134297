import type { EntryKind, StoryEntry } from '../../domain/explain/entry.ts';
import type { Story } from '../../domain/explain/story.ts';
import type { Now } from '../../domain/explain/waits-for.ts';
import { messageName } from '../../domain/explain/say-code.ts';
import type { StoryClock } from '../../domain/explain/when.ts';
import { durationText, timeOf } from './explain-time.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { wordsOf } from './explain-words.ts';

/** How an entry or a state looks; its words say the same. */
export type Tone = 'good' | 'wait' | 'hold' | 'bad' | 'plain';

const TONES: Readonly<Record<EntryKind, Tone>> = {
  accepted: 'plain', planned: 'wait', planned_again: 'wait', reminder_planned: 'wait', claimed: 'wait',
  held: 'hold', put_off: 'hold', unknown: 'hold', given_up: 'hold', rules_changed: 'plain', released: 'plain', reminder_let_go: 'plain',
  handed_off: 'good', delivered: 'good', clicked: 'good', event: 'good', joined: 'good', viewed: 'plain',
  refused: 'bad', no_time_left: 'bad', bounced: 'bad', complained: 'bad', suppressed: 'bad', opted_out: 'bad',
  canceled: 'plain', expired: 'plain', decided: 'plain',
};

const GAP_WORTH_TELLING_MS = 60_000;

/** The story as a line of time, oldest first, ending with what comes next. */
export function timeline({ entries, now }: Story, step: number | null, clock: StoryClock): Html {
  const items = entries.map((entry, index) => itemOf(entry, entries[index - 1], toneOf(entry), clock));
  return html`<ol class="line">
${now.nextAt === null ? items : [...items, nextItem(now.nextAt, whatIsNext(now, step), clock)]}
</ol>`;
}

function whatIsNext(now: Now, step: number | null): string {
  if (now.heldBy.length > 0) return 'it expires, unless what holds it is lifted before';
  if (now.state === 'unknown') return 'it is given up, unless something tells what became of it';
  if (step === null) return 'it expires, unless the person joins before';
  return `${messageName(step)} leaves, if everything still permits it then`;
}

function toneOf({ kind, inputs }: StoryEntry): Tone {
  return kind === 'clicked' && inputs['counted'] !== true ? 'plain' : TONES[kind];
}

/** What entries of any story have for a line of time. */
type Told = Pick<StoryEntry, 'at' | 'title' | 'rule' | 'inputs' | 'actor'> & { readonly source: { readonly kind: string; readonly id: string } };

export function itemOf(entry: Told, before: Told | undefined, tone: Tone, clock: StoryClock): Html {
  const gapMs = before === undefined ? 0 : entry.at - before.at;
  const gap = gapMs < GAP_WORTH_TELLING_MS ? html`` : html` <span class="ago">${durationText(gapMs)} later</span>`;
  return html`<li class="${tone}${tone === 'plain' ? ' quiet' : ''}">
${timeOf(entry.at, clock, gap)}
<div>
<h3>${wordsOf(entry.title)}</h3>
<p class="rule">${wordsOf(entry.rule)}</p>
<details><summary>Inputs and source</summary>
${pairs([...Object.entries(entry.inputs).map(([name, value]): Pair => [name, textOfValue(value)]), ['decided by', entry.actor], ['read from', `${entry.source.kind.replaceAll('_', ' ')} ${entry.source.id}`]])}
</details>
</div>
</li>
`;
}

export function nextItem(at: number, what: string, clock: StoryClock): Html {
  const waitMs = at - clock.now;
  const wait = waitMs < GAP_WORTH_TELLING_MS ? html`` : html` <span class="ago">in ${durationText(waitMs)}</span>`;
  return html`<li class="next wait">
${timeOf(at, clock, wait)}
<div>
<h3>Next: ${what}.</h3>
</div>
</li>
`;
}

type Pair = readonly [name: string, value: string];

export function pairs(rows: readonly Pair[]): Html {
  return html`<dl class="pairs">
${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>
`)}</dl>`;
}

function textOfValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(textOfValue).join(', ');
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? 'none' : JSON.stringify(value);
}
