import { createHash } from 'node:crypto';
import { preferenceToken } from '../../src/domain/link/preference-token.ts';
import { PREFERENCE_WORDING } from '../../src/api/pages/preference-words.ts';
import { arrangeInvites } from '../support/arrange-invites.ts';
import { invite, inviteRow, makeProgram } from '../support/invites-api.ts';
import { openPage } from '../support/open-page.ts';
import { arrangePerson, FORM, makeTextingProgram, readForm } from '../support/preference-form.ts';
import { useTenant, useTestApi } from '../support/use-test-api.ts';

const api = useTestApi();
const tenant = useTenant(api, () => api.makeTenant({ name: 'Kite & <Club>', fromName: 'Kite Club', postalAddress: 'Kite Club\n1 Beach Road' }));

beforeEach(() => api.clock.advance(60_000));

test('opening the page shows what there is and changes nothing, however often scanners open it', async () => {
  const person = await arrangePerson(api, tenant);
  const opened = [await person.open(), await person.open({ method: 'HEAD' }), await person.open()];
  expect(opened.map(({ status }) => status)).toEqual([200, 200, 200]);
  const text = opened[0]?.text ?? '';
  expect(text).toContain('<h1>Messages from Kite &amp; &lt;Club&gt;</h1>');
  expect(text).toMatch(/<label class="tick"><input type="checkbox" name="on" value="invitations\.email" checked>by e-mail<\/label>/);
  expect(text).not.toMatch(/<script|invitations\.sms|javascript:/);
  expect(opened[0]?.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex, nofollow' });
  const style = /<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? '';
  expect(opened[0]?.headers['content-security-policy']).toBe(`default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`);
  expect([await person.acts(), await person.decisions(), await person.row()]).toEqual([[], [], { state: 'waiting', reason: null, stale: false }]);
});

test('a topic that is switched off stops what waits about it, is logged, and can be switched on again', async () => {
  const person = await arrangePerson(api, tenant);
  const off = await person.save((form) => { form.on = []; });
  expect([off.status, off.text.includes('Saved.')]).toEqual([200, true]);
  expect(await person.row()).toEqual({ state: 'refused', reason: 'suppressed', stale: false });
  await person.save((form) => { form.on = ['invitations.email']; });
  expect(await person.acts()).toEqual([
    `mail invitations email withdrawn preference_page ${PREFERENCE_WORDING} en`,
    `mail invitations email granted opt_in preference_page ${PREFERENCE_WORDING} en`,
  ]);
  expect(await person.suppressions()).toHaveLength(0);
});

test('saving what was shown logs nothing and changes nothing', async () => {
  const person = await arrangePerson(api, tenant);
  const before = await person.contact();
  await person.save(() => {});
  expect([await person.acts(), await person.decisions(), await person.contact()]).toEqual([[], [], before]);
});

test('a page that stood open since before an opt-out switches nothing on that was not switched on there', async () => {
  const person = await arrangePerson(api, tenant);
  const form = readForm((await person.open()).text);
  await person.save((now) => { now.on = []; });
  api.clock.advance(1000);
  await person.post([...form.hidden, ...form.on.map((value) => ['on', value] as const), ['from', '22:00'], ['to', '07:30'], ['zone', ''], ['locale', 'de'], ['do', 'save']]);
  expect(await person.acts()).toHaveLength(1);
  expect(await person.contact()).toMatchObject({ quiet: [{ start: '22:00', end: '07:30' }], locale: 'de' });
});

test('texts are off until somebody agrees to the words about them, which are named in the log', async () => {
  const as = await api.makeTenant({ name: 'Texts' });
  await makeTextingProgram(api, as, 'news');
  const person = await arrangePerson(api, as, { withPhone: true });
  const { text } = await person.open();
  expect(text).toContain('value="news.sms">by text message');
  expect(text).toContain('Answer STOP at any time');
  await person.save((form) => { form.on.push('news.sms'); }, { 'accept-language': 'fr' });
  expect(await person.acts()).toEqual([`phone news sms granted opt_in preference_page ${PREFERENCE_WORDING} fr`]);
  expect((await person.open()).text).toContain('value="news.sms" checked>');
});

test('quiet hours and zone are kept, bind what waits, and no invite knows better than the person', async () => {
  const person = await arrangePerson(api, tenant);
  await person.save((form) => { form.quiet = [['9:30', '17:00']]; form.zone = 'Asia/Tokyo'; form.locale = 'es'; });
  expect(await person.contact()).toEqual({ quiet: [{ start: '09:30', end: '17:00' }], zones: ['Asia/Tokyo'], source: 'explicit', own: true, locale: 'es' });
  expect([await person.row(), await person.decisions()]).toEqual([{ state: 'waiting', reason: null, stale: true }, ['hours_chosen']]);
  await person.save((form) => { form.quiet = [['', '']]; });
  expect(await person.contact()).toMatchObject({ quiet: null, zones: ['Asia/Tokyo'] });
});

test('a member\'s own hours change with the member', async () => {
  const email = 'mia@member.example';
  await api.send(tenant, 'PUT', '/v1/members/mia', { contact: { email }, quietHours: [{ start: '21:00', end: '24:00' }], zone: 'Europe/Paris' });
  const hash = api.services.keyring.hashRecipient(tenant.tenantId, email);
  const { batchId } = await arrangeInvites(api.database, tenant.tenantId, api.clock.now(), 1, hash);
  const path = `/p/${preferenceToken(api.services.keyring, { tenantId: tenant.tenantId, batchId, n: 0 })}`;
  const post = (more: Record<string, string>) => openPage(api.url, path, { method: 'POST', headers: FORM, body: new URLSearchParams({ do: 'save', locale: '', ...more }).toString() });
  expect((await openPage(api.url, path)).text).toContain('name="to" value="00:00"');
  await post({ from: '21:00', to: '00:00', zone: 'Europe/Paris' });
  expect((await api.send(tenant, 'GET', '/v1/members/mia')).body).toMatchObject({ quietHours: [{ start: '21:00', end: '24:00' }] });
  await post({ from: '20:00', to: '08:00', zone: 'Asia/Tokyo' });
  expect((await api.send(tenant, 'GET', '/v1/members/mia')).body).toMatchObject({ quietHours: [{ start: '20:00', end: '08:00' }], zone: 'Asia/Tokyo', zoneSource: 'explicit' });
});

test('what is planned heeds the hours and the zone that were chosen, of what waits and of new invites that say another zone', async () => {
  const programId = await makeProgram(api, tenant, { coolingHours: 0, sendRules: {} });
  const [first] = await invite(api, tenant, programId, ['plans@chosen.example']);
  if (first === undefined) throw new Error('nobody was invited');
  const path = `/p/${preferenceToken(api.services.keyring, { tenantId: tenant.tenantId, ...first.ref })}`;
  const chosen = { do: 'save', from: '06:00', to: '23:30', zone: 'Asia/Tokyo', locale: '' };
  expect((await openPage(api.url, path, { method: 'POST', headers: FORM, body: new URLSearchParams(chosen).toString() })).status).toBe(200);
  expect((await inviteRow(api, first.ref))?.stale).toBe(true);
  const [second] = await invite(api, tenant, programId, ['plans@chosen.example']);
  // Noon in UTC is 21:00 in Tokyo: the invite says Paris, and waits for 23:30 in Tokyo all the same.
  expect((await inviteRow(api, second?.ref ?? first.ref))?.dueAt).toBe(Date.parse('2026-06-10T14:30:00Z'));
});
