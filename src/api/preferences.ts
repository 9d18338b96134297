import { z } from 'zod';
import { addressesOfInvite, addressesOfMembers, listConsents, readAddresses } from '../../db/read/consents.ts';
import type { HashedAddress } from '../../db/read/consents.ts';
import { recordConsents } from '../../db/write/record-consent.ts';
import type { ConsentOutcome } from '../../db/write/record-consent.ts';
import { inviteRef, isId } from '../domain/ids.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { consentBody, consentOut, consentResult, consentRowsIn, logLookupIn, lookupIn, preferencesBody, preferencesOut } from './preferences-body.ts';
import { memberNamed, readConsent, readNamed } from './preferences-change.ts';
import { problem } from './problems.ts';
import type { Problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Call, Route } from './route.ts';

const tag = 'Preferences and consent';
const LIST = 'consents';
const byMember = z.strictObject({ id: z.string().max(200).meta({ description: '`mbr_…`, or your own id of the user' }) });

const record = route({
  method: 'post',
  path: '/v1/consents',
  tag,
  summary: 'Tell what people agreed to or took back, up to 1,000 at once',
  description: 'Each row by itself: one that cannot be used is `refused` with its reason and spoils no other. What was said last holds, so an opt-in that arrives late never beats a newer opt-out; of one instant the opt-out holds; telling it twice changes nothing. An opt-out ends what waits about its topic on its channel. Every row stays in the log, as proof.',
  params: none,
  query: none,
  body: consentRowsIn,
  keyed: true,
  costs: { flow: 'rows', units: ({ consents }) => consents.length },
  answers: { 200: z.object({ results: z.array(consentResult), invitesClosed: z.int() }).meta({ description: 'What became of each row, in the order sent, and how many invites ended by opt-outs' }) },
  problems: [],
  async handle({ tx, tenantId, keyId, now, services: { keyring, watch }, body }) {
    const members = await addressesOfMembers(tx, tenantId, body.consents.flatMap(memberNamed));
    const rows = body.consents.map((row) => readConsent(row, { keyring, tenantId, members }, now));
    const acts = rows.flatMap((row) => (row.outcome === 'acts' ? row.acts : []));
    const { outcomes, closed } = await recordConsents(tx, { tenantId, acts, now, actor: keyId });
    acts.forEach(({ action }, i) => { if (action === 'withdrawn' && outcomes[i] === 'recorded') watch?.growth.optedOut('app'); });
    let place = 0;
    const results = rows.map((row): z.input<typeof consentResult> => {
      if (row.outcome === 'refused') return row;
      const own = outcomes.slice(place, place + row.acts.length);
      place += row.acts.length;
      return { outcome: bestOf(own) };
    });
    return { status: 200, body: { results, invitesClosed: closed } };
  },
});

/** Of a member with two addresses: what holds of either is news. */
function bestOf(outcomes: readonly ConsentOutcome[]): ConsentOutcome {
  return (['recorded', 'older_than_known'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'already';
}

const lookup = route({
  method: 'post',
  path: '/v1/preferences/lookup',
  tag,
  summary: 'Look up what one person gets',
  description: 'By one of `email`, `phone`, `memberId`, `externalId` and `inviteId`. Changes nothing; a POST, so that no address stands in a URL. An address that nobody ever said anything of has no preferences.',
  params: none,
  query: none,
  body: lookupIn,
  keyed: false,
  answers: { 200: preferencesOut },
  problems: ['invalid_request'],
  async handle(call) {
    const addresses = await addressesNamed(call, call.body);
    return 'kind' in addresses ? addresses : { status: 200, body: preferencesBody(await readAddresses(call.tx, call.tenantId, addresses.found)) };
  },
});

const logLookup = route({
  method: 'post',
  path: '/v1/consents/lookup',
  tag,
  summary: 'Look up the log of one person\'s consents, as proof',
  description: 'By one of `email`, `phone`, `memberId`, `externalId` and `inviteId`; what was heard last comes first. Changes nothing; a POST, so that no address stands in a URL.',
  params: none,
  query: none,
  body: logLookupIn,
  keyed: false,
  answers: { 200: pageOf(consentOut) },
  problems: ['invalid_request', 'invalid_cursor'],
  async handle(call) {
    const { limit, cursor, ...named } = call.body;
    const addresses = await addressesNamed(call, named);
    return 'kind' in addresses ? addresses : pageOfLog(call, addresses.found, { limit, cursor });
  },
});

const ofMember = route({
  method: 'get',
  path: '/v1/members/{id}/preferences',
  tag,
  summary: 'Read what a member gets',
  description: 'Of each of the member\'s addresses.',
  params: byMember,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: preferencesOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, params }) {
    const addresses = (await addressesOfMembers(tx, tenantId, [params.id])).get(params.id);
    return addresses === undefined ? problem('not_found') : { status: 200, body: preferencesBody(await readAddresses(tx, tenantId, addresses)) };
  },
});

const logOfMember = route({
  method: 'get',
  path: '/v1/members/{id}/consents',
  tag,
  summary: 'List what a member agreed to and took back, as proof',
  description: 'Of each of the member\'s addresses; what was heard last comes first.',
  params: byMember,
  query: z.strictObject(pageQuery),
  body: none,
  keyed: false,
  answers: { 200: pageOf(consentOut) },
  problems: ['not_found', 'invalid_cursor'],
  async handle(call) {
    const addresses = (await addressesOfMembers(call.tx, call.tenantId, [call.params.id])).get(call.params.id);
    return addresses === undefined ? problem('not_found') : pageOfLog(call, addresses, call.query);
  },
});

type Looked = z.output<typeof lookupIn>;

/** The addresses of whom a look-up names, by one name. */
async function addressesNamed({ tx, tenantId, services: { keyring } }: Call, { inviteId, ...named }: Looked): Promise<{ found: HashedAddress[] } | Problem<'invalid_request'>> {
  const wrong = (path: string, message: string) => problem('invalid_request', { errors: [{ path, message }] });
  const names = Object.values(named).filter((name) => name !== undefined).length;
  if (names + (inviteId === undefined ? 0 : 1) !== 1) return wrong('', 'Name the person by one of email, phone, memberId, externalId and inviteId.');
  if (inviteId !== undefined) {
    const ref = inviteRef(inviteId);
    const found = ref === null ? null : await addressesOfInvite(tx, tenantId, ref);
    return found === null ? wrong('/inviteId', 'There is no such invite.') : { found };
  }
  const read = readNamed(named, { keyring, tenantId, members: await addressesOfMembers(tx, tenantId, memberNamed(named)) });
  return read.outcome === 'refused' ? wrong(read.fault.path, read.fault.message) : { found: read.addresses };
}

async function pageOfLog({ tx, tenantId }: Call, addresses: readonly HashedAddress[], { limit, cursor }: { limit: number; cursor?: string | undefined }) {
  const after = readCursor(LIST, cursor, ([id = '', ...more]) => isId('con', id) && more.length === 0);
  if (after === null) return problem('invalid_cursor');
  const rows = await listConsents(tx, tenantId, addresses, { after: after?.[0] ?? null, limit: limit + 1 });
  return { status: 200 as const, body: makePage(LIST, rows, limit, { item: consentBody, after: (consent) => [consent.id] }) };
}

export const preferenceRoutes: readonly Route[] = [record, lookup, logLookup, ofMember, logOfMember];
