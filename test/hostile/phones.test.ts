import { listIn, textIn } from '../support/api.ts';
import { makeProgram } from '../support/invites-api.ts';
import { changedSince, storedIn } from './support/stored.ts';
import { useTenant, useTestApi } from '../support/use-test-api.ts';

/*
 * Numbers on which somebody earns when others are made to send to them, and texts that are no number. Every kind of number
 * of every country is in test/domain/phone-number.test.ts; here: what the API does with them.
 */
const api = useTestApi();
const tenant = useTenant(api);
let programId: string;

beforeAll(async () => {
  programId = await makeProgram(api, tenant);
});

const someone = { email: 'sam@x.example', zone: 'Europe/Paris', consent: { basis: 'opt_in' } };
const inviteWith = (...phones: (string | undefined)[]) => api.send(tenant, 'POST', '/v1/invites', { programId, invitees: phones.map((phone, n) => ({ ...someone, email: `p${String(n)}.${String(phones.length)}@x.example`, phone })) });

const REFUSED: readonly [what: string, phone: string, says: RegExp][] = [
  ['premium-rate', '+1 900 234 5678', /premium-rate/],
  ['premium-rate of no country', '+979 1 2345 6789', /premium-rate/],
  ['shared-cost', '+49 180 1234567', /shared-cost/],
  ['shared-cost of no country', '+808 1234 5678', /shared-cost/],
  ['toll-free', '+1 800 555 1234', /toll-free/],
  ['Inmarsat', '+870 301234567', /satellite/],
  ['Iridium', '+881 6 1234 5678', /satellite/],
  ['Thuraya', '+882 16 1234567', /satellite/],
  ['a network without a country', '+883 5100 0123 4567', /satellite/],
  ['satellite in a country\'s plan', '+1 600 555 1234', /satellite/],
  ['personal (forwarding)', '+44 70 1234 5678', /forwards/],
  ['a pager', '+44 7640 123456', /pager/],
  ['a short code', '+1 24365', /too few digits/],
  ['an emergency number', '+49 112', /too few digits/],
  ['not given out', '+1 242 555 1234', /given out no numbers/],
  ['of no country', '+999 12345678', /No country/],
  ['without its country code', '0151 23456789', /country code/],
  ['too long', '+33 6 12 34 56 78 9', /too many digits/],
  ['40,000 digits', `+${'9'.repeat(40_000)}`, /40 characters/],
  ['two numbers', '+4915123456789,+4915123456780', /nothing else/],
  ['an extension', '+4915123456789 ext. 900', /nothing else/],
  ['a header', '+4915123456789\r\nBcc: victim@x.example', /nothing else|40 characters/],
  ['a line break inside', '+49151\n23456789', /nothing else/],
  ['right-to-left', '\u202e98765432151 94+', /nothing else/],
  ['an invisible character', '+49151\u200b23456789', /nothing else/],
  ['digits of another script', '+٤٩١٥١٢٣٤٥٦٧٨٩', /nothing else/],
  ['SQL', '+49151\' or \'1\'=\'1', /nothing else/],
  ['HTML', '<b>+4915123456789</b>', /nothing else/],
];

test.each(REFUSED)('an invitee\'s number that is %s: the row is refused with a sentence, and nothing of the person is kept', async (_what, phone, says) => {
  const before = await storedIn(api.database.superuser);
  const reply = await inviteWith(phone);
  expect(reply.status).toBe(202);
  expect(listIn(reply.body, 'invites')).toMatchObject([{ outcome: 'refused', reason: 'invalid_invitee', detail: expect.stringMatching(says) }]);
  expect(reply.text.replaceAll(/inv_\w+|bat_\w+|as in \+49 151 23456789/g, '')).not.toMatch(/\d{7}|victim|<b>/);
  expect(changedSince(before, await storedIn(api.database.superuser))).toEqual(['decisions', 'idempotency', 'invite_batches', 'invites']);
  const [kept] = await api.database.superuser<{ row: Record<string, unknown> }[]>`select to_jsonb(i) as row from invites i where batch_id = ${textIn(reply.body, 'batchId')}`;
  expect(kept?.row).toMatchObject({ contact_id: null, state: 'refused', reason: 'invalid_invitee' });
});

test.each(REFUSED.filter(([, phone]) => phone.length <= 40))('a member\'s number that is %s: the member is refused, and nothing is stored', async (_what, phone, says) => {
  const before = await storedIn(api.database.superuser);
  const reply = await api.send(tenant, 'PUT', '/v1/members/ben', { contact: { phone } });
  expect([reply.status, reply.body['code'], listIn(reply.body, 'errors')]).toEqual([400, 'invalid_request', [{ path: '/contact/phone', message: expect.stringMatching(says) }]]);
  expect(changedSince(before, await storedIn(api.database.superuser))).toEqual([]);
});

test('a bad number spoils its own row and no other, of invitees and of members', async () => {
  const invited = await inviteWith('+49 151 23456789', '+1 900 234 5678', undefined, '', '+33 6 12 34 56 78', '12345');
  expect(listIn(invited.body, 'invites').map((row) => row['outcome'])).toEqual(['accepted', 'refused', 'accepted', 'accepted', 'accepted', 'refused']);
  const members = ['+49 151 23456789', '+881 6 1234 5678', null, '+33 6 12 34 56 78'].map((phone, n) => ({ externalId: `m${String(n)}`, contact: { phone } }));
  const kept = await api.send(tenant, 'POST', '/v1/members/batch', { members });
  expect(kept.status).toBe(200);
  const phones = await Promise.all(members.map(async ({ externalId }) => (await api.send(tenant, 'GET', `/v1/members?externalId=${externalId}`)).body['data']));
  expect(phones).toMatchObject([[{ contact: { phone: '+4915123456789' } }], [], [{ contact: { phone: null } }], [{ contact: { phone: '+33612345678' } }]]);
});
