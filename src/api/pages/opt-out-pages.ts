import type { PageLanguage } from '../../domain/preference/page-language.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { named, OPT_OUT_WORDS } from './opt-out-words.ts';
import type { Page } from './page.ts';

/** Who wrote: the tenant's name, the name in its mails' From, its postal address (CAN-SPAM, 16 CFR 316.5). */
export type Writer = { tenantName: string; fromName: string; postalAddress: string };

/** Asks, and changes nothing: mail scanners open every link. The form posts to the page's own address. */
export function askPage(writer: Writer, lang: PageLanguage): Page {
  const words = OPT_OUT_WORDS[lang];
  const say = (sentence: string): string => named(sentence, writer.tenantName);
  return {
    lang,
    title: say(words.askTitle),
    body: html`<h1>${say(words.askHeading)}</h1>
<p>${say(words.ask)}</p>
<form method="post"><button>${words.button}</button></form>
<p class="soft">${words.askNote}</p>
${signature(writer)}`,
  };
}

/** After the button, after a second one, and for whoever had stopped it before: the same words. */
export function stoppedPage(writer: Writer, lang: PageLanguage): Page {
  const words = OPT_OUT_WORDS[lang];
  const say = (sentence: string): string => named(sentence, writer.tenantName);
  return {
    lang,
    title: say(words.stoppedTitle),
    body: html`<h1>${say(words.stoppedHeading)}</h1>
<p>${words.stopped}</p>
<p class="soft">${words.stoppedNote}</p>
${signature(writer)}`,
  };
}

/** For a link that stands for nothing, whatever the reason. */
export function unknownOptOutPage(lang: PageLanguage): Page {
  const { unknownTitle, unknown } = OPT_OUT_WORDS[lang];
  return { lang, title: unknownTitle, body: html`<h1>${unknownTitle}</h1>
${unknown.map((line) => html`<p>${line}</p>
`)}` };
}

/** Who is behind it, as the foot of every page for recipients. */
export function signature(writer: Writer): Html {
  const sender = writer.fromName === writer.tenantName ? writer.tenantName : `${writer.fromName} (${writer.tenantName})`;
  return html`<footer>${sender}
${writer.postalAddress}</footer>`;
}
