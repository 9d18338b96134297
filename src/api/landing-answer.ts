import { lockRunOfLink } from '../../db/read/landing.ts';
import type { LandingAsked } from '../../db/read/landing.ts';
import { preferenceView } from '../../db/read/preference-page.ts';
import type { Tx } from '../../db/client.ts';
import { keepLandingAnswer } from '../../db/write/landing-answer.ts';
import { admitGuest } from '../../db/write/play/admit-guest.ts';
import { tellHappenings } from '../../db/write/runs/tell-happenings.ts';
import { stopEverything } from '../../db/write/save-choices.ts';
import type { TouchId } from '../domain/ids.ts';
import type { ReportReason } from '../domain/landing/answers.ts';
import { LANDING_STATUS } from '../domain/landing/landing-state.ts';
import type { LandingState } from '../domain/landing/landing-state.ts';
import type { PageHappening } from '../domain/landing/life-page.ts';
import { guestHears } from './landing-loop.ts';
import { landingPath, leadsTo } from './landing-link.ts';
import { loadLanding } from './landing-view.ts';
import type { Landing, LandingReader } from './landing-view.ts';
import { afterLanding, closedLanding, declinedLanding, nowhereLanding } from './pages/landing-pages.ts';
import type { LandingPage } from './pages/landing-shell.ts';
import { LANDING_WORDING } from './pages/landing-words.ts';
import { guestCookies, playPath } from './play-cookie.ts';
import type { Services } from './services.ts';

/** `on`: another address; `destination` as `sendLanding` takes it. */
export type LandingAnswered =
  | { readonly kind: 'page'; readonly status: 200 | 403 | 404 | 410; readonly page: LandingPage; readonly destination?: string }
  | { readonly kind: 'on'; readonly location: string; readonly cookies: readonly string[] };

/** One answer on a page whose token was good. `query`: of the page's address. */
export type Answering = {
  readonly services: Services;
  readonly asked: LandingAsked & { readonly touchId: TouchId };
  readonly reader: LandingReader;
  readonly query: string;
  readonly now: number;
};
type Standing = Answering & { readonly tx: Tx; readonly landing: Landing };

/** Of one visit: a second click may come before the first one's answer, and then the first one's place is lost; no more than that. */
const MOST_GUESTS_A_VISIT = 2;

/** Accepting: in with the deck's players, or on to the destination. The run is locked first, so that of two who come for the last place one has it. */
export async function acceptLanding(tx: Tx, answering: Answering): Promise<LandingAnswered> {
  const { services: { keyring }, asked, reader, query, now } = answering;
  await lockRunOfLink(tx, asked);
  const landing = await loadLanding(tx, keyring, asked, reader);
  if (landing === null) return nowhere(reader);
  const { view, state } = landing;
  if (state !== 'open') return closed(landing, asked, query);
  const standing = { ...answering, tx, landing };
  if (view.deckPlaces === null) {
    const location = leadsTo(view, asked.touchId, query);
    if (location === null) return closed(landing, asked, query, 'revoked');
    await tell(standing, 'accept', ['invitee_opened', 'invitee_accepted']);
    return { kind: 'on', location, cookies: [] };
  }
  if (view.guestId !== null) return { kind: 'on', location: playPath(asked.code), cookies: [] };
  if (view.visitGuests >= MOST_GUESTS_A_VISIT) return closed(landing, asked, query, 'used');
  const admitted = await admitGuest(tx, { tenantId: asked.tenantId, runId: view.runId, linkCode: asked.code, touchId: asked.touchId, hears: guestHears(view.loop), now });
  if (admitted.outcome !== 'admitted') return closed(landing, asked, query, admitted.outcome === 'full' ? 'full' : 'expired');
  await tell(standing, 'accept', ['invitee_opened', 'invitee_accepted']);
  return { kind: 'on', location: playPath(asked.code), cookies: guestCookies(asked.code, admitted.token, view.publicUrl.startsWith('https:')) };
}

export async function declineLanding(tx: Tx, answering: Answering): Promise<LandingAnswered> {
  const { services: { keyring }, asked, reader } = answering;
  const landing = await loadLanding(tx, keyring, asked, reader);
  if (landing?.said === undefined || landing.said === null) return nowhere(reader);
  await tell({ ...answering, tx, landing }, 'decline', ['invitee_declined']);
  return { kind: 'page', status: 200, page: declinedLanding(landing.frame, landing.said.declined, landingPath(asked.code)) };
}

/**
 * "Nothing more like this". Whom we wrote to, known by the invite's link, is written to no more: as on the preference page, and logged. Of
 * whoever has the link from a person we know nothing, keep nothing, and say so. The run hears of it as a decline.
 */
export async function stopLanding(tx: Tx, answering: Answering): Promise<LandingAnswered> {
  const { services: { keyring, watch }, asked: { tenantId }, asked, reader, now } = answering;
  const landing = await loadLanding(tx, keyring, asked, reader);
  if (landing === null) return nowhere(reader);
  const { invite } = landing.view;
  const known = invite === null ? null : await preferenceView(tx, { tenantId, ...invite });
  if (invite !== null && known !== null) {
    await stopEverything(tx, known, { tenantId, ...invite, wordingVersion: LANDING_WORDING, locale: reader.lang, now });
    watch?.growth.optedOut('page');
  }
  await tell({ ...answering, tx, landing }, 'stop', ['invitee_declined']);
  return { kind: 'page', status: 200, page: afterLanding(landing.frame, known === null ? 'unknown' : 'stopped') };
}

export async function reportLanding(tx: Tx, { services: { keyring }, asked, reader, now }: Answering, reason: ReportReason): Promise<LandingAnswered> {
  const landing = await loadLanding(tx, keyring, asked, reader);
  if (landing === null) return nowhere(reader);
  await keepLandingAnswer(tx, { ...asked, runId: landing.view.runId, answer: 'report', reason, now });
  return { kind: 'page', status: 200, page: afterLanding(landing.frame, 'reported') };
}

/** The page of a link that cannot be accepted; of one that was, with the way on for who did so. */
export function closed({ view, state, frame }: Landing, { code, touchId }: Pick<LandingAsked, 'code' | 'touchId'>, query: string, as: LandingState = state): LandingAnswered {
  if (as === 'open' || as === 'own') return { kind: 'on', location: landingPath(code), cookies: [] };
  const goesOn = as === 'used' && view.deckPlaces === null && touchId !== null ? leadsTo(view, touchId, query) : null;
  return { kind: 'page', status: LANDING_STATUS[as], page: closedLanding(frame, as, goesOn) };
}

export function nowhere({ lang }: Pick<LandingReader, 'lang'>): LandingAnswered {
  return { kind: 'page', status: 404, page: nowhereLanding(lang) };
}

/** Keeps the answer, and tells the run as what its member hears of: once a visit, and once of whom an invite was meant for, however often they come. */
async function tell({ tx, landing: { view }, asked, now }: Standing, answer: 'accept' | 'decline' | 'stop', types: readonly PageHappening[]): Promise<void> {
  const { tenantId, touchId } = asked;
  const { runId, memberId, invite, hasNamedMember, input: { invited } } = view;
  const isNew = await keepLandingAnswer(tx, { ...asked, runId, answer, reason: null, now });
  if (!isNew || memberId === null) return;
  // Of a link that is passed on nobody declines for those who were asked by name.
  if (answer !== 'accept' && invite === null && (hasNamedMember || (typeof invited === 'number' && invited > 0))) return;
  await tellHappenings(tx, { tenantId, now, happenings: types.map((type) => ({ personId: memberId, runId, type, id: `${invite === null ? touchId : asked.code}:${type}`, at: now, data: {} })) });
}
