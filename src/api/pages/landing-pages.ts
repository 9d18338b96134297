import { REPORT_REASONS } from '../../domain/landing/answers.ts';
import type { LandingState } from '../../domain/landing/landing-state.ts';
import type { LandingLanguage } from '../../domain/landing/page-words.ts';
import type { SaidPage, ShownFigure } from '../../domain/landing/say-page.ts';
import type { ShareKit } from '../../domain/share/share-kit.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { LandingPage, SharedAs } from './landing-shell.ts';
import { LANDING_WORDS } from './landing-words.ts';
import type { LandingNote } from './landing-sentences.ts';
import { signature } from './opt-out-pages.ts';
import type { Writer } from './opt-out-pages.ts';
import { named } from './opt-out-words.ts';
import { qrCode } from './referral-qr.ts';

/** Whose page it is, and in which language. */
export type LandingFrame = { readonly lang: LandingLanguage; readonly writer: Writer };
type OpenPage = { readonly said: SaidPage; readonly figures: readonly ShownFigure[]; readonly token: string; readonly shared: SharedAs };

/** The invitation itself: who invites, to what, what is asked; every answer is a form of its own, without a script. The forms post to the page's own address. */
export function openLanding({ lang, writer }: LandingFrame, { said, figures, token, shared }: OpenPage): LandingPage {
  const words = LANDING_WORDS[lang];
  return {
    lang, title: said.title, shared,
    body: html`<h1>${said.title}</h1>
<p class="lead">${said.lead}</p>
${figuresShown(figures, lang)}${said.about.map((sentence) => html`<p>${sentence}</p>
`)}<p>${said.ask}</p>
<form method="post" class="answers">${hidden(token)}
<button name="do" value="accept">${said.accept}</button>
<button name="do" value="decline" class="plain">${said.decline}</button></form>
<p class="soft">${words.privacy}</p>
<div class="small"><form method="post">${hidden(token)}<button name="do" value="stop" class="quiet">${words.stop}</button></form>
${reportForm(lang, token)}</div>
${signature(writer)}`,
  };
}

function figuresShown(figures: readonly ShownFigure[], lang: LandingLanguage): Html {
  if (figures.length === 0) return html``;
  return html`<dl class="numbers">${figures.map(({ kind, value }) => html`<div><dt>${LANDING_WORDS[lang].figures[kind]}</dt><dd>${value}</dd></div>`)}</dl>
`;
}

function reportForm(lang: LandingLanguage, token: string): Html {
  const { open, ask, reasons, send } = LANDING_WORDS[lang].report;
  return html`<details><summary>${open}</summary>
<form method="post">${hidden(token)}<fieldset><legend>${ask}</legend>
${REPORT_REASONS.map((reason) => html`<label class="tick"><input type="radio" name="reason" value="${reason}" required><span>${reasons[reason]}</span></label>
`)}</fieldset><button name="do" value="report" class="plain">${send}</button></form></details>`;
}

function hidden(token: string): Html {
  return html`<input type="hidden" name="token" value="${token}">`;
}

/** For a link that cannot be accepted (any more). `goOnTo`: where somebody who had accepted goes on; null: nowhere. */
export function closedLanding({ lang, writer }: LandingFrame, state: Exclude<LandingState, 'open' | 'own'>, goOnTo: string | null): LandingPage {
  const words = LANDING_WORDS[lang];
  return notePage({ lang, writer }, words.closed[state], goOnTo === null ? html`` : html`<p><a class="act" href="${goOnTo}" rel="noreferrer">${named(words.goOn, writer.tenantName)}</a></p>
`);
}

/** For the member whose link it is: the ways to send it. */
export function ownLanding({ lang, writer }: LandingFrame, url: string, { sms, whatsapp, facebook, mailto }: Pick<ShareKit, 'sms' | 'whatsapp' | 'facebook' | 'mailto'>): LandingPage {
  const { closed, share } = LANDING_WORDS[lang];
  return notePage({ lang, writer }, closed.own, html`<ul class="ways"><li><a class="act plain" href="${mailto}">${share.email}</a></li>
<li><a class="act plain" href="${sms}">${share.sms}</a></li>
<li><a class="act plain" href="${whatsapp}" target="_blank" rel="noopener noreferrer">WhatsApp</a></li>
<li><a class="act plain" href="${facebook}" target="_blank" rel="noopener noreferrer">Facebook</a></li></ul>
<p class="link" translate="no">${url}</p>
${qrCode(url, share.qr)}
`);
}

/** After declining; the invitation stays where it was. */
export function declinedLanding({ lang, writer }: LandingFrame, declined: string, again: string): LandingPage {
  const { after, back } = LANDING_WORDS[lang];
  return notePage({ lang, writer }, { title: after.declined, text: [declined] }, html`<p><a href="${again}">${back}</a></p>
`);
}

export function afterLanding(frame: LandingFrame, what: 'stopped' | 'unknown' | 'reported'): LandingPage {
  return notePage(frame, LANDING_WORDS[frame.lang].after[what], html``);
}

/** For a link that is none of ours, or belongs to no run. */
export function nowhereLanding(lang: LandingLanguage): LandingPage {
  const { title, text } = LANDING_WORDS[lang].nowhere;
  return { lang, title, body: html`<h1>${title}</h1>
${text.map((line) => html`<p>${line}</p>
`)}` };
}

/** For what was posted with a token that is over or not ours. `again`: the invitation's path. */
export function staleLanding(lang: LandingLanguage, again: string): LandingPage {
  const { stale, again: open } = LANDING_WORDS[lang];
  return { lang, title: stale.title, body: html`<h1>${stale.title}</h1>
${stale.text.map((line) => html`<p>${line}</p>
`)}<p><a class="act" href="${again}">${open}</a></p>` };
}

function notePage({ lang, writer }: LandingFrame, note: LandingNote, more: Html): LandingPage {
  const title = named(note.title, writer.tenantName);
  return { lang, title, body: html`<h1>${title}</h1>
${note.text.map((line) => html`<p>${named(line, writer.tenantName)}</p>
`)}${more}${signature(writer)}` };
}
