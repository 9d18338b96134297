import { revokeLink } from '../../db/write/revoke-link.ts';
import { ownMark } from '../../src/domain/play/own-mark.ts';
import { answerInvitation, makeInvitation, makeLiveProgram, openFresh, post, tokenIn } from '../support/landing.ts';
import { useLanding } from '../support/use-landing.ts';

const { api, tenant, invite, touchesOf, answersOf, factsOf } = useLanding();

describe('a link that cannot be accepted has a page of its own', () => {
  const end = (runId: string, outcome: string) => api.database.superuser`update runs set closed_at = ${api.clock.now()}, outcome = ${outcome} where id = ${runId}`;

  test('revoked: 410, by the short link too, and no visit', async () => {
    const { code } = await invite();
    const token = tokenIn(await openFresh(api, `/i/${code}`));
    await api.services.db.asTenant(tenant.tenantId, (tx) => revokeLink(tx, { tenantId: tenant.tenantId, code, now: api.clock.now(), actor: 'test' }));
    const { status, text } = await openFresh(api, `/i/${code}`);
    expect([status, text.includes('This invitation was withdrawn'), text.includes('<form')]).toEqual([410, true, false]);
    expect((await openFresh(api, `/l/${code}`)).headers.location).toBe(`/i/${code}`);
    expect((await post(api, `/i/${code}`, { token, do: 'accept' })).status).toBe(410);
    expect(await touchesOf(code)).toHaveLength(1);
  });

  test.each([['expired', 'This invitation has expired'], ['won', 'This is over'], ['canceled', 'This is over']])('of a run that ended as %s: 410', async (outcome, title) => {
    const { code, runId } = await invite();
    const token = tokenIn(await openFresh(api, `/i/${code}`));
    await end(runId, outcome);
    const { status, text } = await openFresh(api, `/i/${code}`);
    expect([status, text.includes(title)]).toEqual([410, true]);
    expect((await post(api, `/i/${code}`, { token, do: 'accept' })).status).toBe(410);
    expect(await factsOf(runId)).toEqual([]);
  });

  test('the inviter\'s own: 200, with the ways to send it, and accepting leads back to it', async () => {
    const { code, memberId } = await invite();
    const own = { headers: { cookie: `flywheel_own=${ownMark(api.services.keyring, { tenantId: tenant.tenantId, memberId })}` } };
    const token = tokenIn(await openFresh(api, `/i/${code}`));
    const { status, text } = await openFresh(api, `/i/${code}`, own);
    expect([status, text.includes('This is your own link'), text.includes('value="accept"')]).toEqual([200, true, false]);
    for (const way of ['href="mailto:?', 'href="sms:?', 'href="https://wa.me/?', '<svg class="qr"', `https://flywheel.example/i/${code}`]) expect(text).toContain(way);
    expect(Buffer.byteLength(text)).toBeLessThan(30_000);
    expect((await post(api, `/i/${code}`, { token, do: 'accept' }, own)).headers.location).toBe(`/i/${code}`);
    expect(await answersOf(code)).toEqual([]);
  });

  test('full: 403', async () => {
    const { code } = await invite({ deckPlaces: 1 });
    await answerInvitation(api, code, 'accept');
    const { status, text } = await openFresh(api, `/i/${code}`);
    expect([status, text.includes('All places are taken')]).toEqual([403, true]);
  });

  test('of a destination that the tenant no longer allows: as withdrawn', async () => {
    const strict = await api.makeTenant({ allowedDestinations: ['app.kite.example'] });
    const theirs = await makeInvitation(api, strict, await makeLiveProgram(api, strict));
    await api.database.superuser`update tenants set allowed_destinations = '{}' where id = ${strict.tenantId}`;
    expect((await openFresh(api, `/i/${theirs.code}`)).status).toBe(410);
  });

  test.each([
    ['a forged code', () => '/i/zzzzzzzzzzz2zzzz'], ['no code', () => '/i/x'], ['a path that cannot be read', () => '/i/%E0%A4'],
  ])('%s: 404 in the browser\'s language', async (_what, path) => {
    const { status, text } = await openFresh(api, path(), { headers: { 'accept-language': 'de' } });
    expect([status, text.includes('Dieser Link führt nirgendwohin')]).toEqual([404, true]);
  });

  test('on another host: 404, and a link of no run is none', async () => {
    const { code } = await invite();
    expect((await openFresh(api, `/i/${code}`, { headers: { host: 'elsewhere.example' } })).status).toBe(404);
    const { body } = await api.send(tenant, 'POST', '/v1/links', { destination: 'https://app.kite.example/x' });
    expect((await openFresh(api, `/i/${String(body['code'])}`)).status).toBe(404);
  });

  test('another method: 405', async () => {
    const { code } = await invite();
    const { status, headers } = await openFresh(api, `/i/${code}`, { method: 'DELETE' });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD, POST']);
  });
});
