import { Router } from 'express';
import type { Request } from 'express';
import { readReportRecipient } from '../../db/read/report-recipients.ts';
import { readReportSender } from '../../db/read/reports.ts';
import { confirmRecipient, unsubscribeRecipient } from '../../db/write/reports/recipients.ts';
import { PUBLIC_RULES } from '../domain/limits/tiers.ts';
import { readReportToken, type ReportAct, type ReportLink } from '../domain/report/report-token.ts';
import { fillWords } from '../domain/report/words/fill-words.ts';
import { reportLanguage, reportWords, type ReportLanguage } from '../domain/report/words/report-language.ts';
import { byNetwork, limitPage } from './limits/limit-page.ts';
import type { Charge } from './limits/rate-limiter.ts';
import { html } from './pages/html.ts';
import { signature, type Writer } from './pages/opt-out-pages.ts';
import type { Page } from './pages/page.ts';
import { refuseMethod, servePage, unreadablePath, type PageAnswer } from './pages/serve-page.ts';
import type { Services } from './services.ts';

const ROUTE = '/reports/{token}';

/**
 * `/reports/{token}`: where the links of a report's mails lead. GET asks and changes nothing, for scanners open links; POST does it, the page's
 * button as well as a mail program's one click (RFC 8058), whose body is not read. The token is all it takes.
 */
export function reportsPageRouter(services: Services): Router {
  const router = Router();
  const limited = limitPage(services, ROUTE, (request) => chargesOf(services, request));
  router.route('/reports/:token')
    .get(limited, servePage(services, ROUTE, (request) => answer(services, request, false)))
    .post(limited, servePage(services, ROUTE, (request) => answer(services, request, true)))
    .all(refuseMethod(ROUTE, 'GET, HEAD, POST'));
  router.use(unreadablePath(ROUTE, UNKNOWN));
  return router;
}

/** As for any opt-out: one with a good token is never lost to what others of its network do. */
function chargesOf({ keyring }: Services, request: Request): Charge[] {
  const link = linkOf(keyring, request);
  if (link === null) return byNetwork(PUBLIC_RULES.pages, request);
  const recipient: Charge = { rule: PUBLIC_RULES.recipient, who: `report ${link.tenantId} ${link.id}`, cost: 1 };
  return request.method === 'POST' && link.act === 'unsubscribe' ? [recipient] : [...byNetwork(PUBLIC_RULES.pages, request), recipient];
}

async function answer({ keyring, db, clock }: Services, request: Request, does: boolean): Promise<PageAnswer> {
  const link = linkOf(keyring, request);
  const page = link === null ? null : await db.asTenant(link.tenantId, async (tx): Promise<Page | null> => {
    const recipient = await readReportRecipient(tx, keyring, link);
    if (recipient === null) return null;
    const { name: tenantName, fromName, postalAddress } = await readReportSender(tx, link.tenantId);
    const asked = { act: link.act, language: reportLanguage(recipient.locale), writer: { tenantName, fromName, postalAddress } };
    const done = link.act === 'confirm' ? recipient.confirmedAt !== null && recipient.unsubscribedAt === null : recipient.unsubscribedAt !== null;
    if (!does) return done ? donePage(asked) : askPage(asked);
    await (link.act === 'confirm' ? confirmRecipient : unsubscribeRecipient)(tx, { ...link, now: clock.now() });
    return donePage(asked);
  });
  return page === null ? { kind: 'page', status: 404, page: UNKNOWN } : { kind: 'page', status: 200, page };
}

function linkOf(keyring: Services['keyring'], request: Request): ReportLink | null {
  return readReportToken(keyring, String(request.params['token']));
}

type Asked = { readonly act: ReportAct; readonly language: ReportLanguage; readonly writer: Writer };

function askPage({ act, language, writer }: Asked): Page {
  const { ask, button, note } = reportWords(language).pages[act];
  return { lang: language, title: ask, body: html`<h1>${ask}</h1>
<p>${fillWords(note, { tenant: writer.tenantName })}</p>
<form method="post"><button>${button}</button></form>
${signature(writer)}` };
}

function donePage({ act, language, writer }: Asked): Page {
  const { done, note } = reportWords(language).pages[act];
  return { lang: language, title: done, body: html`<h1>${done}</h1>
<p>${fillWords(note, { tenant: writer.tenantName })}</p>
${signature(writer)}` };
}

const UNKNOWN: Page = { lang: 'en', title: 'This link leads nowhere', body: html`<h1>This link leads nowhere</h1>
<p>It is not complete, or whoever it was for is no longer on the list. Nothing was changed.</p>` };
