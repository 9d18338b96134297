import { html } from './html.ts';
import type { Html } from './html.ts';
import type { StoredMail } from './mail-store.ts';
import type { ReadableMail } from './read-mail.ts';

const STYLE = `
:root { color-scheme: light; --ink: #1c2230; --soft: #5b6478; --line: #e2e6ee; --paper: #fff; --ground: #f5f7fa; --accent: #1f5fbf; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.25rem; margin: .5rem 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
a { color: var(--accent); }
.soft { color: var(--soft); font-size: .875rem; }
.card, ul.mails { background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; }
.card { padding: .75rem 1rem; overflow-wrap: anywhere; }
ul.mails { list-style: none; margin: 0; padding: 0; }
ul.mails li + li { border-top: 1px solid var(--line); }
ul.mails a { display: block; padding: .75rem 1rem; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
ul.mails a:hover, ul.mails a:focus { background: var(--ground); }
ul.mails strong { display: block; }
form { display: flex; gap: .5rem; margin-bottom: 1rem; }
input { flex: 1; min-width: 0; font: inherit; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .5rem; }
button { font: inherit; padding: .5rem 1rem; border: 0; border-radius: .5rem; background: var(--accent); color: #fff; }
pre { margin: 0; white-space: pre-wrap; font: .875rem/1.5 ui-monospace, monospace; }
iframe { width: 100%; height: 36rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff; }
dl { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dt { color: var(--soft); } dd { margin: 0; }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } }
`;

function page(title: string, head: Html, body: Html): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>${head}<style>${{ html: STYLE }}</style></head><body><main>${body}</main></body></html>`.html;
}

const NOTHING: Html = { html: '' };
const RELOAD: Html = { html: '<meta http-equiv="refresh" content="5">' };

/** ISO 8601 in UTC, to the second. */
function when(receivedAt: number): string {
  return new Date(receivedAt).toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}

function row(mail: StoredMail): Html {
  return html`<li><a href="/mails/${mail.id}"><strong>${mail.subject === '' ? '(no subject)' : mail.subject}</strong>
<span class="soft">to ${mail.to.join(', ')} · ${when(mail.receivedAt)}</span></a></li>`;
}

export type ListView = {
  /** Newest first. */
  readonly mails: readonly StoredMail[];
  readonly total: number;
  /** The recipient asked for; empty: all. */
  readonly to: string;
  /** Where the next older page starts; undefined on the last one. */
  readonly olderThan: string | undefined;
};

/** The list of messages. It reloads itself while nothing is searched for. */
export function listPage({ mails, total, to, olderThan }: ListView): string {
  const older = olderThan === undefined ? NOTHING : html`<p><a href="/?to=${encodeURIComponent(to)}&before=${olderThan}">Older</a></p>`;
  const list = mails.length === 0 ? html`<p class="card">No mail ${to === '' ? 'yet' : `to ${to}`}.</p>` : html`<ul class="mails">${mails.map(row)}</ul>`;
  return page(
    `Inbox (${total})`,
    to === '' && olderThan === undefined ? RELOAD : NOTHING,
    html`<h1>Inbox <span class="soft">${total} ${total === 1 ? 'mail' : 'mails'}, nothing leaves this machine</span></h1>
<form method="get" action="/"><input type="search" name="to" value="${to}" placeholder="Recipient's address" aria-label="Recipient's address"><button>Find</button></form>
${list}${older}`,
  );
}

/** One message. Its HTML comes from an address of its own, in a frame without scripts, forms or an origin. */
export function mailPage(mail: StoredMail, content: ReadableMail): string {
  const links = content.links.map((link) => html`<li><a href="${link}" target="_blank" rel="noopener noreferrer">${link}</a></li>`);
  const headers = content.headers.map(({ name, value }) => html`<dt>${name}</dt><dd>${value}</dd>`);
  return page(
    mail.subject,
    NOTHING,
    html`<p><a href="/">Inbox</a></p><h1>${mail.subject === '' ? '(no subject)' : mail.subject}</h1>
<dl class="card"><dt>From</dt><dd>${mail.from}</dd><dt>To</dt><dd>${mail.to.join(', ')}</dd><dt>Received</dt><dd>${when(mail.receivedAt)}</dd></dl>
${content.html === undefined ? NOTHING : html`<h2>HTML</h2><iframe sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" title="The mail's HTML" src="/mails/${mail.id}/html"></iframe>`}
<h2>Text</h2><pre class="card">${content.text === '' ? '(none)' : content.text}</pre>
<h2>Links</h2>${links.length === 0 ? html`<p class="card">None.</p>` : html`<ul class="card">${links}</ul>`}
<h2>Headers</h2><dl class="card">${headers}</dl>
<p><a href="/mails/${mail.id}/raw">The message as it came</a></p>`,
  );
}

export function messagePage(text: string): string {
  return page(text, NOTHING, html`<p><a href="/">Inbox</a></p><p class="card">${text}</p>`);
}
