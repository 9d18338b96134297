import { escaped } from '../support/safe-pages.ts';
import type { Challenge, News, Offer } from './flywheel.ts';
import { QUESTIONS } from './questions.ts';

const STYLE = `body{font:17px/1.5 system-ui,sans-serif;max-width:30rem;margin:2.5rem auto;padding:0 1rem;color-scheme:light dark;overflow-wrap:anywhere}
form{margin:1rem 0}label{display:block;margin:.5rem 0 .2rem}input:not([type=radio]){font:inherit;width:100%;padding:.5rem;box-sizing:border-box}
fieldset{margin:0 0 1rem;border:1px solid #8888;border-radius:.5rem}button{font:inherit;padding:.6rem 1.2rem;margin:.8rem .5rem 0 0;cursor:pointer}
aside{border:2px solid #2a7;border-radius:.7rem;padding:0 1rem;margin:1.5rem 0}.soft{opacity:.75;font-size:.9rem}`;

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${STYLE}</style></head><body><h1>${title}</h1>${body}</body></html>`;
}

/** Where links lead. The address brought `clickId` and, of who has played, `guestToken`: the form hands both on. */
export function signUpPage({ clickId, guestToken }: { clickId: string; guestToken: string }): string {
  return page('Welcome to Lumen', `<p>${guestToken === '' ? 'Four questions a day, with friends.' : 'Your result comes along.'}</p>
<form method="post" action="/sign-up">
<input type="hidden" name="clickId" value="${escaped(clickId)}"><input type="hidden" name="guestToken" value="${escaped(guestToken)}">
<label for="name">Your name</label><input id="name" name="name" required maxlength="60">
<label for="email">Your e-mail</label><input id="email" name="email" type="email" required maxlength="200">
<button>Sign up</button></form>`);
}

export type Home = { readonly name: string; readonly days: number; readonly shields: number; readonly feed: readonly News[]; readonly told: readonly string[] };

export function homePage({ name, days, shields, feed, told }: Home): string {
  return page(`Hello, ${escaped(name)}`, `<p>Days in a row: ${String(days)}. Shields: ${String(shields)}.</p>
<p><a href="/practice">Practise</a></p>
<form method="post" action="/rewards"><button>See your rewards</button></form>
<h2>News</h2>${list(feed.map(({ title, body }) => `<b>${escaped(title)}</b> ${escaped(body)}`), 'Nothing new.')}
<h2>Told to this app by webhook</h2>${list(told.map(escaped), 'Nothing yet.')}`);
}

function list(items: readonly string[], none: string): string {
  return items.length === 0 ? `<p class="soft">${none}</p>` : `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
}

export function practicePage(): string {
  return page('Four quick questions', `<form method="post" action="/practice">${QUESTIONS.map(({ text, choices }, n) => `
<fieldset><legend>${escaped(text)}</legend>${choices.map((choice, place) => `<label><input type="radio" name="q${String(n)}" value="${String(place)}" required> ${escaped(choice)}</label>`).join('')}</fieldset>`).join('')}
<button>Done</button></form>`);
}

export type Result = { readonly id: string; readonly right: number; /** The offer as it stands, or why there is none. */ readonly offer: Offer | string; readonly challenge: Challenge | null };
export type Ways = { readonly sms: string; readonly whatsapp: string; readonly mailto: string };

export function resultPage({ id, right, offer, challenge }: Result, ways: Ways | null): string {
  return page(`${String(right)} of ${String(QUESTIONS.length)} right`, `${challenge === null || ways === null ? offerPart(id, offer) : challengePart(challenge, ways)}
<p><a href="/">Home</a></p>`);
}

function offerPart(id: string, offer: Offer | string): string {
  if (typeof offer === 'string') return `<p class="soft">No offer this time. ${escaped(offer)}</p>`;
  return `<aside><h2>${escaped(offer.title)}</h2><p>${escaped(offer.body)}</p>
<form method="post" action="/results/${id}">
<label for="friend">A friend's e-mail, or nothing for a link of your own</label><input id="friend" name="friend" type="email" maxlength="200">
<button name="do" value="accepted">${escaped(offer.accept)}</button><button name="do" value="dismissed">${escaped(offer.dismiss)}</button></form></aside>`;
}

function challengePart({ link, waitingUrl, mail }: Challenge, { sms, whatsapp, mailto }: Ways): string {
  return `<p>Your challenge is open. <a href="${escaped(waitingUrl)}">See who plays</a></p>
<p>Your link: <a href="${escaped(link)}">${escaped(link)}</a></p>
<p>Send it by <a href="${escaped(sms)}">text message</a>, <a href="${escaped(whatsapp)}">WhatsApp</a> or <a href="${escaped(mailto)}">mail</a>.</p>
${mail === null ? '' : `<p class="soft">The mail to your friend: ${escaped(mail)}</p>`}`;
}

export function failurePage(): string {
  return page('That did not work', '<p>Please try again in a moment.</p>');
}
