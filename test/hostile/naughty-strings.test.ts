import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Route } from '../../src/api/route.ts';
import { parsePhone } from '../../src/domain/contact/phone-number.ts';
import { openTestApi, listIn, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { everyRoute, pathOf } from '../support/every-route.ts';
import { makeProgram } from '../support/invites-api.ts';
import { textFieldsOf, valueAt } from './support/text-fields.ts';
import type { TextField } from './support/text-fields.ts';

/*
 * The Big List of Naughty Strings (fixtures/README.md) in every place of every body where a text may stand, the places
 * read from the routes' own schemas. One request carries a different string in each place; places that refuse theirs are
 * left out and the rest is sent again, so that no refusal hides what the others would have done. Each place gets every
 * fifth string, and another fifth than its neighbours; `EVERY_STRING=1` gives each place all of them, in some minutes.
 */
const STEP = process.env['EVERY_STRING'] === '1' ? 1 : 5;
const STRINGS = z.array(z.string()).parse(JSON.parse(readFileSync(join(__dirname, 'fixtures/blns.json'), 'utf8')));
/** Places of one body that exclude each other. */
const APART: Readonly<Record<string, readonly RegExp[]>> = {
  'POST /v1/programs/{id}/preview': [/^\/(?!member\/)/, /^\/(?!invitee\/)/],
  'POST /v1/programs/{id}/preview-links': [/^\/(?!member\/)/, /^\/(?!invitee\/)/],
};
/** What is stored otherwise than it was sent, and how: everything else comes back as it went. */
const CLEANED: Readonly<Record<string, (sent: string) => string>> = { '/locale': (tag) => Intl.getCanonicalLocales(tag)[0] ?? '', '/contact/phone': e164 };
function e164(typed: string): string {
  const phone = parsePhone(typed);
  return phone.outcome === 'valid' ? phone.e164 : typed;
}
/** Schemas of several routes: their places are walked where they are stored (`POST /v1/programs`), or tried alone (send times). */
const SHARED = /\/(?:sendRules|peakTimes)\//;
/** Of these every text is an id, an address or a zone, and no naughty string is one. */
const NEVER_TAKEN = new Set(['POST /v1/explain-links', 'POST /v1/suppressions', 'PATCH /v1/tenant', 'POST /v1/preferences/lookup', 'POST /v1/consents/lookup', 'PUT /v1/payout-rail', 'POST /v1/payout-batches', 'POST /v1/payout-batches/preview',
  'POST /v1/reports', 'POST /v1/report-recipients', 'PUT /v1/billing/stripe', 'POST /v1/personal-links', 'POST /v1/streaks/preview',
  // What these paths name is not there.
  'POST /v1/payouts/{id}/mark', 'POST /v1/payout-batches/{id}/exclude', 'POST /v1/rewards/{id}/void', 'POST /v1/rewards/{id}/hold', 'POST /v1/referrals/{id}/void',
  'POST /v1/referrals/{id}/correct', 'POST /v1/referrals/{id}/review', 'POST /v1/runs/{id}/pause', 'POST /v1/runs/{id}/resume', 'POST /v1/runs/{id}/shorten', 'POST /v1/runs/{id}/cancel', 'POST /v1/runs/{id}/resend',
  'POST /v1/webhook-endpoints/{id}/resend', 'PATCH /v1/webhook-endpoints/{id}']);
const TERMS = /^\/terms\//;

let api: TestApi;
let tenant: TestTenant;
let programId: string;
/** What is right, for what must be there. */
let right: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
  programId = await makeProgram(api, tenant);
  await api.send(tenant, 'PUT', '/v1/members/ana', { name: 'Ana' });
  await api.send(tenant, 'PUT', '/v1/members/ben', {});
  const live = textIn((await api.send(tenant, 'POST', '/v1/programs', { loop: 'study-buddy-nudge', title: 'T' })).body, 'id');
  right = {
    'POST /v1/programs': { loop: 'invite', title: 'T' },
    'POST /v1/invites': { programId, invitees: [{ email: 'ana@x.example', zone: 'Europe/Paris', consent: { basis: 'opt_in' } }] },
    'POST /v1/runs': { programId: live, externalId: 'ana', input: { examAt: '2026-06-14T08:00:00Z', buddy: 'ben' } },
    'POST /v1/links': { destination: 'https://app.kite.example/' },
    'POST /v1/events': { events: [{ eventId: 'e', type: 'opened' }] },
    'POST /v1/streaks/grants': { grants: [{ key: 'k', externalId: 'ana', count: 1 }] },
    'POST /v1/streaks/pauses': { pauses: [{ externalId: 'ana', from: '2026-06-10', to: '2026-06-11' }] },
    'POST /v1/streaks/preview': { zone: 'UTC', events: [], now: '2026-06-10T12:00:00Z' },
    'POST /v1/delivery-events': { events: [{ eventId: 'd', kind: 'delivered', at: '2026-06-10T12:00:00Z' }] },
    'POST /v1/feed': { items: [{ externalId: 'ana', key: 'k', title: 'T', body: 'B' }] },
    'PUT /v1/feed/marks': { externalId: 'ana', marks: [{ id: 'fee_1', as: 'read' }] },
    'PUT /v1/feed/choices': { externalId: 'ana', choices: [{ topic: 'news', channel: 'push', on: false }] },
    'POST /v1/prompts/decide': { externalId: 'ana', moment: 'practice_completed', momentId: 'm' },
    'POST /v1/webhook-endpoints': { url: 'https://hooks.kite.example/' },
    'POST /v1/programs/{id}/evaluate': {
      events: [{ type: 'converted', occurredAt: '2026-06-10T12:00:00Z', orderId: 'o', amountMinor: 1, currency: 'EUR' }],
      rewards: { rules: [{ key: 'k', to: 'both', on: { kind: 'conversion' }, give: { kind: 'percent', basisPoints: 1 } }], holdDays: 1 },
    },
    'POST /v1/send-times/preview': { now: '2026-06-10T12:00:00Z', zone: 'UTC', rules: {} },
  };
});
afterAll(() => api.close());

const withTexts = everyRoute.filter(([, route]) => route.method !== 'get' && route.method !== 'delete' && route.upload === undefined && textFieldsOf(route).fields.length > 0);

async function sendUntilTaken(name: string, route: Route, given: readonly (readonly [TextField, string])[], base: unknown): Promise<number> {
  const params = { id: route.path.startsWith('/v1/members') ? 'ana' : programId, channel: 'email' };
  let left = given;
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const body = left.reduce((at, [field, text]) => field.put(at, text), base);
    const reply = await api.send(tenant, route.method.toUpperCase(), pathOf(route, params), body);
    expect(reply.status).toBeLessThan(500);
    expect(reply.headers.get('content-type')).toBe(reply.status < 400 ? 'application/json; charset=utf-8' : 'application/problem+json');
    if (reply.status < 300) {
      for (const [field, text] of left) {
        const back = valueAt(reply.body, field.path);
        if (typeof back === 'string') expect([name, field.path, back]).toEqual([name, field.path, CLEANED[field.path]?.(text) ?? text]);
      }
      return left.length;
    }
    const faults = 'errors' in reply.body ? listIn(reply.body, 'errors').map((error) => textIn(error, 'path')) : [];
    const next = left.filter(([field]) => !faults.some((fault) => fault !== '' && field.path.startsWith(fault)));
    left = next.length < left.length ? next : left.slice(0, Math.floor(left.length / 2));
  }
  return 0;
}

test.each(withTexts)('%s takes or refuses every naughty string in every place, and gives back what it took', async (name, route) => {
  const { fields, minimal } = textFieldsOf(route);
  const base = right[name] ?? minimal;
  const groups = APART[name] ?? [/^/];
  let taken = 0;
  for (const group of groups) {
    const places = fields.filter(({ path }) => group.test(path) && !SHARED.test(path) && (name === 'POST /v1/programs' || !TERMS.test(path)));
    const turns = STRINGS.flatMap((_string, turn) => (turn % STEP === 0 ? [turn] : []));
    for (let first = 0; first < turns.length; first += 16) {
      const counts = await Promise.all(turns.slice(first, first + 16).map((turn) =>
        sendUntilTaken(name, route, places.map((field, place) => [field, STRINGS[(turn + place * 13) % STRINGS.length] ?? '']), base)));
      taken += counts.reduce((sum, count) => sum + count, 0);
    }
  }
  expect({ name, took: taken > 0 }).toEqual({ name, took: !NEVER_TAKEN.has(name) });
}, 300_000);
