import { html } from './html.ts';
import type { Html } from './html.ts';
import type { Page } from './page.ts';

/** Who wrote: the tenant's name, the name in its mails' From, its postal address (CAN-SPAM, 16 CFR 316.5). */
export type Writer = { tenantName: string; fromName: string; postalAddress: string };

/** Asks, and changes nothing: mail scanners open every link. The form posts to the page's own address. */
export function askPage(writer: Writer): Page {
  const name = writer.tenantName;
  return {
    lang: 'en',
    title: `Stop e-mails from ${name}`,
    body: html`<h1>Stop e-mails from ${name}?</h1>
<p>${name} sent an invitation to your e-mail address. Press the button and nothing more is sent there: no invitations, whoever asks ${name} to send them, and no reminders.</p>
<form method="post"><button>Stop these e-mails</button></form>
<p class="soft">Nothing changes until you press the button. You need no account for it.</p>
${signature(writer)}`,
  };
}

/** After the button, after a second one, and for whoever had stopped it before: the same words. */
export function stoppedPage(writer: Writer): Page {
  const name = writer.tenantName;
  return {
    lang: 'en',
    title: `E-mails from ${name} are stopped`,
    body: html`<h1>Done. You get no more e-mails from ${name}</h1>
<p>This holds from now on and does not expire. Invitations and reminders that were waiting for you are not sent; one that left a moment ago may still arrive.</p>
<p class="soft">You can close this page.</p>
${signature(writer)}`,
  };
}

function signature(writer: Writer): Html {
  const sender = writer.fromName === writer.tenantName ? writer.tenantName : `${writer.fromName} (${writer.tenantName})`;
  return html`<footer>${sender}
${writer.postalAddress}</footer>`;
}
