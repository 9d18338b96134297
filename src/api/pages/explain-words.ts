import { html } from './html.ts';
import type { Html } from './html.ts';

/** An id of ours, or the UTC time behind a local one. */
const QUIETER = /\b([a-z]{3}_)[0-9a-hjkmnp-tv-z]{20,22}([0-9a-hjkmnp-tv-z]{6})\b|\([^()]*\d UTC\)/g;

/**
 * A story's sentence for the eye: ids cut to their ends, for the whole ones stand with the inputs, and the UTC time in
 * brackets kept together, a shade quieter.
 */
export function wordsOf(sentence: string): Html {
  const parts: Html[] = [];
  let from = 0;
  for (const match of sentence.matchAll(QUIETER)) {
    const [whole, prefix, end] = match;
    parts.push(html`${sentence.slice(from, match.index)}`);
    parts.push(prefix === undefined || end === undefined ? html`<span class="utc-too">${whole}</span>` : html`<code>${prefix}…${end}</code>`);
    from = match.index + whole.length;
  }
  return html`${[...parts, html`${sentence.slice(from)}`]}`;
}
