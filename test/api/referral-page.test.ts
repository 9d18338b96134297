import { asId } from '../../src/domain/ids.ts';
import type { MemberId, ProgramId } from '../../src/domain/ids.ts';
import { listIn, NOON } from '../support/api.ts';
import { makeProgram } from '../support/invites-api.ts';
import type { Opened } from '../support/open-page.ts';
import { idOfMember, putMilestones, putReferral, putRefusal, putReward } from '../support/referral-page-rows.ts';
import { cookieOf, embeddedPage } from '../support/embedded-page.ts';
import { useTenantEach, useTestApi } from '../support/use-test-api.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const api = useTestApi();
const tenant = useTenantEach(api);
const { makeToken, open } = embeddedPage(api, tenant);
let programId: ProgramId;
let memberId: MemberId;

beforeEach(async () => {
  programId = asId('prg', await makeProgram(api, tenant));
  for (const id of ['ana', 'friend-1', 'friend-2', 'friend-3']) await api.send(tenant, 'PUT', `/v1/members/${id}`, { name: `Name of ${id}`, contact: { email: `${id}@example.com` }, zone: 'Europe/Paris' });
  memberId = await idOfMember(api, tenant, 'ana');
});

/** Opens the page as a browser does: token, cookie, page. */
async function visit(of = 'ana', headers: Record<string, string> = {}): Promise<Opened> {
  const swapped = await open(await makeToken(of), { headers });
  return open(swapped.headers.location ?? '', { headers: { ...headers, cookie: cookieOf(swapped) } });
}
const summary = async (of = 'ana', query = '') => (await api.send(tenant, 'GET', `/v1/members/${of}/referral-summary${query}`)).body;
const friend = async (name: string, far: { activated?: boolean; qualified?: boolean; selfReferral?: boolean; voided?: boolean } = {}) =>
  putReferral(api, tenant, { programId, referrerId: memberId, refereeId: await idOfMember(api, tenant, name), ...far });

test('shows link, code, QR code and every way to share', async () => {
  const { text } = await visit();
  const [link] = await api.database.superuser<{ code: string }[]>`select code from links where member_id = ${memberId} and kind = 'personal'`;
  const url = `https://flywheel.example/l/${link?.code ?? ''}`;
  expect(text).toContain(`value="${url}"`);
  expect(text).toContain(link?.code.match(/.{4}/g)?.join('-'));
  expect(text).toMatch(/<svg class="qr" role="img" aria-label="QR code of your link"/);
  for (const part of ['href="mailto:?subject=', 'href="sms:?&amp;body=', 'href="https://wa.me/?text=', 'href="https://x.com/intent/post?text=', 'href="https://www.linkedin.com/sharing/share-offsite/?url=', 'id="share"', `data-copy="${url}"`]) expect(text).toContain(part);
});

test('counts each friend once, and only real people on the link', async () => {
  const [link] = await api.database.superuser<{ code: string }[]>`select code from links where member_id = ${memberId} and kind = 'personal'`;
  await open(`/l/${link?.code ?? ''}`);
  await open(`/l/${link?.code ?? ''}`, { headers: { 'user-agent': 'Slackbot' } });
  await friend('friend-1', { activated: true, qualified: true });
  await friend('friend-2', { activated: true, qualified: true, voided: true });
  await friend('friend-3', { selfReferral: true, activated: true });
  const second = asId('prg', await makeProgram(api, tenant));
  await putReferral(api, tenant, { programId: second, referrerId: memberId, refereeId: await idOfMember(api, tenant, 'friend-1') });
  expect((await summary())['counts']).toEqual({ visits: 1, signedUp: 2, activated: 2, converted: 1 });
  expect((await visit()).text).toContain('<dt>Sign-ups</dt><dd>2</dd>');
});

test('says of each reward what it waits for, and of what was taken back or not given, why', async () => {
  const referralId = await friend('friend-1', { qualified: true });
  const give = (more: Omit<Parameters<typeof putReward>[2], 'programId' | 'memberId'>) => putReward(api, tenant, { programId, memberId, referralId, ...more });
  await give({ holdUntil: Date.parse('2026-07-09T22:30:00Z') });
  await give({ pausedBy: 'dispute' });
  await give({ holdUntil: NOON - 1 });
  await give({ state: 'released', grantedMinor: 2_000, takenBackMinor: 500, expiresAt: NOON + 5 * DAY_MS });
  await give({ state: 'released', inPayout: true });
  await give({ state: 'voided', takenBackMinor: 1_500, reason: 'not_eligible' });
  await give({ state: 'paid', unit: 'points', grantedMinor: 12_000 });
  await putReward(api, tenant, { programId, memberId, state: 'expired', unit: 'JPY', grantedMinor: 700 });
  await putRefusal(api, tenant, { programId, memberId, reason: 'budget_spent' });
  const { text } = await visit();
  for (const part of [
    'Yours from July 10, 2026, unless the payment is refunded before.', 'Under review: it goes on as soon as the question is settled.', 'Its waiting time is over; it becomes yours in a moment.',
    '€15.00', 'It was €20.00; €5.00 was taken back after a refund.', 'Can be used until June 15, 2026.', 'On its way to you with the next payout.',
    'It did not meet the conditions, or no longer did after a refund.', '12,000 points', '¥700', 'for a goal reached', 'What was set aside for these rewards is used up.',
    '<dt>On hold</dt><dd>€45.00</dd>', '<dt>Available</dt><dd>€30.00</dd>',
  ]) expect(text).toContain(part);
  expect(text).not.toContain('for operators only');
  expect(listIn(await summary(), 'rewards').map(({ waitsFor }) => waitsFor)).toContainEqual({ kind: 'hold', until: '2026-07-09T22:30:00.000Z' });
});

test('shows the next step of each milestone, by the program\'s own count', async () => {
  await putMilestones(api, programId, [{ key: 'friends', counts: 'signed_up', tiers: [{ reached: 1, unit: 'EUR', amountMinor: 100 }, { reached: 5, unit: 'EUR', amountMinor: 1_000 }] }]);
  await friend('friend-1');
  await friend('friend-2');
  expect(listIn(await summary(), 'milestones')).toMatchObject([{ have: 2, reached: 5, counts: 'signed_up', unit: 'EUR', amountMinor: 1_000 }]);
  expect((await visit()).text).toMatch(/€10\.00.*2 of 5 sign-ups[\s\S]*<progress max="5" value="2"/);
});

test('holds nothing of any friend, and nothing of another member', async () => {
  const referralId = await friend('friend-1', { activated: true, qualified: true });
  await putReward(api, tenant, { programId, memberId: await idOfMember(api, tenant, 'friend-1'), referralId, side: 'referee', grantedMinor: 98_700 });
  const friendId = await idOfMember(api, tenant, 'friend-1');
  const whole = `${(await visit()).text} ${JSON.stringify(await summary())}`;
  for (const secret of ['friend-1', friendId, referralId, 'Name of', '987.00', '98700', memberId]) expect(whole).not.toContain(secret);
  expect((await visit('friend-1')).text).toContain('€987.00');
});

test('a policy lets in its one style and one script, and nothing else; nothing keeps or tells its address', async () => {
  const { headers, text } = await visit();
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'sha256-[\w+/=]+'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'$/);
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex, nofollow', 'x-content-type-options': 'nosniff' });
  expect(text.match(/<script/g)).toHaveLength(1);
  expect(text).not.toMatch(/<link|<img|<iframe|\sstyle=|\son\w+=/);
});

test('is in the member\'s language, else in the browser\'s', async () => {
  await api.send(tenant, 'PUT', '/v1/members/ana', { locale: 'fr-CA' });
  expect((await visit('ana', { 'accept-language': 'de' })).text).toContain('<h1>Inviter des amis sur Kite Club</h1>');
  expect((await visit('friend-1', { 'accept-language': 'de' })).text).toContain('<h1>Freunde zu Kite Club einladen</h1>');
  expect(JSON.stringify(await summary())).toContain('Voici mon lien');
  expect(JSON.stringify(await summary('ana', '?lang=es'))).toContain('Este es mi enlace');
  expect((await api.send(tenant, 'GET', '/v1/members/ana/referral-summary?lang=xx')).status).toBe(400);
});

test('without a link, or with a revoked one, it says so and shows the rest', async () => {
  await api.database.superuser`update links set revoked_at = ${NOON} where member_id = ${memberId}`;
  const { status, text } = await visit();
  expect([status, text.includes('Your link is not ready.'), text.includes('Your rewards')]).toEqual([200, true, true]);
  expect((await summary())['link']).toBeNull();
});

test('a database that fails answers 503 and leaves the token good', async () => {
  const path = await makeToken();
  const { superuser } = api.database;
  await superuser`alter table embed_tokens rename to embed_tokens_away`;
  try {
    expect((await open(path)).status).toBe(503);
  } finally {
    await superuser`alter table embed_tokens_away rename to embed_tokens`;
  }
  expect((await open(path)).status).toBe(303);
});
