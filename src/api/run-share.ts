import { z } from 'zod';
import { readRunShare } from '../../db/read/run-share.ts';
import type { RunShareView } from '../../db/read/run-share.ts';
import { readLandingLanguage } from '../domain/landing/landing-language.ts';
import { LANDING_LANGUAGES } from '../domain/landing/page-words.ts';
import type { LandingLanguage } from '../domain/landing/page-words.ts';
import { figuresOf, sayPage } from '../domain/landing/say-page.ts';
import { shareTexts } from '../domain/share/share-texts.ts';
import { landingAddress, shareKitOf } from './landing-link.ts';
import { landingLoop } from './landing-loop.ts';
import { LANDING_WORDS } from './pages/landing-words.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';
import { runIdIn } from './runs-body.ts';

const count = z.int().min(0);

const shareOut = z.object({
  url: z.string().meta({ description: 'The landing page of the run\'s link' }),
  language: z.enum(LANDING_LANGUAGES),
  webShare: z.object({ title: z.string(), text: z.string(), url: z.string() }).meta({ description: 'For `navigator.share()`' }),
  sms: z.string().meta({ description: 'Opens a text message with the words in it' }),
  whatsapp: z.string(),
  facebook: z.string(),
  mailto: z.string(),
  copy: z.string().meta({ description: 'For the clipboard' }),
  qrSvg: z.string().meta({ description: 'A QR code of the link: an SVG document' }),
  answers: z.object({ accept: count, decline: count, stop: count, report: count }).meta({ description: 'What visitors answered on the landing pages of the run\'s links. `report`: said that something is wrong with the invitation; see the audit' }),
}).meta({ id: 'RunShare' });

const get = route({
  method: 'get',
  path: '/v1/runs/{id}/share',
  tag: 'Runs',
  summary: 'Read the ways to share a run\'s link',
  description: 'Everything it takes for the member to pass the link on: Web Share, text message, WhatsApp, Facebook, e-mail, clipboard, QR code, in the loop\'s words. The member sends it from the own phone: no address reaches you or us by that. 404 also for a run without a link, and where the link was revoked.',
  params: z.strictObject({ id: runIdIn }),
  query: z.strictObject({ lang: z.enum(LANDING_LANGUAGES).optional().meta({ description: 'Of the words; left out: the member\'s, else English' }) }),
  body: none,
  keyed: false,
  answers: { 200: shareOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, params, query }) {
    const view = await readRunShare(tx, tenantId, params.id);
    if (view === null) return problem('not_found');
    const lang = query.lang ?? readLandingLanguage(view.locale ?? '') ?? 'en';
    return { status: 200, body: shareBody(view, lang) };
  },
});

/** In the loop's words; of a loop without a landing page, in those of every link. */
function shareBody(view: RunShareView, lang: LandingLanguage): z.input<typeof shareOut> {
  const { tenantName, publicUrl, code, input, answers } = view;
  const url = landingAddress(publicUrl, code);
  const loop = landingLoop(view.loop, lang);
  const { subject, line } = loop === null ? shareTexts(lang, { tenantName, url })
    : sayPage(loop.words, { tenantName, inviterFirstName: null, figures: figuresOf(loop.page, input, lang).byName }).share;
  return { url, language: lang, ...shareKitOf({ url, text: line, subject }, LANDING_WORDS[lang].share.qr), answers };
}

export const runShareRoutes: readonly Route[] = [get];
