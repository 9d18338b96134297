import { escaped } from '../support/safe-pages.ts';

const STYLE = `body{font:17px/1.5 system-ui,sans-serif;max-width:30rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}
form{margin:1rem 0}label{display:block;margin:.8rem 0 .2rem}input{font:inherit;width:100%;padding:.5rem;box-sizing:border-box}
button{font:inherit;padding:.6rem 1.2rem;margin-top:1rem;cursor:pointer}.soft{opacity:.7;font-size:.9rem}`;

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${STYLE}</style></head><body><h1>${title}</h1>${body}</body></html>`;
}

/** Where links lead. The address brought `clickId`; the form hands it on, so that the sign-up names the visit. */
export function landingPage(clickId: string): string {
  return page('Welcome to Lumen', `<p>Learn with friends, ten minutes a day.</p>
<form method="post" action="/sign-up">
<input type="hidden" name="clickId" value="${escaped(clickId)}">
<label for="name">Your name</label><input id="name" name="name" required maxlength="60">
<label for="email">Your e-mail</label><input id="email" name="email" type="email" required maxlength="200">
<label for="code">A friend's code, if you have one</label><input id="code" name="code" maxlength="40" autocomplete="off">
<button>Sign up</button></form>
<p class="soft">A small example app: it stands in for yours.</p>`);
}

export function homePage(user: { name: string; solved: boolean; paid: boolean }): string {
  return page(`Hello, ${escaped(user.name)}`, `
${user.solved ? '<p>You have solved your first exercise.</p>' : '<form method="post" action="/first-exercise"><button>Solve the first exercise</button></form>'}
${user.paid ? '<p>You have Lumen for a year.</p>' : '<form method="post" action="/buy"><button>Buy a year for 49.00 EUR</button></form>'}
<form method="post" action="/invite-friends"><button>Invite friends, see your rewards</button></form>`);
}

export function failurePage(): string {
  return page('That did not work', '<p>Please try again in a moment.</p>');
}
