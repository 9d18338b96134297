import { listIn, textIn } from '../support/api.ts';
import { makeProgram } from '../support/invites-api.ts';
import { changedSince, storedIn } from './support/stored.ts';
import { useTenant, useTestApi } from '../support/use-test-api.ts';

/* Values that are well-formed JSON of the right type and yet nothing to be used: whole requests, and single rows of them. */
const api = useTestApi();
const tenant = useTenant(api);
let programId: string;

beforeAll(async () => {
  programId = await makeProgram(api, tenant);
  await api.send(tenant, 'PUT', '/v1/members/ana', { contact: { email: 'ana@personal.example' }, name: 'Ana' });
});

const consent = { basis: 'opt_in' };
const someone = { email: 'sam@x.example', zone: 'Europe/Paris', consent };
const invites = (...invitees: unknown[]): unknown => ({ programId, invitees });
const rules = (sendRules: unknown): unknown => ({ loop: 'invite', title: 'T', terms: { sendRules } });
const words = (copy: unknown): unknown => ({ loop: 'invite', title: 'T', terms: { copy } });
const CRLF = '\r\nBcc: victim@x.example';

type Refused = [what: string, method: string, path: string, body: () => unknown, status: number, code: string, at: string];

test.each<Refused>([
  ['1,001 invitees', 'POST', '/v1/invites', () => invites(...Array.from({ length: 1_001 }, (_, i) => ({ ...someone, email: `p${String(i)}@x.example` }))), 400, 'invalid_request', '/invitees'],
  ['no invitee', 'POST', '/v1/invites', () => invites(), 400, 'invalid_request', '/invitees'],
  ['invitees as an object', 'POST', '/v1/invites', () => ({ programId, invitees: { length: 1, 0: someone } }), 400, 'invalid_request', '/invitees'],
  ['an address as a list', 'POST', '/v1/invites', () => invites({ ...someone, email: ['a@x.example', 'b@x.example'] }), 400, 'invalid_request', '/invitees/0/email'],
  ['a name as an object', 'POST', '/v1/invites', () => invites({ ...someone, name: { toString: 'x' } }), 400, 'invalid_request', '/invitees/0/name'],
  ['a field of nobody', 'POST', '/v1/invites', () => invites({ ...someone, bcc: 'victim@x.example' }), 400, 'invalid_request', '/invitees/0/bcc'],
  ['another loop', 'POST', '/v1/programs', () => ({ loop: '../invite', title: 'T' }), 400, 'invalid_request', '/loop'],
  ['a title of 40,000 characters', 'POST', '/v1/programs', () => ({ loop: 'invite', title: 'x'.repeat(40_000) }), 400, 'invalid_request', '/title'],
  ['a header in a subject', 'POST', '/v1/programs', () => words({ subject: `Hi${CRLF}` }), 400, 'invalid_terms', '/terms/copy/subject'],
  ['a header in a locale\'s subject', 'POST', '/v1/programs', () => words({ locales: { de: { subject: `Hi${CRLF}` } } }), 400, 'invalid_terms', '/terms/copy/locales/de/subject'],
  ['a subject of 40,000 characters', 'POST', '/v1/programs', () => words({ subject: 'x'.repeat(40_000) }), 400, 'invalid_terms', '/terms/copy/subject'],
  ['an unknown placeholder', 'POST', '/v1/programs', () => words({ subject: '{{constructor}}' }), 400, 'invalid_terms', '/terms/copy/subject'],
  ['a zone that does not exist, of a layer', 'POST', '/v1/programs', () => rules({ layers: [{ zone: 'Mars/Olympus' }] }), 400, 'invalid_send_rules', '/terms/sendRules/layers/0/zone'],
  ['a zone that is a path', 'PATCH', '/v1/tenant', () => ({ zone: '../../etc/passwd' }), 400, 'invalid_request', '/zone'],
  ['a zone that does not exist, of the tenant', 'PATCH', '/v1/tenant', () => ({ zone: 'Europe/Atlantis' }), 400, 'invalid_request', '/zone'],
  ['a zone that does not exist, of a member', 'PUT', '/v1/members/ben', () => ({ zone: 'Europe/Atlantis' }), 400, 'invalid_request', '/zone'],
  ['windows that never open', 'POST', '/v1/programs', () => rules({ layers: [{ windows: [] }] }), 400, 'invalid_send_rules', '/terms/sendRules/layers/0/windows'],
  ['windows that exclude each other', 'POST', '/v1/programs', () => rules({ layers: [{ windows: [{ start: '08:00', end: '09:00' }] }, { windows: [{ start: '10:00', end: '11:00' }] }] }), 400, 'invalid_send_rules', '/terms/sendRules/layers'],
  ['a window that is quiet', 'POST', '/v1/programs', () => rules({ layers: [{ windows: [{ start: '08:00', end: '09:00' }], quiet: [{ start: '07:00', end: '10:00' }] }] }), 400, 'invalid_send_rules', '/terms/sendRules/layers/0'],
  ['an expiry in the past', 'POST', '/v1/programs', () => rules({ expiresAt: '2020-01-01T00:00:00Z' }), 400, 'invalid_send_rules', '/terms/sendRules'],
  ['an expiry after no time', 'POST', '/v1/programs', () => ({ loop: 'invite', title: 'T', terms: { expiresAfterHours: -1 } }), 400, 'invalid_terms', '/terms/expiresAfterHours'],
  ['a destination on a host that is not ours', 'POST', '/v1/links', () => ({ destination: 'https://evil.example/' }), 400, 'destination_not_allowed', ''],
  ['a destination that hides its host', 'POST', '/v1/links', () => ({ destination: 'https://app.kite.example@evil.example/' }), 400, 'destination_not_allowed', ''],
  ['a destination that runs', 'POST', '/v1/links', () => ({ destination: 'javascript:alert(1)//app.kite.example' }), 400, 'destination_not_allowed', ''],
  ['a destination with a line break', 'POST', '/v1/links', () => ({ destination: 'https://app.kite.example/\r\nSet-Cookie: a=b' }), 400, 'destination_not_allowed', ''],
  ['a suppressed header', 'POST', '/v1/suppressions', () => ({ email: `a@x.example${CRLF}` }), 400, 'invalid_request', '/email'],
  ['a phone of words', 'PUT', '/v1/members/ben', () => ({ contact: { phone: '+49 CALL ME' } }), 400, 'invalid_request', '/contact/phone'],
  ['a member\'s name of 40,000 characters', 'PUT', '/v1/members/ben', () => ({ name: 'x'.repeat(40_000) }), 400, 'invalid_request', '/name'],
  ['a birth in the future', 'PUT', '/v1/members/ben', () => ({ birthYear: 2999 }), 400, 'invalid_request', '/birthYear'],
  ['a date that does not exist', 'PUT', '/v1/members/ben', () => ({ eventDates: ['2026-02-30'] }), 400, 'invalid_request', '/eventDates'],
  ['an externalId with a line break', 'PUT', '/v1/members/a%0d%0ab', () => ({}), 400, 'invalid_request', '{id}'],
  ['a member of our own form', 'PUT', '/v1/members/mbr_01kx7m3p9q2r4s5t6v7w8x9y0z', () => ({}), 400, 'invalid_request', '{id}'],
])('%s: the request is refused and nothing is stored', async (_what, method, path, body, status, code, at) => {
  const before = await storedIn(api.database.superuser);
  const reply = await api.send(tenant, method, path, body());
  expect({ status: reply.status, code: reply.body['code'], type: reply.headers.get('content-type') }).toEqual({ status, code, type: 'application/problem+json' });
  if (at !== '') expect(listIn(reply.body, 'errors').map((error) => error['path'])).toContain(at);
  expect(reply.text).not.toMatch(/x{100}|\bat .*\.ts/);
  expect(changedSince(before, await storedIn(api.database.superuser))).toEqual([]);
});

test.each([
  ['NUL in a path', 'GET', '/v1/members/%00', 400, 'invalid_request'],
  ['NUL among letters', 'PUT', '/v1/members/a%00b', 400, 'invalid_request'],
  ['NUL in a query', 'GET', '/v1/members?externalId=%00', 400, 'invalid_request'],
  ['half an escape', 'GET', '/v1/members/%e0%a4%a', 400, 'invalid_request'],
  ['no UTF-8', 'GET', '/v1/members/%ff', 400, 'invalid_request'],
  ['overlong dots', 'GET', '/v1/members/%c0%ae%c0%ae', 400, 'invalid_request'],
  ['a way up', 'GET', '/v1/programs/..%2f..%2ftenant', 404, 'not_found'],
  ['a query twice', 'GET', '/v1/members?limit=1&limit=2', 400, 'invalid_request'],
  ['a query as an object', 'GET', '/v1/members?limit[$gt]=1', 400, 'invalid_request'],
  ['__proto__ as a query', 'GET', '/v1/members?__proto__=1', 400, 'invalid_request'],
  ['a cursor of somebody else\'s making', 'GET', '/v1/members?cursor=eyJhIjoxfQ', 400, 'invalid_cursor'],
  ['a cursor with NUL', 'GET', '/v1/members?cursor=%00', 400, 'invalid_request'],
  ['a limit of 1e9', 'GET', '/v1/members?limit=1000000000', 400, 'invalid_request'],
])('in the address, %s', async (_what, method, path, status, code) => {
  const before = await storedIn(api.database.superuser);
  const reply = await api.send(tenant, method, path, method === 'GET' ? undefined : {});
  expect({ status: reply.status, code: reply.body['code'], type: reply.headers.get('content-type') }).toEqual({ status, code, type: 'application/problem+json' });
  expect(changedSince(before, await storedIn(api.database.superuser))).toEqual([]);
});

type Row = [what: string, invitee: Record<string, unknown>, reason: string];

test.each<Row>([
  ['a comma', { email: 'a@x.example, b@x.example' }, 'invalid_address'],
  ['a semicolon', { email: 'a@x.example;b@x.example' }, 'invalid_address'],
  ['a newline', { email: 'a@x.example\nb@x.example' }, 'invalid_address'],
  ['a header', { email: `a@x.example${CRLF}` }, 'invalid_address'],
  ['an SMTP command', { email: 'a@x.example>\r\nRCPT TO:<victim@x.example' }, 'invalid_address'],
  ['a quoted local part', { email: '"a b"@x.example' }, 'invalid_address'],
  ['a name around it', { email: 'Ana <a@x.example>' }, 'invalid_address'],
  ['a comment', { email: 'a(comment)@x.example' }, 'invalid_address'],
  ['a route', { email: 'a%x.example@y.example@z.example' }, 'invalid_address'],
  ['a literal', { email: 'a@[127.0.0.1]' }, 'invalid_address'],
  ['an IP address', { email: 'a@127.0.0.1' }, 'invalid_address'],
  ['no dot', { email: 'a@localhost' }, 'invalid_address'],
  ['an accent before the @', { email: 'aña@x.example' }, 'invalid_address'],
  ['a letter that only looks like one', { email: 'аna@x.example' }, 'invalid_address'],
  ['a zero-width space', { email: 'a\u200bna@x.example' }, 'invalid_address'],
  ['a right-to-left override', { email: 'a\u202ena@x.example' }, 'invalid_address'],
  ['40,000 characters', { email: `${'a'.repeat(40_000)}@x.example` }, 'invalid_address'],
  ['40,000 spaces', { email: ' '.repeat(40_000) }, 'invalid_address'],
  ['nothing', { email: '' }, 'invalid_address'],
  ['a zone that does not exist', { zone: 'Mars/Olympus' }, 'invalid_invitee'],
  ['a zone that is a path', { zone: '../../../etc/passwd' }, 'invalid_invitee'],
  ['a zone of 40,000 characters', { zone: 'Europe/'.repeat(6_000) }, 'invalid_invitee'],
  ['a device\'s zone that does not exist', { deviceZone: 'Mars/Olympus' }, 'invalid_invitee'],
  ['a name of 40,000 characters', { name: 'x'.repeat(40_000) }, 'invalid_invitee'],
  ['a country of three letters', { country: 'USA' }, 'invalid_invitee'],
  ['a phone with a header', { phone: `+4915112345678${CRLF}` }, 'invalid_invitee'],
  ['a locale that is a path', { locale: '../../en' }, 'invalid_invitee'],
  ['a relationship that is HTML', { relationship: '<b>friend</b>' }, 'invalid_invitee'],
  ['no consent', { consent: undefined }, 'no_consent'],
  ['consent by a word of nobody', { consent: { basis: '__proto__' } }, 'no_consent'],
])('an invitee with %s is refused by itself, and nothing of the person is kept', async (_what, changed, reason) => {
  const before = await storedIn(api.database.superuser);
  const reply = await api.send(tenant, 'POST', '/v1/invites', invites({ ...someone, ...changed }));
  expect(reply.status).toBe(202);
  expect(listIn(reply.body, 'invites')).toMatchObject([{ outcome: 'refused', reason }]);
  expect(reply.text).not.toMatch(/x{100}|a{100}|victim|passwd|<b>|Olympus/);
  // That it was asked and refused is kept: the batch, the row, its decision, the answer to the key.
  expect(changedSince(before, await storedIn(api.database.superuser))).toEqual(['decisions', 'idempotency', 'invite_batches', 'invites']);
  const [kept] = await api.database.superuser<{ row: Record<string, unknown> }[]>`select to_jsonb(i) as row from invites i where batch_id = ${textIn(reply.body, 'batchId')}`;
  expect(kept?.row).toMatchObject({ contact_id: null, state: 'refused', reason });
});

test('IDN: a domain of any script is one mailbox with its punycode', async () => {
  const reply = await api.send(tenant, 'POST', '/v1/invites', invites({ ...someone, email: 'idn@BÜCHER.example' }, { ...someone, email: 'idn@xn--bcher-kva.example' }, { ...someone, email: 'idn@bu\u0308cher.example' }));
  expect(listIn(reply.body, 'invites').map((row) => row['reason'] ?? row['outcome'])).toEqual(['accepted', 'duplicate_in_cooling_period', 'duplicate_in_cooling_period']);
});

test('the same invitee twice in one request is invited once, however spelt', async () => {
  const spellings = ['twice@gmail.com', 'TWICE@gmail.com', 't.w.i.c.e@gmail.com', 'twice+a@googlemail.com', ' twice@gmail.com '];
  const reply = await api.send(tenant, 'POST', '/v1/invites', invites(...spellings.map((email) => ({ ...someone, email }))));
  const rows = listIn(reply.body, 'invites');
  expect(rows.map((row) => row['reason'] ?? row['outcome'])).toEqual(['accepted', ...Array.from({ length: 4 }, () => 'duplicate_in_cooling_period')]);
  expect(rows.slice(1).map((row) => row['duplicateOf'])).toEqual(Array.from({ length: 4 }, () => textIn(rows[0] ?? {}, 'id')));
});

test.each([['ana@personal.example'], ['ana+friend@personal.example'], ['ANA+x+y@PERSONAL.example']])('nobody invites herself as %s', async (email) => {
  const before = await storedIn(api.database.superuser);
  const reply = await api.send(tenant, 'POST', '/v1/invites', { programId, externalId: 'ana', invitees: [{ ...someone, email }] });
  expect(listIn(reply.body, 'invites')).toMatchObject([{ outcome: 'refused', reason: 'self_invite' }]);
  expect(changedSince(before, await storedIn(api.database.superuser)).filter((table) => ['contacts', 'outbox', 'lanes', 'links', 'messages'].includes(table))).toEqual([]);
});

test('50 parallel requests with one Idempotency-Key have one effect, and no answer but it, or "wait"', async () => {
  const key = 'fifty';
  const replies = await Promise.all(Array.from({ length: 50 }, () => api.send(tenant, 'POST', '/v1/invites', invites({ ...someone, email: 'fifty@x.example' }), { idempotencyKey: key })));
  const done = replies.filter(({ status }) => status === 202);
  expect(new Set(done.map(({ text }) => text)).size).toBe(1);
  expect(new Set(replies.filter(({ status }) => status !== 202).map(({ status, body }) => `${String(status)} ${String(body['code'])}`))).toEqual(new Set(replies.length === done.length ? [] : ['409 request_in_progress']));
  const [row] = await api.database.superuser<{ batches: number }[]>`select count(*)::int as batches from invite_batches where id = ${textIn(done[0]?.body ?? {}, 'batchId')}`;
  expect(row?.batches).toBe(1);
  expect(listIn((await api.send(tenant, 'POST', '/v1/invites', invites({ ...someone, email: 'fifty@x.example' }))).body, 'invites')).toMatchObject([{ reason: 'duplicate_in_cooling_period' }]);
});
