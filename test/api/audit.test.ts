import { z } from 'zod';
import { inviteId } from '../../src/domain/ids.ts';
import { listIn, makeTestTenant, NOON, readPages } from '../support/api.ts';
import { arrangeInvites } from '../support/arrange-invites.ts';
import { openTestExplaining } from '../support/explaining.ts';
import type { TestExplaining } from '../support/explaining.ts';

let ops: TestExplaining;
beforeAll(async () => { ops = await openTestExplaining(); });
afterAll(() => ops.close());

const audit = async (query = '') => listIn((await ops.call('GET', `/v1/audit${query}`)).body, 'data');
const kinds = async (query = ''): Promise<unknown[]> => (await audit(query)).map((decision) => decision['kind']);

test('who gave out the page of a story and that it was opened stand in the audit, and not in the story', async () => {
  const { batchId } = await arrangeInvites(ops.sending.database, ops.sending.tenant.tenantId, NOON, 2);
  const [id, other] = [inviteId({ batchId, n: 0 }), inviteId({ batchId, n: 1 })];
  const path = await ops.link(id);
  expect(await kinds(`?subjectId=${id}`)).toEqual([]);
  const opened = await ops.page(path, { method: 'POST' });
  expect(await audit(`?subjectId=${id}`)).toEqual([{
    id: expect.stringMatching(/^dec_/), at: new Date(NOON).toISOString(), subjectId: batchId, inviteIds: [id], kind: 'explain_opened', rule: expect.any(String),
    inputs: { madeBy: ops.sending.tenant.keyId }, actor: 'link_holder',
  }]);
  await ops.page(path, { method: 'POST' });
  expect([await kinds(`?subjectId=${batchId}`), await kinds(`?subjectId=${other}`)]).toEqual([['explain_opened'], []]);
  expect([JSON.stringify(await ops.story(id)), opened.text].filter((text) => /explain.opened/i.test(text))).toEqual([]);
});

test('what is done to a tenant and its programs is listed newest first, page by page, without a gap', async () => {
  const programId = await ops.makeProgram();
  for (const verb of ['pause', 'resume', 'pause', 'resume']) {
    ops.sending.clock.advance(1_000);
    await ops.call('POST', `/v1/programs/${programId}/${verb}`);
  }
  const about = (await kinds(`?subjectId=${programId}`)).slice(0, 4);
  expect(about).toEqual(['program_resumed', 'program_paused', 'program_resumed', 'program_paused']);
  const pages = await readPages(ops.api, ops.sending.tenant, '/v1/audit', 3);
  const all = await audit('?limit=100');
  expect(pages.flat()).toEqual(all);
  expect(pages.length).toBe(Math.ceil(all.length / 3));
  const instants = all.map((decision) => z.string().parse(decision['at']));
  expect(instants).toEqual(instants.toSorted().toReversed());
});

test('a tenant reads its own audit: another\'s subjects are none of its', async () => {
  const stranger = await makeTestTenant(ops.sending.database, NOON, { name: 'Stranger' });
  const [decision] = await audit();
  const { body } = await ops.api.send(stranger, 'GET', `/v1/audit?subjectId=${z.string().parse(decision?.['subjectId'])}`);
  expect(body['data']).toEqual([]);
  expect((await ops.api.send(stranger, 'GET', '/v1/audit')).body['data']).toEqual([]);
});

test('what slipped into a decision\'s words all the same is blotted out', async () => {
  await ops.sending.database.superuser`
    insert into decisions (id, tenant_id, subject_id, kind, rule, inputs, actor, at)
    values ('dec_slip', ${ops.sending.tenant.tenantId}, 'slip', 'test', 'ben@friends.example asked', '{"email":"ben@friends.example","n":1}', 'test', ${NOON})`;
  const text = JSON.stringify(await audit('?subjectId=slip'));
  expect(text).not.toContain('friends.example');
  expect(text).toContain('"n":1');
});

test.each(['cursor=abc', 'cursor=WyJhdWRpdCIsIjEiLCJ4Il0', `cursor=${Buffer.from('["events","1","dec_01kx7m3p9q2r4s5t6v7w8x9y0z"]').toString('base64url')}`])('a cursor that this list did not make is refused: %s', async (query) => {
  expect(await ops.api.send(ops.sending.tenant, 'GET', `/v1/audit?${query}`)).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
});
