import { utcText } from '../../domain/explain/when.ts';
import type { StorySubject } from '../../../db/read/explain-link.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { Page } from './page.ts';

/** Asks before it opens: previews and mail scanners look at every link, and this one opens once. The form posts to its own address. */
export function askToOpenPage({ subject, expiresAt, now }: { subject: StorySubject; expiresAt: number; now: number }): Page {
  const title = `The story of one ${kindOf(subject)}`;
  return {
    lang: 'en',
    title,
    body: html`<h1>${title}</h1>
<p>What was decided and when, by which rules, and what it waits for now.</p>
<form method="post"><button>Open</button></form>
<p class="soft">It opens once, until ${utcText(expiresAt, now)} UTC. Looking at this page does not use it up.</p>`,
  };
}

export function usedLinkPage(link: { subject: StorySubject; openedAt: number; now: number }): Page {
  return {
    lang: 'en',
    title: 'This link was opened already',
    body: html`<h1>This link was opened already</h1>
<p>It opens once, and that was ${utcText(link.openedAt, link.now)} UTC.</p>
${howToGetANewOne(link.subject)}`,
  };
}

export function expiredLinkPage(link: { subject: StorySubject; expiresAt: number; now: number }): Page {
  return {
    lang: 'en',
    title: 'This link has expired',
    body: html`<h1>This link has expired</h1>
<p>It could be opened until ${utcText(link.expiresAt, link.now)} UTC, 15 minutes after it was made.</p>
${howToGetANewOne(link.subject)}`,
  };
}

function kindOf(subject: StorySubject): 'invite' | 'referral' {
  return subject.startsWith('ref_') ? 'referral' : 'invite';
}

function howToGetANewOne(subject: StorySubject): Html {
  return html`<p>Ask whoever sent it for a new one, or make one with a secret key:</p>
<p><code>POST /v1/explain-links</code><br><code>{ "${kindOf(subject)}Id": "${subject}" }</code></p>
<p class="soft">The story itself is unchanged and can be opened as often as needed, each time by a link of its own.</p>`;
}

export const EXPLAIN_LINK_NOT_FOUND: Page = {
  lang: 'en',
  title: 'This link is not complete',
  body: html`<h1>This link is not complete</h1>
<p>Part of it may have been lost when it was copied. Copy it once more, to its very end.</p>
<p>Or make a new one with a secret key: <code>POST /v1/explain-links</code> with the id of the invite or referral.</p>`,
};
