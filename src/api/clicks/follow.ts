import type { IncomingMessage } from 'node:http';
import { findLinks } from '../../../db/read/link-target.ts';
import type { FoundLink } from '../../../db/read/link-target.ts';
import { recordTouches } from '../../../db/write/record-touch.ts';
import type { NewTouch, RecordedTouch } from '../../../db/write/record-touch.ts';
import type { WhyNotCounted } from '../../../db/schema/links.ts';
import { newId } from '../../config/new-id.ts';
import type { TenantId, TouchId } from '../../domain/ids.ts';
import { classifyVisit } from '../../domain/link/classify-visit.ts';
import type { Visit } from '../../domain/link/classify-visit.ts';
import { isAuthentic, readCode } from '../../domain/link/code.ts';
import { mayBeOfOne } from '../failure.ts';
import type { Services } from '../services.ts';
import { networkHashOf, visitorCookie, visitorOf } from '../visitor.ts';
import { groupCalls } from '../group-calls.ts';
import { leadsOn, rememberLinks } from './links.ts';
import { remember } from './remember.ts';

/** One opening of a short link as it was asked for. `typed`: what stands in the path; `query`: without its question mark. */
export type Click = { readonly request: IncomingMessage; readonly typed: string; readonly query: string; readonly host: string; readonly address: string };
/** What was opened: a short link, or the landing page that the short link of a run leads to. */
export type Opened = 'link' | 'page';
/**
 * `on`: `cookie` is a whole Set-Cookie value. `landing`: the page of this code comes next, and that is where the visit counts. `visit`: a
 * visit of the page, committed. `closed`: the link of a run that was revoked, or may no longer lead there.
 */
export type Followed =
  | { kind: 'nowhere' }
  | { kind: 'on'; location: string; cookie: string | null }
  | { kind: 'landing'; code: string }
  | { kind: 'visit'; code: string; tenantId: TenantId; touchId: TouchId; whyNot: WhyNotCounted | null }
  | { kind: 'closed'; code: string; tenantId: TenantId };
export type Follow = (click: Click, opened: Opened) => Promise<Followed>;

const NOWHERE: Followed = { kind: 'nowhere' };
const LARGEST_GROUP = 100;
/** While one group waits for the disk others are written: the server flushes them together. */
const LOOKS_AT_ONCE = 2;
const COMMITS_AT_ONCE = 2;
export const CLICK_CONNECTIONS = LOOKS_AT_ONCE + COMMITS_AT_ONCE;
const MOST_CHANGES = 3;
const LONGEST_AGENT = 1_000;
const MOST_AGENTS = 1_000;
const PURPOSES = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const;

/**
 * Follows a click: answers when its touch is committed. Clicks that arrive together are committed by one statement, whosesoever
 * they are. What a link is, is remembered and comes with the touch as a mark, which that statement compares: where it does not
 * hold any more nothing is written, and what the link is now decides. So most clicks of a link that many follow are one
 * statement, and none goes by what was. A forged, unknown or revoked code, one of another host, and one whose destination
 * left the tenant's list lead nowhere, and nothing is written. The short link of a run leads to its landing page, where the visit counts
 * instead. Throws where the database does not do it in time.
 */
export function openFollower({ db, clicks = db, keyring, clock, log, watch }: Services, patienceMs: number): Follow {
  const group = { most: LARGEST_GROUP, patienceMs, mayBeOf: mayBeOfOne };
  const lookUp = groupCalls<string, FoundLink | null>({
    ...group, atOnce: LOOKS_AT_ONCE,
    run: async (codes) => {
      const found = await findLinks(clicks.sql, codes);
      return codes.map((code) => found.get(code) ?? null);
    },
  });
  const record = groupCalls<NewTouch, RecordedTouch>({ ...group, atOnce: COMMITS_AT_ONCE, run: (touches) => recordTouches(clicks.sql, touches) });
  const links = rememberLinks();
  const visitOf = openVisitReader();
  return async (click, opened) => {
    const code = readCode(click.typed);
    if (code === null) return NOWHERE;
    let link = links.recall(code);
    // What is remembered was signed.
    if (link === null && isAuthentic(keyring, code)) link = links.note(code, await lookUp(code));
    for (let tries = 0; link !== null; tries += 1) {
      const { target, mark } = link;
      if (opened === 'link' && target.runId !== null && target.isServedOn(click.host)) return { kind: 'landing', code };
      if (opened === 'page' && target.runId === null) return NOWHERE;
      if (!leadsOn(target, click.host)) {
        if (link.isFresh) {
          if (!target.isRevoked && target.landing === null) log.warn({ tenantId: target.tenantId }, 'a link leads to a destination that the tenant no longer allows');
          return opened === 'page' && target.isServedOn(click.host) ? { kind: 'closed', code, tenantId: target.tenantId } : NOWHERE;
        }
        link = links.note(code, await lookUp(code));
        continue;
      }
      const { tenantId } = target;
      const now = clock.now();
      const id = newId('tch', now);
      const visitor = visitorOf(click.request, keyring);
      const ipHash = networkHashOf(click.address, keyring, tenantId);
      const touch = await record({ tenantId, id, code, mark, ...visitOf(click.request), visitor, ipHash, now });
      if (touch.kind === 'recorded') {
        watch?.growth.touched('click', touch.whyNot);
        if (opened === 'page') return { kind: 'visit', code, tenantId, touchId: id, whyNot: touch.whyNot };
        return { kind: 'on', location: target.landing(id, click.query), cookie: touch.whyNot === null ? visitorCookie(visitor.id, target.isSecure) : null };
      }
      if (tries === MOST_CHANGES) throw new Error('a link changes faster than it can be followed');
      link = links.note(code, touch.link);
    }
    return NOWHERE;
  };
}

/** Most come with the name of one of a few browsers, and with no other sign. */
function openVisitReader(): (request: IncomingMessage) => Visit {
  const byAgent = remember(MOST_AGENTS, (userAgent) => classifyVisit({ method: 'GET', userAgent, purposes: [] }));
  return ({ method = 'GET', headers }) => {
    const userAgent = (headers['user-agent'] ?? '').slice(0, LONGEST_AGENT);
    const purposes = PURPOSES.flatMap((name) => headers[name] ?? []);
    return method === 'GET' && purposes.length === 0 ? byAgent(userAgent) : classifyVisit({ method, userAgent, purposes });
  };
}
