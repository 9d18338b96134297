import { html } from './html.ts';
import type { Page } from './page.ts';

/** For a link that leads nowhere, whatever the reason: a page that told which would help those who guess. */
export const LINK_NOT_FOUND: Page = {
  lang: 'en',
  title: 'This link leads nowhere',
  body: html`<h1>This link leads nowhere</h1>
<p>It may have been copied without its end, or it is no longer in use.</p>
<p>Open the link once more from the message you got. If it still ends here, ask the person who sent it for a new one.</p>`,
};

/** `again`: the path to try once more. Seconds go into `Retry-After`, too. */
export function unavailablePage(again: string): Page {
  return {
    lang: 'en',
    title: 'One moment, please',
    body: html`<h1>One moment, please</h1>
<p>We cannot open this page right now. It usually works again within a few seconds.</p>
<p><a class="act" href="${again}">Try again</a></p>`,
  };
}

/** `again`: the path to try once more; it will not do so before that many seconds. */
export function tooManyPage(again: string, seconds: number): Page {
  const wait = seconds < 60 ? 'a minute' : `${String(Math.ceil(seconds / 60))} minutes`;
  return {
    lang: 'en',
    title: 'Too many requests',
    body: html`<h1>Too many requests</h1>
<p>This page was opened very often from where you are, so it rests for a moment. Nothing is lost.</p>
<p>Wait ${wait}, then <a class="act" href="${again}">try again</a>.</p>`,
  };
}

export const METHOD_NOT_ALLOWED: Page = {
  lang: 'en',
  title: 'This page works differently',
  body: html`<h1>This page works differently</h1>
<p>Open the link in a browser.</p>`,
};
