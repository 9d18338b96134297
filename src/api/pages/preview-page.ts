import { messageName } from '../../domain/explain/say-code.ts';
import { clockFor, localText, utcText, zonesText } from '../../domain/explain/when.ts';
import type { StoryClock } from '../../domain/explain/when.ts';
import type { MessageCopy } from '../../domain/message/copy.ts';
import type { WordsSource } from '../../domain/message/choose-words.ts';
import type { MessagePreview } from '../message-preview.ts';
import { localeName, sayLocale } from '../program-preview-body.ts';
import { timeOf } from './explain-time.ts';
import { wordsOf } from './explain-words.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { PreviewPage } from './preview-shell.ts';

/** A preview as a page: when it leaves and what stands against it, both screens with their inboxes, the text, its words. */
export function previewPage({ preview, now, expiresAt }: { preview: MessagePreview; now: number; expiresAt: number }): PreviewPage {
  const { email, plan } = preview;
  const clock = clockFor(plan.zones, plan.acceptedAt);
  const what = messageName(preview.step);
  return {
    title: 'Preview of a message',
    mailHtml: email.html,
    body: html`<h1>Preview of ${what}</h1>
<p class="lead">${preview.programTitle} · <code>${preview.programId}</code>, version ${preview.version}${preview.isTrial ? ' with changes that are not saved' : ''}</p>
<section class="card when">
<div>
<h2>When it leaves</h2>
${timeOfPlan(preview, clock)}
</div>
<div>
<h2>What stands against it</h2>
${reasonsOf(preview)}
</div>
</section>
<div class="screens">
<figure><figcaption>On a desktop: in the inbox, and opened</figcaption>
${lineOf(preview, clock)}
<div class="screen desk"><iframe title="The mail on a desktop" sandbox="" srcdoc="${email.html}"></iframe></div></figure>
<figure><figcaption>On a phone, 375 px wide</figcaption>
${entryOf(preview, clock)}
<div class="screen phone"><iframe title="The mail on a phone" sandbox="" srcdoc="${email.html}"></iframe></div></figure>
</div>
<section class="card">
<h2>Without HTML</h2>
<pre>${email.text}</pre>
</section>
${preview.sms === null ? '' : html`<section class="card">
<h2>The text message</h2>
<p>${preview.sms.text}</p>
<p>${String(preview.sms.size.segments)} ${preview.sms.size.segments === 1 ? 'segment' : 'segments'} in ${preview.sms.size.encoding}.</p>
</section>`}
<div class="two">
<section class="card">
<h2>Whose words</h2>
<p>${sayLocale(preview)}</p>
${pairs(wordsRows(preview))}
</section>
<section class="card">
<h2>Around the mail</h2>
${pairs(envelopeRows(preview))}
</section>
</div>
<p class="closing">As of ${utcText(now, now)} UTC. Nothing was sent, stored or counted. The links in the mail are samples: they lead nowhere and opt nobody out. This page can be opened until ${utcText(expiresAt, now)} UTC.</p>`,
  };
}

/** One line of a wide inbox. */
function lineOf(preview: MessagePreview, clock: StoryClock): Html {
  const { email, rendered } = preview;
  return html`<div class="inbox wide"><span class="who">${senderOf(preview)}</span><span><span class="subject">${email.subject}</span> <span class="pre">${rendered.preheader}</span></span><span class="at">${clockTime(preview, clock)}</span></div>`;
}

/** One entry of a narrow inbox. */
function entryOf(preview: MessagePreview, clock: StoryClock): Html {
  const { email, rendered } = preview;
  return html`<div class="inbox tall"><p class="top"><span class="who cut">${senderOf(preview)}</span><span class="at">${clockTime(preview, clock)}</span></p>
<p class="subject cut">${email.subject}</p>
<p class="pre">${rendered.preheader}</p></div>`;
}

function senderOf({ email: { from } }: MessagePreview): string {
  return from.name ?? from.address;
}

/** The recipient's time alone, as inboxes show it. */
function clockTime({ plan }: MessagePreview, clock: StoryClock): string {
  const local = plan.sendAt === null ? '' : localText(plan.sendAt, clock) ?? '';
  return local.slice(local.lastIndexOf(' ') + 1);
}

function timeOfPlan({ plan, step }: MessagePreview, clock: StoryClock): Html {
  const utc = (at: number): string => `${utcText(at, plan.acceptedAt)} UTC`;
  return html`<p class="when-big">${plan.sendAt === null ? 'Never' : timeOf(plan.sendAt, clock)}</p>
<p>${step === 0 ? '' : `Planned from ${utc(plan.from)}, if each message before it leaves when planned. `}${wordsOf(plan.why)}</p>
<p class="soft">If the invite is accepted ${utc(plan.acceptedAt)}. It expires ${utc(plan.expiresAt)}.</p>`;
}

function reasonsOf({ reasons }: MessagePreview): Html {
  if (reasons.length === 0) return html`<ul class="says"><li class="good"><b>Nothing stands against it.</b></li></ul>`;
  return html`<ul class="says">
${reasons.map(({ code, effect, say }) => html`<li class="${effect === 'refuses' ? 'bad' : 'hold'}"><b>${effect === 'refuses' ? 'Refused' : 'Held'}</b> <code>${code}</code><br>${say}</li>
`)}</ul>`;
}

type Row = readonly [name: string, value: string];

function pairs(rows: readonly Row[]): Html {
  return html`<dl>
${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>
`)}</dl>`;
}

const FIELD_NAMES = { subject: 'Subject', preheader: 'Preheader', heading: 'Heading', paragraphs: 'Paragraphs', callToAction: 'Button' } as const satisfies Record<keyof MessageCopy, string>;

function wordsRows({ rendered: { locale: { words, furniture } } }: MessagePreview): Row[] {
  return [
    [FIELD_NAMES.subject, sourceText(words.subject)],
    [FIELD_NAMES.preheader, sourceText(words.preheader)],
    [FIELD_NAMES.heading, sourceText(words.heading)],
    [FIELD_NAMES.paragraphs, sourceText(words.paragraphs)],
    [FIELD_NAMES.callToAction, sourceText(words.callToAction)],
    ['All around', `ours, in ${localeName(furniture)}`],
  ];
}

function sourceText({ by, locale }: WordsSource): string {
  if (by === 'flywheel') return `ours, in ${localeName(locale ?? 'en')}`;
  return locale === null ? 'the program\'s, for every language' : `the program's, for ${localeName(locale)}`;
}

function envelopeRows({ email, plan }: MessagePreview): Row[] {
  const address = ({ name, address: at }: { name?: string; address: string }): string => (name === undefined ? at : `${name} <${at}>`);
  return [
    ['From', address(email.from)],
    ...(email.replyTo === undefined ? [] : [['Reply-To', address(email.replyTo)] as const]),
    ...Object.entries(email.headers),
    ['Recipient\'s zone', `${zonesText(plan.zones)} (${plan.zoneSource})`],
    ...(plan.law.length === 0 ? [] : [['Law', plan.law.join(', ')] as const]),
  ];
}
