import { boardDesk } from '../../src/api/board-desk.ts';
import { readBoardToken } from '../../src/domain/rally/board-token.ts';
import { openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { readEvents } from '../support/event-stream.ts';
import type { EventReader } from '../support/event-stream.ts';
import { openPage } from '../support/open-page.ts';
import { openFriend } from '../support/play.ts';
import { arrangeRallies, practise, readBoardOf, startRally } from '../support/rally.ts';
import type { Rally } from '../support/rally.ts';

let api: TestApi;
let tenant: TestTenant;
let programId: string;
let rally: Rally;

beforeAll(async () => { api = await openTestApi(); });
beforeEach(async () => {
  api.clock.advance(60_000);
  tenant = await api.makeTenant();
  programId = await arrangeRallies(api, tenant);
  rally = await startRally(api, tenant, programId);
});
afterAll(() => api.close());

const look = async (path: string, language = 'en'): Promise<string> => (await openFriend(api, language).get(path)).text;
const pathOf = async (externalId: string): Promise<string> => new URL((await readBoardOf(api, tenant, rally.runId, `?externalId=${externalId}`)).url).pathname;

test('it shows the ten best, ties, who practises, and the own rank, also beyond the ten', async () => {
  expect(await look(rally.boardPath)).toContain('You are on the board, and have no score yet.');
  for (let n = 0; n < 12; n += 1) await practise(api, tenant, `player-${String(n)}`, { score: n < 2 ? 500 : 100 - n, runId: rally.runId });
  const text = await look(await pathOf('player-11'));
  expect(text).toContain('12 are practising now.');
  expect(text).toContain('You are number 12 of 13.');
  expect(text.match(/<tr/g)).toHaveLength(1 + 10 + 1);
  expect(text.match(/<td>1 <small>shared<\/small><\/td>/g)).toHaveLength(2);
  expect(text).toMatch(/<tr class="own apart" aria-current="true"><td>12<\/td>/);
  expect(await look(await pathOf('player-1'))).toContain('You are number 1 of 13. You share it with one other.');
  expect(Buffer.byteLength(text)).toBeLessThan(30_000);
});

test('nobody is named on it, and hostile texts are shown as texts', async () => {
  await api.send(tenant, 'PUT', '/v1/members/%3Cscript%3E', { name: '<script>alert(1)</script>' });
  const evil = await startRally(api, tenant, programId, { input: { cohort: '<script>alert(2)</script>\u202e', endsAt: new Date(rally.endsAt).toISOString() } });
  await practise(api, tenant, '<script>', { score: 5, runId: evil.runId });
  const text = await look(evil.boardPath);
  expect(text).toContain('<h1>&lt;script&gt;alert(2)&lt;/script&gt;</h1>');
  expect(text).not.toMatch(/alert\(1\)|Ana|mbr_|gst_|\u202e/);
  expect(text.match(/<script/g)).toHaveLength(1);
});

test('it speaks the reader\'s language, and lets in its one style and script alone', async () => {
  await practise(api, tenant, 'ana', { score: 5 });
  expect(await look(rally.boardPath, 'de')).toContain('Du bist auf Platz 1 von 1.');
  expect(await look(rally.boardPath, 'es')).toContain('Estás en el puesto 1 de 1.');
  const { headers } = await openFriend(api).get(rally.boardPath);
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'sha256-[\w+/=]+'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'$/);
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex, nofollow' });
});

test('nothing can be sent to it: no score comes from a page', async () => {
  const posted = await openPage(api.url, rally.boardPath, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'score=1000000' });
  expect(posted.status).toBe(405);
  expect((await readBoardOf(api, tenant, rally.runId)).top[0]?.score).toBe(0);
});

test('an altered address opens nothing', async () => {
  const { boardPath } = rally;
  for (const path of [`${boardPath.slice(0, -2)}${boardPath.endsWith('aa') ? 'bb' : 'aa'}`, '/b/x', '/b/%E0%A4', `${boardPath}x`, `/b/${'1'.repeat(400)}`]) expect((await openFriend(api).get(path)).status).toBe(404);
});

test('whoever is counted and in no row for want of a score is told of, so that the count can be understood', async () => {
  await practise(api, tenant, 'ben', { score: 5, runId: rally.runId });
  const ben = await pathOf('ben');
  const bens = await look(ben);
  expect([bens.includes('You are number 1 of 2.'), bens.match(/<tr/g)?.length, bens.includes('1 other is on the board, without a score.')]).toEqual([true, 2, true]);
  expect(await look(rally.boardPath)).not.toContain('without a score'); // ana's own row stands there
  await practise(api, tenant, 'cleo', { score: 0, runId: rally.runId });
  expect(await look(ben)).toContain('2 others are on the board, without a score.');
  expect(await look(rally.boardPath)).toContain('1 other is on the board, without a score.');
  for (let n = 0; n < 10; n += 1) await practise(api, tenant, `player-${String(n)}`, { score: 10, runId: rally.runId });
  expect(await look(ben)).not.toContain('without a score'); // the list shows ten of thirteen anyway
});

test('it says when it is over, and is live no more', async () => {
  await practise(api, tenant, 'ana', { score: 5 });
  api.clock.advance(3 * 86_400_000);
  const text = await look(rally.boardPath);
  expect(text).toContain('The board is closed.');
  expect(text).not.toContain('<script');
});

test('it is live: a score is told to all who watch, each with the own rank, without being asked', async () => {
  await practise(api, tenant, 'ben', { score: 5, runId: rally.runId });
  const [ana, ben] = await Promise.all([watch(rally.boardPath), watch(await pathOf('ben'))]);
  expect([await own(ana), await own(ben)]).toEqual([expect.stringContaining('no score yet'), expect.stringContaining('You are number 1 of 2.')]);
  await practise(api, tenant, 'ana', { score: 9 });
  expect([await own(ana), await own(ben)]).toEqual([expect.stringContaining('You are number 1 of 2.'), expect.stringContaining('You are number 2 of 2.')]);
  ana.close();
  ben.close();
  expect((await fetch(`${api.url}/b/nothing/live`)).status).toBe(404);
});

test('whoever watches is told at most ten times a second, and the last event is how it stands', async () => {
  const ana = await watch(rally.boardPath);
  await own(ana);
  for (let n = 1; n <= 20; n += 1) await practise(api, tenant, 'ana', { score: n }, { eventId: `burst-${String(n)}` });
  const seen: number[] = [];
  for (let text = ''; !text.includes('<td>210</td>');) {
    const { data, atMs } = await ana.next();
    text = String(data['board']);
    seen.push(atMs);
  }
  ana.close();
  for (const [n, atMs] of seen.entries()) expect(atMs - (seen[n - 10] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThan(900);
});

test('who asks while nobody has begun to read shares a reading, each with the own row; who asks later gets one that knows what was scored meanwhile', async () => {
  await practise(api, tenant, 'ben', { score: 5, runId: rally.runId });
  const [ana, ben] = await Promise.all(['ana', 'ben'].map(async (externalId) => {
    const link = readBoardToken(api.services.keyring, (await pathOf(externalId)).slice('/b/'.length));
    if (link === null) throw new Error('no board');
    return boardDesk(api.services, link);
  }));
  const asked = await Promise.all([ana, ben, ana].map(async (desk) => desk?.read()));
  expect(new Set(asked.map((read) => read?.view)).size).toBe(1);
  expect(asked.map((read) => read?.own?.score)).toEqual([0, 5, 0]);
  await practise(api, tenant, 'ana', { score: 9 });
  expect((await ana?.read())?.own?.score).toBe(9);
  ana?.leave();
  ben?.leave();
});

const watch = (path: string): Promise<EventReader> => readEvents(api.url, `${path}/live`, { host: 'flywheel.example' });
const own = async (reader: EventReader): Promise<string> => String((await reader.next()).data['own']);
