import { measureSms } from '../../domain/message/sms-segments.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { FAULTY_ENDINGS } from './sms-fault.ts';
import type { SmsFault } from './sms-fault.ts';
import type { StoredSms } from './sms-store.ts';

const STYLE = `
:root { color-scheme: light; --ink: #1c2230; --soft: #5b6478; --line: #e2e6ee; --paper: #fff; --ground: #f5f7fa; --accent: #1f5fbf; --edge: #7b8597; --bad: #a3261d; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.25rem; margin: .5rem 0 1rem; overflow-wrap: anywhere; }
a { color: var(--accent); }
.soft { color: var(--soft); font-size: .875rem; }
.bad { color: var(--bad); }
.card, ul.phones { background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; }
.card { padding: .75rem 1rem; overflow-wrap: anywhere; }
ul.phones, ol.thread { list-style: none; margin: 0; padding: 0; }
ul.phones li + li { border-top: 1px solid var(--line); }
ul.phones a { display: block; padding: .75rem 1rem; color: inherit; text-decoration: none; }
ul.phones a:hover, ul.phones a:focus { background: var(--ground); }
ul.phones strong { display: block; }
ul.phones .last { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
ol.thread li { display: flex; flex-direction: column; align-items: flex-start; margin-bottom: .75rem; }
ol.thread p { margin: 0; max-width: 85%; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .25rem .9rem .9rem .9rem; background: var(--paper); white-space: pre-wrap; overflow-wrap: anywhere; }
ol.thread .own { align-items: flex-end; }
ol.thread .own p { border-radius: .9rem .25rem .9rem .9rem; border-color: var(--accent); background: var(--accent); color: #fff; }
form { display: flex; gap: .5rem; margin: 1rem 0; }
input { flex: 1; min-width: 0; font: inherit; padding: .5rem .75rem; border: 1px solid var(--edge); border-radius: .5rem; }
button { font: inherit; padding: .5rem 1rem; border: 0; border-radius: .5rem; background: var(--accent); color: #fff; }
dl { margin: .5rem 0 0; display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dt { font-family: ui-monospace, monospace; } dd { margin: 0; }
`;

const NOTHING: Html = { html: '' };
const RELOAD: Html = { html: '<meta http-equiv="refresh" content="5">' };

function page(title: string, head: Html, body: Html): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>${head}<style>${{ html: STYLE }}</style></head><body><main>${body}</main></body></html>`.html;
}

/** ISO 8601 in UTC, to the second. */
function when(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}

/** The phone at the other end. */
export function phoneOf(sms: StoredSms): string {
  return sms.direction === 'inbound' ? sms.from : sms.to;
}

export type PhonesView = { readonly phones: readonly { readonly phone: string; readonly count: number; readonly last: StoredSms; readonly blocked: boolean }[]; readonly total: number; readonly asked: string };

/** The phones that were written to, the latest first. Reloads itself while nothing is searched for. */
export function phonesPage({ phones, total, asked }: PhonesView): string {
  const rows = phones.map(
    ({ phone, count, last, blocked }) => html`<li><a href="/phones/${encodeURIComponent(phone)}"><strong>${phone}${blocked ? html` <span class="soft bad">stopped</span>` : NOTHING}</strong>
<span class="last">${last.direction === 'inbound' ? 'They: ' : ''}${last.body}</span><span class="soft">${count} ${count === 1 ? 'message' : 'messages'} · ${when(last.createdAt)}</span></a></li>`,
  );
  return page(
    `SMS (${total})`,
    asked === '' ? RELOAD : NOTHING,
    html`<h1>SMS <span class="soft">${total} ${total === 1 ? 'message' : 'messages'}, nothing leaves this machine</span></h1>
<form method="get" action="/"><input type="search" name="phone" value="${asked}" placeholder="Number, or a part of it" aria-label="Number, or a part of it"><button>Find</button></form>
${rows.length === 0 ? html`<p class="card">No SMS ${asked === '' ? 'yet' : `to ${asked}`}.</p>` : html`<ul class="phones">${rows}</ul>`}
<details class="card" style="margin-top: 1rem"><summary>Numbers that fail</summary><dl>${FAULTY_ENDINGS.map(([ending, fault]) => html`<dt>…${ending}</dt><dd>${sayFault(fault)}</dd>`)}</dl></details>`,
  );
}

export type ThreadView = { readonly phone: string; readonly messages: readonly StoredSms[]; readonly blocked: boolean; readonly note: string };

/** All messages with one phone, oldest first, and a line to answer with. */
export function threadPage({ phone, messages, blocked, note }: ThreadView): string {
  return page(
    phone,
    NOTHING,
    html`<p><a href="/">All phones</a></p><h1>${phone}${blocked ? html` <span class="soft bad">has told the vendor to stop</span>` : NOTHING}</h1>
${messages.length === 0 ? html`<p class="card">Nothing here yet.</p>` : html`<ol class="thread">${messages.map(bubble)}</ol>`}
${note === '' ? NOTHING : html`<p class="card">${note}</p>`}
<form method="post" action="/phones/${encodeURIComponent(phone)}/reply"><input name="body" maxlength="1600" required autocomplete="off" placeholder="Answer as ${phone}" aria-label="Answer as ${phone}"><button>Send</button></form>`,
  );
}

function bubble(sms: StoredSms): Html {
  const { segments, encoding } = measureSms(sms.body);
  const size = `${segments} ${segments === 1 ? 'segment' : 'segments'} ${encoding}`;
  const state = sms.errorCode === null ? sms.status : `${sms.status}, error ${sms.errorCode}`;
  const told = sms.direction === 'inbound' ? when(sms.createdAt) : `${when(sms.createdAt)} · ${state} · ${size}${sms.direction === 'outbound-reply' ? ' · automatic reply' : ''}`;
  const links = sms.direction === 'inbound' ? html`${sms.body}` : withLinks(sms.body);
  return html`<li class="${sms.direction === 'inbound' ? 'own' : ''}"><p>${links}</p><span class="soft ${sms.errorCode === null ? '' : 'bad'}">${told}</span></li>`;
}

/** A phone makes links of what looks like one. */
function withLinks(text: string): Html {
  const parts = text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,!?)])/);
  return { html: parts.map((part, index) => (index % 2 === 0 ? html`${part}` : html`<a href="${part}" target="_blank" rel="noopener noreferrer">${part}</a>`).html).join('') };
}

function sayFault(fault: SmsFault): string {
  switch (fault.kind) {
    case 'refused':
      return `is refused with error ${fault.code}`;
    case 'undelivered':
      return `is taken, and then undelivered with error ${fault.code}`;
    case 'busy':
      return `429, Retry-After ${fault.retryAfterSeconds ?? 'missing'}`;
    case 'fails_before':
      return '500, and the message is not taken';
    case 'fails_after':
      return '500, though the message was taken';
    case 'silent_after':
      return 'the message is taken, and no answer comes';
    case 'hangs_up_before':
    case 'hangs_up_after':
      return 'the connection ends without an answer';
    case 'garbled':
      return 'the answer cannot be read';
  }
}

export function notePage(text: string): string {
  return page(text, NOTHING, html`<p><a href="/">All phones</a></p><p class="card">${text}</p>`);
}
