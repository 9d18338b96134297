import { listIn, readPages } from '../support/api.ts';
import { invite, makeProgram } from '../support/invites-api.ts';
import { useProgram } from '../support/use-previews.ts';

const { api, tenant, program } = useProgram();

const get = (path: string) => api.send(tenant, 'GET', `/v1/programs/${program.id}${path}`);
const patch = async (body: unknown) => {
  api.clock.advance(1000);
  return api.send(tenant, 'PATCH', `/v1/programs/${program.id}`, body);
};
const changes = async (query = '') => listIn((await get(`/diff${query}`)).body, 'changes');

test('every change is listed, newest first: what changed, who saved it, and which one holds', async () => {
  await patch({ title: 'Kite weeks', terms: { copy: { subject: 'Come' } } });
  await patch({ terms: { expiresAfterHours: 200, reminders: [] } });
  expect(listIn((await get('/versions')).body, 'data')).toEqual([
    { version: 3, title: 'Kite weeks', createdAt: '2026-06-10T12:00:02.000Z', actor: tenant.keyId, changed: ['/terms/expiresAfterHours', '/terms/reminders'], isCurrent: true, runningInvites: 0 },
    { version: 2, title: 'Kite weeks', createdAt: '2026-06-10T12:00:01.000Z', actor: tenant.keyId, changed: ['/title', '/terms/copy'], isCurrent: false, runningInvites: 0 },
    { version: 1, title: 'Kite days', createdAt: '2026-06-10T12:00:00.000Z', actor: tenant.keyId, changed: [], isCurrent: false, runningInvites: 0 },
  ]);
});

test('a change that changes nothing makes no version, whatever the order of its fields', async () => {
  await patch({ terms: { copy: { subject: 'a', locales: { de: { subject: 'b' }, fr: { heading: 'c' } } } } });
  await patch({ terms: { copy: { locales: { fr: { heading: 'c' }, de: { subject: 'b' } }, subject: 'a' } } });
  expect(listIn((await get('/versions')).body, 'data')).toHaveLength(2);
});

test('the list is read page by page, each version once, with what changed also at the edge of a page', async () => {
  for (const hours of [101, 102, 103, 104]) await patch({ terms: { expiresAfterHours: hours } });
  const pages = await readPages(api, tenant, `/v1/programs/${program.id}/versions`, 2);
  expect(pages.map((page) => page.map(({ version }) => version))).toEqual([[5, 4], [3, 2], [1]]);
  expect(pages.flat().map(({ changed }) => changed)).toEqual([...Array.from({ length: 4 }, () => ['/terms/expiresAfterHours']), []]);
  const other = await makeProgram(api, tenant);
  const cursor = (await get('/versions?limit=2')).body['nextCursor'];
  expect((await api.send(tenant, 'GET', `/v1/programs/${other}/versions?cursor=${String(cursor)}`)).body['code']).toBe('invalid_cursor');
});

test('an old version is read with the terms it was saved with', async () => {
  await patch({ terms: { copy: { subject: 'Come' }, expiresAfterHours: 200 } });
  const [first, second] = [await get('/versions/1'), await get('/versions/2')];
  expect(first.body).toMatchObject({ programId: program.id, version: 1, isCurrent: false, changed: [], terms: { expiresAfterHours: 336 } });
  expect(first.body['terms']).not.toHaveProperty('copy');
  expect(second.body).toMatchObject({ version: 2, isCurrent: true, terms: { copy: { subject: 'Come' }, expiresAfterHours: 200 } });
});

test.each(['/versions/2', '/versions/0', '/versions/01', '/versions/x', '/versions/99999999999', '/versions/-1'])('%s is nowhere', async (path) => {
  expect(await get(path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

test('a diff names each place, what it was and became, and whether it binds invites that run', async () => {
  await patch({
    title: 'Kite weeks',
    terms: {
      copy: { subject: 'Come', locales: { 'pt-BR': { subject: 'Venha' } } }, reminders: [{ afterHours: 48 }, { afterHours: 24 }], expiresAfterHours: 200, destination: 'https://app.kite.example/a',
      sendRules: { layers: [{ label: 'waking hours', windows: [{ start: '09:00', end: '21:00' }] }], policy: 'hold', blackoutDates: ['2026-12-24', '2026-12-25'] },
      eventBufferDays: 2, cap: { perMemberPerDay: 3 }, coolingHours: 48, existingMembers: 'invite', consentBases: ['opt_in'],
    },
  });
  const found = await changes();
  expect(found).toEqual(expect.arrayContaining([
    { path: '/title', before: 'Kite days', after: 'Kite weeks', binds: 'pinned' },
    { path: '/terms/copy', after: { subject: 'Come', locales: { 'pt-BR': { subject: 'Venha' } } }, binds: 'pinned' },
    { path: '/terms/reminders/0/afterHours', before: 72, after: 48, binds: 'pinned' },
    { path: '/terms/reminders/1', after: { afterHours: 24 }, binds: 'pinned' },
    { path: '/terms/expiresAfterHours', before: 336, after: 200, binds: 'pinned' },
    { path: '/terms/destination', after: 'https://app.kite.example/a', binds: 'pinned' },
    { path: '/terms/sendRules/layers/0/windows/0/start', before: '08:00', after: '09:00', binds: 'at_once' },
    { path: '/terms/sendRules/blackoutDates', after: ['2026-12-24', '2026-12-25'], binds: 'at_once' },
    { path: '/terms/sendRules/minRemainingMinutes', before: 60, binds: 'at_once' },
    { path: '/terms/eventBufferDays', after: 2, binds: 'at_once' },
    { path: '/terms/cap/perMemberPerDay', after: 3, binds: 'at_once' },
    { path: '/terms/coolingHours', before: 24, after: 48, binds: 'at_acceptance' },
    { path: '/terms/existingMembers', before: 'refuse', after: 'invite', binds: 'at_acceptance' },
    { path: '/terms/consentBases', after: ['opt_in'], binds: 'at_acceptance' },
  ]));
  expect(found.filter(({ path }) => !String(path).startsWith('/terms/cap'))).toHaveLength(13);
  await patch({ terms: { copy: { subject: 'Come', locales: { 'pt-BR': { subject: 'Vem' } } } } });
  expect(await changes()).toEqual([{ path: '/terms/copy/locales/pt-BR/subject', before: 'Venha', after: 'Vem', binds: 'pinned' }]);
  expect(await changes('?from=3&to=2')).toEqual([{ path: '/terms/copy/locales/pt-BR/subject', before: 'Vem', after: 'Venha', binds: 'pinned' }]);
});

test('any two versions can be compared; one with itself, and the only one, differ in nothing', async () => {
  expect((await get('/diff')).body).toEqual({ programId: program.id, from: 1, to: 1, changes: [], running: [] });
  await patch({ terms: { coolingHours: 1 } });
  await patch({ terms: { coolingHours: 2 } });
  await patch({ terms: { coolingHours: 24 } });
  expect((await get('/diff')).body).toMatchObject({ from: 3, to: 4 });
  expect((await get('/diff?to=2')).body).toMatchObject({ from: 1, to: 2 });
  expect(await changes('?from=1&to=4')).toEqual([]);
  expect(await changes('?from=1&to=3')).toEqual([{ path: '/terms/coolingHours', before: 24, after: 2, binds: 'at_acceptance' }]);
});

test.each([['?from=9', '?from'], ['?to=9', '?to'], ['?from=0', '?from'], ['?to=x', '?to'], ['?from=1&to=2&what=1', '?what']])('a diff with %s says what is wrong', async (query, path) => {
  const { status, body } = await get(`/diff${query}`);
  expect([status, body['code']]).toEqual([400, 'invalid_request']);
  expect(listIn(body, 'errors').map((error) => error['path'])).toContain(path);
});

test('how many invites still run on each version is told; those that ended run on none', async () => {
  const [gone] = await invite(api, tenant, program.id, ['a@x.example', 'b@x.example', 'c@x.example']);
  await patch({ terms: { coolingHours: 1 } });
  await invite(api, tenant, program.id, ['d@x.example']);
  await patch({ terms: { coolingHours: 2 } });
  await api.send(tenant, 'POST', `/v1/invites/${gone?.id ?? ''}/cancel`);
  expect((await get('/diff')).body['running']).toEqual([{ version: 1, runningInvites: 2 }, { version: 2, runningInvites: 1 }]);
  expect(listIn((await get('/versions')).body, 'data').map(({ runningInvites }) => runningInvites)).toEqual([0, 1, 2]);
  expect((await get('/versions/1')).body).toMatchObject({ runningInvites: 2 });
});

test('words for locales are stored with a version, and wrong ones are named by their place', async () => {
  const copy = { subject: 'Come', locales: { de: { subject: 'Komm' }, 'pt-BR': { reminder: { heading: 'Ainda aberto' } } } };
  expect((await patch({ terms: { copy } })).body).toMatchObject({ version: 2, terms: { copy } });
  const wrong = await patch({ terms: { copy: { locales: { 'pt-BR': { subject: 'Oi {{nome}}' }, 'no such tag': { subject: 'x' } } } } });
  expect([wrong.status, wrong.body['code']]).toEqual([400, 'invalid_terms']);
  expect(listIn(wrong.body, 'errors').map(({ path }) => path)).toEqual(['/terms/copy/locales/pt-BR/subject', '/terms/copy/locales']);
  expect(await patch({ terms: { copy: { locales: { de: { subjekt: 'x' } } } } })).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path: '/terms/copy/locales/de/subjekt' }] } });
  const raw = '{"terms":{"copy":{"locales":{"__proto__":{"subject":"x"},"de":{"subject":"y"}}}}}';
  expect((await api.send(tenant, 'PATCH', `/v1/programs/${program.id}`, undefined, { raw, headers: { 'content-type': 'application/json' } })).status).toBeLessThan(500);
  expect((await get('/versions/2')).body).toMatchObject({ terms: { copy } });
});
