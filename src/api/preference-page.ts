import { Router } from 'express';
import type { Request, Response } from 'express';
import { preferenceView } from '../../db/read/preference-page.ts';
import type { PreferenceView } from '../../db/read/preference-page.ts';
import { keepHours } from '../../db/write/keep-hours.ts';
import { allowAgain, saveChoices, stopEverything } from '../../db/write/save-choices.ts';
import { inviteId } from '../domain/ids.ts';
import { PUBLIC_RULES } from '../domain/limits/tiers.ts';
import { readPreferenceToken } from '../domain/link/preference-token.ts';
import type { PreferenceLink } from '../domain/link/preference-token.ts';
import { pageLanguage } from '../domain/preference/page-language.ts';
import { byNetwork, limitPage } from './limits/limit-page.ts';
import type { Charge } from './limits/rate-limiter.ts';
import { unknownPreferencePage } from './pages/preference-pages.ts';
import type { Said } from './pages/preference-pages.ts';
import { PREFERENCE_WORDING } from './pages/preference-words.ts';
import { refuseMethod, servePage, unreadablePath } from './pages/serve-page.ts';
import type { PageAnswer } from './pages/serve-page.ts';
import { readPreferenceForm } from './preference-body.ts';
import type { PreferenceForm, SavedForm } from './preference-body.ts';
import { quietShown, showPreferences } from './preference-view.ts';
import type { Services } from './services.ts';

const ROUTE = '/p/{token}';

/**
 * `/p/{token}`, where a recipient sees what is sent, and chooses: topics by channel, quiet hours and zone, language, or
 * nothing any more. GET changes nothing, for scanners open links. POST takes the page's own forms, without JavaScript; the
 * token is all it takes. Every choice is logged with the words that were read.
 */
export function preferencePageRouter(services: Services): Router {
  const router = Router();
  const limited = limitPage(services, ROUTE, (request) => chargesOf(services, request));
  router.route('/p/:token')
    .get(limited, servePage(services, ROUTE, (request) => show(services, request)))
    .post(limited, (request: Request, response: Response, next) => {
      void readPreferenceForm(request, response).then(
        (form) => servePage(services, ROUTE, () => change(services, request, form))(request, response, next), next);
    })
    .all(refuseMethod(ROUTE, 'GET, HEAD, POST'));
  router.use(unreadablePath(ROUTE, unknownPreferencePage('en')));
  return router;
}

function linkOf({ keyring }: Services, request: Request): PreferenceLink | null {
  return readPreferenceToken(keyring, String(request.params['token']));
}

/** Whoever it is about is counted, and the network where it was opened from. */
function chargesOf(services: Services, request: Request): Charge[] {
  const link = linkOf(services, request);
  return [
    ...byNetwork(PUBLIC_RULES.pages, request),
    ...(link === null ? [] : [{ rule: PUBLIC_RULES.recipient, who: `recipient ${link.tenantId} ${inviteId(link)}`, cost: 1 }]),
  ];
}

async function show(services: Services, request: Request): Promise<PageAnswer> {
  const link = linkOf(services, request);
  const view = link === null ? null : await services.db.asTenant(link.tenantId, (tx) => preferenceView(tx, link));
  return link === null || view === null ? notFound(request) : answerWith(services, request, { link, view, said: { kind: 'nothing' } });
}

async function change(services: Services, request: Request, form: PreferenceForm): Promise<PageAnswer> {
  const link = linkOf(services, request);
  if (link === null) return notFound(request);
  const wrong: Said | null = form.do === 'nothing' ? { kind: 'wrong', problems: ['wrongForm'] }
    : form.do === 'save' && form.problems.length > 0 ? { kind: 'wrong', problems: form.problems } : null;
  const view = await services.db.asTenant(link.tenantId, async (tx) => {
    const before = await preferenceView(tx, link);
    if (before === null || wrong !== null || form.do === 'nothing') return before;
    const by = { ...link, wordingVersion: PREFERENCE_WORDING, locale: pageLanguage(before.locale, request.headers['accept-language']), now: services.clock.now() };
    switch (form.do) {
      case 'stop':
        await stopEverything(tx, before, by);
        break;
      case 'again':
        await allowAgain(tx, before, by);
        break;
      case 'save':
        await saveChoices(tx, before, form, by);
        await keepHours(tx, { ...link, contactId: before.contactId, ...hoursToKeep(before, form), now: by.now });
        break;
    }
    return preferenceView(tx, link);
  });
  if (view === null) return notFound(request);
  if (wrong === null) services.afterCommit?.(link.tenantId);
  if (form.do === 'stop') services.watch?.growth.optedOut('page');
  return answerWith(services, request, { link, view, said: wrong ?? { kind: form.do === 'again' ? 'allowed' : 'saved' }, ...(form.do === 'save' && wrong !== null ? { form } : {}) });
}

/** What is not touched stays as it is, also where the fields cannot show all of it. */
function hoursToKeep(before: PreferenceView, { quiet, typed: { zone, locale } }: SavedForm): { quietHours: PreferenceView['quietHours']; zone?: string; locale: string | null } {
  const untouched = JSON.stringify(quietShown(before.quietHours)) === JSON.stringify(quiet);
  return {
    quietHours: untouched ? before.quietHours : quiet.length === 0 ? null : quiet,
    ...(zone === '' || zone === before.zone ? {} : { zone }),
    locale: locale === '' ? null : locale,
  };
}

function answerWith({ keyring }: Services, request: Request, { link, view, said, form }: { link: PreferenceLink; view: PreferenceView; said: Said; form?: SavedForm }): PageAnswer {
  const inviterNames = view.invitersSealed.map((sealed) => keyring.open(link.tenantId, sealed));
  const page = showPreferences({ view, inviterNames, said, form, lang: pageLanguage(view.locale, request.headers['accept-language']) });
  return { kind: 'page', status: said.kind === 'wrong' ? 422 : 200, page };
}

function notFound(request: Request): PageAnswer {
  return { kind: 'page', status: 404, page: unknownPreferencePage(pageLanguage(null, request.headers['accept-language'])) };
}
