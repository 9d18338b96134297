import type { PreviewProblem } from '../message-preview.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';

/** Cut, forged, expired or gone: nothing is kept of a link that is over, so one page serves for all. */
export const PREVIEW_LINK_NOT_FOUND: Page = {
  lang: 'en',
  title: 'There is no such preview',
  body: html`<h1>There is no such preview</h1>
<p>A link to a preview can be opened for one hour. This one has expired, or part of it was lost when it was copied.</p>
<p>Make a new one with a secret key: <code>POST /v1/programs/{id}/preview-links</code>.</p>`,
};

/** What is to be shown has changed since the link was made, so that it cannot be shown any more. */
export function previewGonePage({ detail, errors = [] }: PreviewProblem): Page {
  return {
    lang: 'en',
    title: 'This preview cannot be shown any more',
    body: html`<h1>This preview cannot be shown any more</h1>
<p>Something it is made of has changed since the link was made.</p>
${errors.length === 0 ? html`<p>${detail}</p>` : errors.map(({ path, message }) => html`<p><code>${path}</code> ${message}</p>`)}`,
  };
}
