import { readUnsubscribeToken, unsubscribeToken } from '../../src/domain/link/unsubscribe-token.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import { OPT_OUT_WORDING, OPT_OUT_WORDS } from '../../src/api/pages/opt-out-words.ts';
import { liftSuppression } from '../../db/write/lift-suppression.ts';
import { asId } from '../../src/domain/ids.ts';
import { arrangeInvites } from '../support/arrange-invites.ts';
import { openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { openPage } from '../support/open-page.ts';
import type { Opened, Opening } from '../support/open-page.ts';

let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant({ name: 'Kite & <Club>', fromName: 'Kite Club', postalAddress: 'Kite Club\n1 Beach Road\n1000 Town' });
});
afterAll(() => api.close());

const ONE_CLICK: Opening = { method: 'POST', body: 'List-Unsubscribe=One-Click', headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'Mail/1.0' } };
const BUTTON: Opening = { method: 'POST', body: '', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://flywheel.example' } };

async function arrange(count = 1) {
  const { batchId, recipientHash } = await arrangeInvites(api.database, tenant.tenantId, api.clock.now(), count);
  const token = unsubscribeToken(api.services.keyring, { tenantId: tenant.tenantId, batchId, n: 0 });
  const sql = api.database.superuser;
  return {
    batchId, recipientHash, token,
    open: (opening: Opening = {}): Promise<Opened> => openPage(api.url, `/u/${token}`, opening),
    suppressions: () => sql`select reason, lifted_at from suppressions where recipient_hash = ${recipientHash} order by created_at, id`,
    states: () => sql`select state, reason from invites where batch_id = ${batchId} order by n`,
    decisions: () => sql`select kind, actor, inputs from decisions where subject_id = ${batchId} and kind = 'unsubscribed'`,
    consents: () => sql<{ topic: string; channel: string; action: string; source: string; wording: string; locale: string }[]>`select topic, channel, action, source, wording_version as wording, locale from consents where recipient_hash = ${recipientHash} order by given_at`,
    suppress: (reason: string) => sql`
      insert into suppressions (id, tenant_id, recipient_hash, reason, created_at) values (${`sup_${batchId.slice(4)}`}, ${tenant.tenantId}, ${recipientHash}, ${reason}, ${api.clock.now() - 1})`,
  };
}

test('opening the link asks and changes nothing, however often scanners open it', async () => {
  const invite = await arrange();
  const opened = [await invite.open(), await invite.open({ method: 'HEAD' }), await invite.open()];
  expect(opened.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(opened[0]?.text).toContain('<h1>Stop e-mails from Kite &amp; &lt;Club&gt;?</h1>');
  expect(opened[0]?.text).toContain('<form method="post"><button>Stop these e-mails</button></form>');
  expect(opened[0]?.text).toContain('1 Beach Road');
  expect(opened[0]?.text).not.toContain('<script');
  expect([await invite.suppressions(), await invite.decisions()]).toEqual([[], []]);
  expect(await invite.states()).toEqual([{ state: 'waiting', reason: null }]);
});

test.each([['a mail program\'s one click (RFC 8058)', ONE_CLICK], ['the page\'s button', BUTTON], ['a multipart one click', { ...ONE_CLICK, body: '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n', headers: { 'content-type': 'multipart/form-data; boundary=b' } }]])(
  '%s stops everything of this tenant at once, and the reason is kept', async (_what, opening) => {
    const invite = await arrange(3);
    const opened = await invite.open(opening);
    expect([opened.status, opened.headers.location]).toEqual([200, undefined]);
    expect(opened.text).toContain('<h1>Done.');
    expect(await invite.suppressions()).toEqual([{ reason: 'unsubscribe', lifted_at: null }]);
    expect(await invite.states()).toEqual(Array.from({ length: 3 }, () => ({ state: 'refused', reason: 'suppressed' })));
    expect(await invite.decisions()).toEqual([{ kind: 'unsubscribed', actor: 'recipient', inputs: expect.objectContaining({ channel: 'email', invitesStopped: 3 }) }]);
  });

test('a second opt-out shows the same page and changes nothing, and so does opening the link later', async () => {
  const invite = await arrange();
  const first = await invite.open(ONE_CLICK);
  api.clock.advance(86_400_000);
  const later = [await invite.open(ONE_CLICK), await invite.open(BUTTON), await invite.open()];
  expect(later.map(({ status, text }) => [status, text])).toEqual(later.map(() => [200, first.text]));
  expect([(await invite.suppressions()).length, (await invite.decisions()).length]).toEqual([1, 1]);
});

test('ten opt-outs at the same instant are one', async () => {
  const invite = await arrange(5);
  const opened = await Promise.all(Array.from({ length: 10 }, () => invite.open(ONE_CLICK)));
  expect(opened.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  expect([await invite.suppressions(), (await invite.decisions()).length]).toEqual([[{ reason: 'unsubscribe', lifted_at: null }], 1]);
});

test.each(['manual', 'hard_bounce'])('the recipient\'s own word takes the place of "%s", which may be lifted without asking', async (reason) => {
  const invite = await arrange();
  await invite.suppress(reason);
  await invite.open(ONE_CLICK);
  expect(await invite.suppressions()).toEqual([{ reason, lifted_at: api.clock.now() }, { reason: 'unsubscribe', lifted_at: null }]);
});

test.each(['complaint', 'legal'])('"%s" weighs as much as an opt-out and stays', async (reason) => {
  const invite = await arrange();
  await invite.suppress(reason);
  expect((await invite.open(ONE_CLICK)).text).toContain('<h1>Done.');
  expect(await invite.suppressions()).toEqual([{ reason, lifted_at: null }]);
});

test('an opt-out from one tenant is none from another', async () => {
  const other = await api.makeTenant({ name: 'Other' });
  const invite = await arrange();
  const theirs = await arrangeInvites(api.database, other.tenantId, api.clock.now(), 1, invite.recipientHash);
  await invite.open(ONE_CLICK);
  expect(await api.database.superuser`select state from invites where batch_id = ${theirs.batchId}`).toEqual([{ state: 'waiting' }]);
});

test('a token that is forged, cut, of another deployment or of an invite that is gone opts nobody out: a plain 404', async () => {
  const invite = await arrange();
  const read = readUnsubscribeToken(api.services.keyring, invite.token);
  if (read === null) throw new Error('the token cannot be read');
  const tokens = [
    `${invite.token.slice(0, -1)}${invite.token.endsWith('0') ? '1' : '0'}`, invite.token.slice(1), 'x', '%E0%A4%A', '%00', 'a'.repeat(3_000),
    unsubscribeToken(openKeyring(Buffer.alloc(32, 1)), read), unsubscribeToken(api.services.keyring, { ...read, n: 7 }),
  ];
  for (const token of tokens) {
    for (const opening of [{}, ONE_CLICK]) {
      const opened = await openPage(api.url, `/u/${token}`, opening);
      expect([opened.status, opened.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
      expect(opened.text).toContain('<h1>This link is not complete</h1>');
    }
  }
  expect(await invite.suppressions()).toEqual([]);
});

test('other methods are refused and change nothing', async () => {
  const invite = await arrange();
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const opened = await invite.open({ method });
    expect([opened.status, opened.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
  }
  expect(await invite.suppressions()).toEqual([]);
});

test('works on any host, with any body, without cookie or origin, and its address goes nowhere', async () => {
  const invite = await arrange();
  const opened = await invite.open({ method: 'POST', body: 'x'.repeat(100_000), headers: { host: 'elsewhere.example', origin: 'https://mail.example', 'content-type': 'text/plain' } });
  expect(opened.status).toBe(200);
  expect(opened.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex, nofollow' });
  expect(await invite.suppressions()).toHaveLength(1);
});

test('the log holds the route, not the token', async () => {
  const invite = await arrange();
  await invite.open(ONE_CLICK);
  expect(JSON.stringify(api.logged)).not.toContain(invite.token);
  expect(api.logged.at(-1)).toMatchObject({ route: '/u/{token}', status: 200 });
});

test('an opt-out is in the log of consents, once, with the words and the language; for who was suppressed before, too', async () => {
  const row = { topic: '*', channel: '*', action: 'withdrawn', source: 'unsubscribe_link', wording: OPT_OUT_WORDING, locale: 'en' };
  for (const reason of [null, 'complaint']) {
    const invite = await arrange();
    if (reason !== null) await invite.suppress(reason);
    await Promise.all([invite.open(ONE_CLICK), invite.open(BUTTON)]);
    api.clock.advance(1000);
    await invite.open(ONE_CLICK);
    expect(await invite.consents()).toEqual([row]);
  }
});

test('after the app has lifted an opt-out that was taken back, new opt-outs count again, and the log tells all of it', async () => {
  const invite = await arrange();
  await invite.open(ONE_CLICK);
  const [row] = await api.database.superuser<{ id: string }[]>`select id from suppressions where recipient_hash = ${invite.recipientHash}`;
  api.clock.advance(1000);
  await api.database.app.asTenant(tenant.tenantId, (tx) =>
    liftSuppression(tx, { tenantId: tenant.tenantId, id: asId('sup', row?.id ?? ''), actor: tenant.keyId, now: api.clock.now() }));
  const state = async () => (await api.database.superuser<{ state: string }[]>`select state from preferences where recipient_hash = ${invite.recipientHash}`).map((row) => row.state);
  expect(await state()).toEqual(['open']);
  api.clock.advance(1000);
  await invite.open(ONE_CLICK);
  expect(await state()).toEqual(['out']);
  expect((await invite.consents()).map((row) => [row.action, row.source])).toEqual([['withdrawn', 'unsubscribe_link'], ['granted', 'api'], ['withdrawn', 'unsubscribe_link']]);
});

test.each(['de', 'es', 'fr', 'en'] as const)('in %s, by the locale of who was written to, else by what the browser asks for', async (lang) => {
  const invite = await arrange();
  const asked = await invite.open({ headers: { 'accept-language': `${lang}-XX, pt;q=0.1` } });
  expect(asked.text).toContain(`<html lang="${lang}">`);
  await api.database.superuser`update contacts set locale = ${`${lang}-CH`} where email_hash = ${invite.recipientHash}`;
  const opened = [await invite.open({ headers: { 'accept-language': 'fr' } }), await invite.open(ONE_CLICK), await invite.open()];
  const words = OPT_OUT_WORDS[lang];
  const headings = [words.askHeading, words.stoppedHeading, words.stoppedHeading].map((heading) => `<h1>${heading.replace('{name}', 'Kite &amp; &lt;Club&gt;')}</h1>`);
  expect(opened.map(({ text }, place) => text.includes(headings[place] ?? '?'))).toEqual([true, true, true]);
});
