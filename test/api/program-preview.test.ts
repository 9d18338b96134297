import { insertInviteLinks } from '../../db/write/create-link.ts';
import { inviteCode } from '../../src/domain/link/code.ts';
import { unsubscribeToken } from '../../src/domain/link/unsubscribe-token.ts';
import { listIn, NOON } from '../support/api.ts';
import { invite } from '../support/invites-api.ts';
import { usePreviews } from '../support/use-previews.ts';

const { api, tenant, program, ask, preview, patch, member } = usePreviews();

test('an empty request shows the invitation to somebody of whom nothing is known, from the tenant itself', async () => {
  const shown = await preview();
  expect(shown).toMatchObject({
    programId: program.id, version: 1, isTrial: false, step: 0, subject: 'Your invitation to Kite Club', preheader: 'Open until June 24, 2026.',
    from: { name: 'Kite Club', address: 'hello@kite.example' }, replyTo: null, reasons: [],
    headers: { 'List-Unsubscribe': '<https://flywheel.example/u/sample-of-an-opt-out>', 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click', 'Auto-Submitted': 'auto-generated' },
    locale: { wanted: null, furniture: 'en', words: { subject: { by: 'flywheel', locale: 'en' } } },
    plan: { sendAt: '2026-06-10T12:00:00.000Z', zones: ['Europe/Paris'], zoneSource: 'tenant', from: '2026-06-10T12:00:00.000Z', acceptedAt: '2026-06-10T12:00:00.000Z', expiresAt: '2026-06-24T12:00:00.000Z' },
  });
  expect(shown.text).toContain('1 Beach Road');
  expect(shown.html).toContain('<html lang="en" dir="ltr">');
});

test('a member is shown what would be sent to it: its name, locale and zone, by the member that invites', async () => {
  await member('ana', { contact: { email: 'ana@x.example' }, name: 'Ana' });
  await member('ben', { contact: { email: 'ben@x.example' }, name: 'Ben', locale: 'de-AT', zone: 'Asia/Tokyo' });
  const shown = await preview({ member: { externalId: 'ben', relationship: 'friend' }, inviter: { externalId: 'ana' } });
  expect(shown).toMatchObject({
    subject: 'Ana möchte dir Kite Club zeigen', from: { name: 'Ana über Kite Club' },
    locale: { wanted: 'de-AT', furniture: 'de', dates: 'de-AT' },
    plan: { sendAt: '2026-06-10T23:00:00.000Z', zones: ['Asia/Tokyo'] },
    reasons: [{ code: 'member_already', effect: 'refuses' }],
  });
  expect(shown.text).toContain('Hallo Ben,');
  const byId = await preview({ member: { memberId: await member('ben') } });
  expect(byId.text).toContain('Hallo Ben,');
});

test('an invented invitee is planned by its zone, country or region, and written to in its language', async () => {
  const shown = await preview({ invitee: { name: 'Zoë', zone: 'America/New_York', locale: 'fr-CA' } });
  expect(shown).toMatchObject({ locale: { wanted: 'fr-CA', furniture: 'fr' }, plan: { sendAt: '2026-06-10T12:00:00.000Z' } });
  expect(shown.text).toContain('Bonjour Zoë,');
  expect((await preview({ invitee: { country: 'NZ' } })).plan.zones.length).toBeGreaterThan(1);
});

test('what is shown is what is sent: the same words, headers and time as an accepted invite\'s', async () => {
  await member('ana', { contact: { email: 'ana@x.example' }, name: 'Ana' });
  const invitee = { email: 'sam@x.example', name: 'Sam', zone: 'Asia/Tokyo', locale: 'es', relationship: 'colleague', consent: { basis: 'inviter_attested' } };
  const shown = await preview({ invitee, inviter: { externalId: 'ana' } });
  const [row] = listIn((await api.send(tenant, 'POST', '/v1/invites', { programId: program.id, externalId: 'ana', invitees: [invitee] })).body, 'invites');
  expect(row).toMatchObject({ outcome: 'accepted', sendAt: shown.plan.sendAt, why: shown.plan.why });
  expect(shown.subject).toBe('Ana te recomienda Kite Club');
});

test('a reminder is planned after the message before it, and has the words for reminders', async () => {
  await patch({ reminders: [{ afterHours: 72 }, { afterHours: 24 }], copy: { subject: 'Come', reminder: { subject: 'Still open until {{expiryDate}}' } } });
  const [first, second, third] = [await preview(), await preview({ step: 1 }), await preview({ step: 2 })];
  expect([first.subject, second.subject, third.subject]).toEqual(['Come', 'Still open until June 24, 2026', 'Still open until June 24, 2026']);
  expect([first.plan.sendAt, second.plan.sendAt, third.plan.sendAt]).toEqual(['2026-06-10T12:00:00.000Z', '2026-06-13T12:00:00.000Z', '2026-06-14T12:00:00.000Z']);
  expect(await ask({ step: 3 })).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path: '/step', message: 'This version has 2 reminders; steps 0 to 2 are possible.' }] } });
});

test('an old version is shown with its copy, steps and expiry, and today\'s send rules', async () => {
  await patch({ copy: { subject: 'Old' } });
  await patch({ copy: { subject: 'New' }, expiresAfterHours: 100, sendRules: { layers: [{ windows: [{ start: '18:00', end: '20:00' }] }] } });
  expect(await preview({ version: 2 })).toMatchObject({ version: 2, subject: 'Old', plan: { sendAt: '2026-06-10T16:00:00.000Z', expiresAt: '2026-06-24T12:00:00.000Z' } });
  expect(await preview()).toMatchObject({ version: 3, subject: 'New', plan: { sendAt: '2026-06-10T16:00:00.000Z', expiresAt: '2026-06-14T16:00:00.000Z' } });
  expect(await ask({ version: 9 })).toMatchObject({ status: 400, body: { errors: [{ path: '/version', message: 'There is no such version; the newest is 3.' }] } });
});

test('a change is tried before it is saved: words, rules and title; what could not be saved is refused as a save would be', async () => {
  await patch({ copy: { subject: 'Saved' } });
  const shown = await preview({ title: 'Kite weeks', invitee: { locale: 'it-IT' }, terms: { copy: { locales: { it: { subject: 'Vieni a {{programTitle}}' } } }, sendRules: { layers: [{ windows: [{ start: '15:00', end: '16:00' }] }] } } });
  expect(shown).toMatchObject({ version: 2, isTrial: true, subject: 'Vieni a Kite weeks', plan: { sendAt: '2026-06-10T13:00:00.000Z' }, locale: { words: { subject: { by: 'program', locale: 'it' } } } });
  expect((await preview()).subject).toBe('Saved');
  const wrong = [await ask({ terms: { copy: { locales: { de: { subject: '{{x}}' } } } } }), await ask({ terms: { sendRules: { policy: 'maybe' } } }), await ask({ terms: { coolingHours: 1 }, version: 1 })];
  expect(wrong.map(({ status, body }) => [status, body['code'], listIn(body, 'errors')[0]?.['path']])).toEqual([
    [400, 'invalid_terms', '/terms/copy/locales/de/subject'], [400, 'invalid_send_rules', '/terms/sendRules/policy'], [400, 'invalid_request', '/version'],
  ]);
});

test('it says where the words fell back', async () => {
  await patch({ copy: { heading: 'All', locales: { de: { subject: 'Deutsch' } } } });
  const say = async (locale: string | undefined) => (await preview({ invitee: { locale } })).locale.say;
  expect(await say('de-CH')).toBe('The recipient\'s locale is Swiss High German (de-CH). The program\'s words for German (de) and for every language are used, ours for the rest. The sentences around, and all else of ours, are in German (de).');
  expect(await say('fr')).toBe('The recipient\'s locale is French (fr). The program\'s words for every language are used, ours for the rest. The sentences around, and all else of ours, are in French (fr).');
  expect(await say('sv-SE')).toBe('The recipient\'s locale is Swedish (Sweden, sv-SE). The program\'s words for every language are used, ours for the rest. The sentences around, and all else of ours, are in English (en). We have no words in that language, so ours are in English.');
  expect(await say(undefined)).toMatch(/^No locale is known of the recipient\./);
});

test.each([
  [{ member: { externalId: 'nobody' } }, '/member/externalId'],
  [{ inviter: { externalId: 'nobody' } }, '/inviter/externalId'],
  [{ inviter: { memberId: 'mbr_01kx7m3p9q2r4s5t6v7w8x9y0z' } }, '/inviter/memberId'],
  [{ member: {} }, '/member/externalId'],
  [{ member: { externalId: 'a' }, invitee: {} }, '/invitee'],
  [{ step: -1 }, '/step'], [{ step: 1.5 }, '/step'], [{ version: 0 }, '/version'], [{ at: 'tomorrow' }, '/at'], [{ to: 'x' }, '/to'],
])('%j is refused with its place', async (body, path) => {
  expect(await ask(body)).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path }] } });
});

test('another instant can be asked about', async () => {
  expect((await preview({ at: '2026-12-24T23:30:00+01:00' })).plan).toMatchObject({ acceptedAt: '2026-12-24T22:30:00.000Z', sendAt: '2026-12-25T07:00:00.000Z', expiresAt: '2027-01-07T22:30:00.000Z' });
});

test('what people type stays text in a preview, too', async () => {
  const nasty = '<img src=x onerror=alert(1)>';
  const shown = await preview({ invitee: { name: nasty }, title: `"${nasty}`, terms: { copy: { subject: nasty, paragraphs: [nasty] } } });
  expect(shown.html).not.toContain('<img');
  expect(shown.subject).toBe(nasty);
});

test('nothing is stored, counted, locked away or sent, however often it is asked', async () => {
  await member('ana', { contact: { email: 'ana@x.example' }, name: 'Ana' });
  const tables = (await api.database.superuser<{ name: string }[]>`select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`).map(({ name }) => name);
  const everything = async () => Object.fromEntries(await Promise.all(tables.map(async (name) =>
    [name, (await api.database.superuser`select md5(string_agg(t::text, ' ' order by t::text)) as sum from ${api.database.superuser(name)} t`)[0]?.['sum']] as const)));
  const before = await everything();
  for (let i = 0; i < 12; i += 1) await preview({ inviter: { externalId: 'ana' }, invitee: { email: 'new@x.example' }, terms: { coolingHours: 5 } });
  expect(await everything()).toEqual(before);
});

test('its links are samples: the one leads to a page that says so, the other opts nobody out', async () => {
  const { links, text, html } = await preview();
  expect(text).toContain(links.link);
  expect(html).toContain(links.unsubscribe);
  const [link, optOut] = [new URL(links.link).pathname, new URL(links.unsubscribe).pathname];
  for (const [method, path] of [['GET', link], ['GET', optOut], ['POST', optOut]] as const) expect((await api.send(null, method, path)).status).toBe(404);
  const [row] = await api.database.superuser<{ count: number }[]>`select count(*)::int as count from touches`;
  expect(row?.count).toBe(0);
});

test('a real link and opt-out stand where the samples do', async () => {
  const [invited] = await invite(api, tenant, program.id, ['sam@x.example']);
  if (invited === undefined) throw new Error('nobody was invited');
  const { keyring } = api.services;
  const code = inviteCode(keyring, invited.ref);
  await api.database.app.asTenant(tenant.tenantId, (tx) => insertInviteLinks(tx, [{ code, ...invited.ref, memberId: null, leadsTo: { destination: 'https://app.kite.example/', utm: {} } }], tenant.tenantId, NOON));
  const { links } = await preview();
  expect(links.link.replace(/[^/]+$/, code)).toBe(`https://flywheel.example/l/${code}`);
  expect(links.unsubscribe.replace(/[^/]+$/, unsubscribeToken(keyring, { tenantId: tenant.tenantId, ...invited.ref }))).toMatch(/^https:\/\/flywheel\.example\/u\/1\w{82}$/);
});
