import { createHash } from 'node:crypto';
import { openKeyring } from '../../src/config/keyring.ts';
import { newId } from '../../src/config/new-id.ts';
import { preferenceToken, readPreferenceToken } from '../../src/domain/link/preference-token.ts';
import { OPT_OUT_WORDING, OPT_OUT_WORDS } from '../../src/api/pages/opt-out-words.ts';
import { PREFERENCE_WORDING, PREFERENCE_WORDS } from '../../src/api/pages/preference-words.ts';
import { arrangeInvites } from '../support/arrange-invites.ts';
import { openPage } from '../support/open-page.ts';
import { arrangePerson, FORM, makeTextingProgram, readForm } from '../support/preference-form.ts';
import { useTenant, useTestApi } from '../support/use-test-api.ts';

const api = useTestApi();
const tenant = useTenant(api, () => api.makeTenant({ name: 'Kite & <Club>', fromName: 'Kite Club', postalAddress: 'Kite Club\n1 Beach Road' }));

beforeEach(() => api.clock.advance(60_000));

test.each([
  ['one time alone', [['from', '22:00'], ['to', '']], 'two different times'],
  ['the same time twice', [['from', '22:00'], ['to', '22:00']], 'two different times'],
  ['no time', [['from', '<b>'], ['to', '25:00']], 'two different times'],
  ['a zone that does not exist', [['zone', 'Mars/"Base']], 'from the list'],
  ['a language that is none', [['locale', '"><script>']], 'once more'],
] as const)('%s is refused with what to put right, and nothing is saved', async (_what, fields, said) => {
  const person = await arrangePerson(api, tenant);
  const { text } = await person.open();
  const answer = await person.post([...readForm(text).hidden, ...fields, ['do', 'save']]);
  expect([answer.status, answer.text.includes('role="alert"'), answer.text.includes(said)]).toEqual([422, true, true]);
  expect(answer.text).not.toMatch(/<script>|<b>|"Base"/);
  expect([await person.acts(), await person.decisions()]).toEqual([[], []]);
});

test.each([['nothing', ''], ['JSON', '{"do":"stop"}'], ['another button', 'do=delete'], ['a thousand fields', `do=stop${'&x=1'.repeat(1_001)}`], ['100 KB', `do=stop&x=${'x'.repeat(100_000)}`]])(
  'a form that is %s asks for nothing', async (_what, body) => {
    const person = await arrangePerson(api, tenant);
    const answer = await person.open({ method: 'POST', body, headers: FORM });
    expect(answer.status).toBe(422);
    expect([await person.acts(), await person.suppressions()]).toEqual([[], []]);
  });

test('stop everything stops mail and texts like the opt-out link does, and can be taken back, which opts in to nothing', async () => {
  const as = await api.makeTenant({ name: 'Stoppers' });
  await makeTextingProgram(api, as, 'news');
  const person = await arrangePerson(api, as, { withPhone: true });
  const stopped = await person.post([['do', 'stop']]);
  expect([stopped.status, stopped.text.includes('<h1>You get no messages from Stoppers</h1>')]).toEqual([200, true]);
  expect(await person.row()).toEqual({ state: 'refused', reason: 'suppressed', stale: false });
  expect(await person.suppressions()).toEqual([{ reason: 'unsubscribe', live: true }, { reason: 'unsubscribe', live: true }]);
  expect((await person.post([['do', 'stop']])).text).toBe(stopped.text);
  api.clock.advance(1000);
  const again = await person.post([['do', 'again']]);
  expect(again.text).toContain('Messages are allowed again.');
  expect(again.text).toContain('value="news.email" checked>');
  expect(again.text).toContain('value="news.sms">');
  expect(await person.suppressions()).toEqual([{ reason: 'unsubscribe', live: false }, { reason: 'unsubscribe', live: false }]);
  expect(await person.acts()).toEqual([
    `mail * * withdrawn preference_page ${PREFERENCE_WORDING} en`, `phone * * withdrawn preference_page ${PREFERENCE_WORDING} en`,
    `mail * * granted opt_out_ended preference_page ${PREFERENCE_WORDING} en`, `phone * * granted opt_out_ended preference_page ${PREFERENCE_WORDING} en`,
  ]);
});

test.each(['complaint', 'legal', 'manual', 'hard_bounce'])('what was stopped for "%s" cannot be started again here', async (reason) => {
  const person = await arrangePerson(api, tenant);
  await api.database.superuser`insert into suppressions (id, tenant_id, recipient_hash, reason, created_at) values (${newId('sup', api.clock.now())}, ${tenant.tenantId}, ${person.recipientHash}, ${reason}, ${api.clock.now()})`;
  const { text } = await person.open();
  expect([text.includes('another reason'), text.includes('value="again"')]).toEqual([true, false]);
  await person.post([['do', 'again']]);
  expect(await person.suppressions()).toEqual([{ reason, live: true }]);
});

test('texts to a number that is an inviter\'s word alone cannot be switched on here, by whatever form', async () => {
  const as = await api.makeTenant({ name: 'Texters' });
  await makeTextingProgram(api, as, 'news');
  const person = await arrangePerson(api, as, { withPhone: true });
  await api.database.superuser`update invites set consent_basis = 'inviter_attested' where batch_id = ${person.batchId}`;
  expect((await person.open()).text).toContain('value="news.sms" disabled>');
  await person.save((form) => {
    form.hidden.push(['listed', 'news.sms']);
    form.on.push('news.sms');
  });
  expect(await person.acts()).toEqual([]);
});

test.each(['manual', 'legal'])('a stop of one\'s own and its end leave what others had said ("%s") as it was', async (reason) => {
  const as = await api.makeTenant({ name: 'Stoppers' });
  const person = await arrangePerson(api, as);
  await api.database.superuser`insert into suppressions (id, tenant_id, recipient_hash, reason, created_at) values (${newId('sup', api.clock.now())}, ${as.tenantId}, ${person.recipientHash}, ${reason}, ${api.clock.now()})`;
  api.clock.advance(1000);
  await person.post([['do', 'stop']]);
  api.clock.advance(1000);
  await person.post([['do', 'again']]);
  expect((await person.suppressions()).filter(({ live }) => live === true)).toEqual([{ reason, live: true }]);
});

test('a legal reason that is told after somebody opted out is not lifted by the one who opted out', async () => {
  const as = await api.makeTenant({ name: 'Stoppers' });
  const email = 'legal@stop.example';
  expect((await api.send(as, 'POST', '/v1/suppressions', { email, reason: 'unsubscribe' })).status).toBe(201);
  api.clock.advance(1000);
  const told = await api.send(as, 'POST', '/v1/suppressions', { email, reason: 'legal' });
  expect([told.status, told.body['reason']]).toEqual([201, 'legal']);
  expect((await api.send(as, 'POST', '/v1/suppressions', { email, reason: 'manual' })).body['reason']).toBe('legal');
  expect((await api.send(as, 'POST', '/v1/suppressions', { email, reason: 'legal' })).status).toBe(200);
  await api.send(as, 'DELETE', `/v1/suppressions/${String(told.body['id'])}`);
  expect((await api.send(as, 'POST', '/v1/suppressions', { email, reason: 'manual' })).body['reason']).toBe('unsubscribe');
});

test('who invited last is shown by first names, and a name that is none is not', async () => {
  const person = await arrangePerson(api, tenant);
  for (const [name, at] of [['Ana Lima', 1], ['Call +49 151 23456789', 2], ['Ben', 3]] as const) {
    await api.send(tenant, 'PUT', `/v1/members/${encodeURIComponent(name)}`, { contact: { email: `m${String(at)}@inviter.example` }, name });
    const other = await arrangeInvites(api.database, tenant.tenantId, api.clock.now() + at, 1, person.recipientHash);
    await api.database.superuser`update invite_batches set member_id = (select id from members where external_id = ${name} and tenant_id = ${tenant.tenantId}) where id = ${other.batchId}`;
  }
  expect((await person.open()).text).toContain('<p>The latest invitations came from Ben and Ana.</p>');
});

test('a token that is forged, cut, of another deployment, for another end or of an invite that is gone opens nothing: a plain 404', async () => {
  const person = await arrangePerson(api, tenant);
  const read = readPreferenceToken(api.services.keyring, person.token);
  if (read === null) throw new Error('the token cannot be read');
  const tokens = [`${person.token.slice(0, -1)}${person.token.endsWith('0') ? '1' : '0'}`, person.token.slice(1), 'x', '%E0%A4%A', '%00', preferenceToken(openKeyring(Buffer.alloc(32, 1)), read), preferenceToken(api.services.keyring, { ...read, n: 7 })];
  for (const token of tokens) {
    for (const opening of [{}, { method: 'POST', body: 'do=stop', headers: FORM }]) {
      const opened = await openPage(api.url, `/p/${token}`, opening);
      expect([opened.status, opened.text.includes('<h1>This link is not complete</h1>')]).toEqual([404, true]);
    }
  }
  expect((await openPage(api.url, '/p/x', { headers: { 'accept-language': 'de' } })).text).toContain('<html lang="de">');
  expect(await person.suppressions()).toEqual([]);
});

test('other methods are refused, and the log holds the route, not the token', async () => {
  const person = await arrangePerson(api, tenant);
  expect((await person.open({ method: 'PUT' })).status).toBe(405);
  await person.post([['do', 'stop']]);
  expect(JSON.stringify(api.logged)).not.toContain(person.token);
  expect(api.logged.at(-1)).toMatchObject({ route: '/p/{token}', status: 200 });
});

test('a word that changes on a page changes its version, which the log of consents names', () => {
  const digest = (words: unknown): string => createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 16);
  expect({ [PREFERENCE_WORDING]: digest(PREFERENCE_WORDS), [OPT_OUT_WORDING]: digest(OPT_OUT_WORDS) }).toMatchInlineSnapshot(`
{
  "opt-out/1": "74ec4cd7c64e73af",
  "preference-page/2": "ea26fbd16179184a",
}
`);
});
