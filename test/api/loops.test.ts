import { liveLoopKeys } from '../../workflows/registry.ts';
import { loopRows } from '../../src/dev/loop-tables.ts';
import { listIn, NOON, openTestApi, type TestApi, type TestTenant } from '../support/api.ts';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await openTestApi();
  api.clock.set(NOON);
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

test('every loop that can be started is listed once, in the order of the guide\'s table, and read by its key as it is listed', async () => {
  const loops = listIn((await api.send(tenant, 'GET', '/v1/loops')).body, 'data');
  expect(loops.map(({ key }) => key)).toEqual(liveLoopKeys().toSorted());
  expect(loops.map(({ key, summary }) => [`\`${String(key)}\``, summary])).toEqual(loopRows().map(([key, summary]) => [key, summary]));
  for (const loop of loops) expect((await api.send(tenant, 'GET', `/v1/loops/${String(loop['key'])}`)).body).toEqual(loop);
});

test('a loop says what its start needs, what its roles hear and from whom, its numbers with their bounds, and when it is offered', async () => {
  const { body } = await api.send(tenant, 'GET', '/v1/loops/streak-rescue');
  expect(body['start']).toEqual({
    fields: expect.arrayContaining([
      { name: 'streakEndsAt', kind: 'instant', isOptional: false, isPrivate: false, withinHours: 48 },
      { name: 'buddy', kind: 'member', isOptional: true, isPrivate: false, withinHours: null },
    ]),
    occasion: ['streakDay'], invitees: { min: 0, max: 1 }, deck: expect.objectContaining({ minQuestions: expect.any(Number) }), hasBoard: false,
  });
  const [member] = listIn(body, 'roles');
  expect(member).toMatchObject({ name: 'member', hears: expect.arrayContaining([
    { type: 'practice_completed', fact: 'streak_saved_alone', data: {}, from: 'app' },
    { type: 'invitee_accepted', fact: 'buddy_joined', data: {}, from: 'flywheel' },
  ]) });
  expect(listIn(body, 'terms')).toContainEqual({ name: 'windowMinutes', default: 120, min: 10, max: 720 });
  expect(listIn(body, 'outcomes').map(({ name }) => name)).toEqual(expect.arrayContaining(['rescued', 'canceled', 'opted_out']));
  expect(body['prompt']).toMatchObject({ moments: [expect.objectContaining({ moment: 'streak_at_risk' })], goodForMinutes: expect.any(Number) });
});

test('a private field says so, and what is offered at no moment has no prompt', async () => {
  const parent = (await api.send(tenant, 'GET', '/v1/loops/proud-parent')).body;
  expect(parent['start']).toMatchObject({ fields: expect.arrayContaining([expect.objectContaining({ name: 'childName', kind: 'private text', isPrivate: true })]) });
  expect((await api.send(tenant, 'GET', '/v1/loops/study-buddy-nudge')).body).toMatchObject({ prompt: null, units: { xp: 'XP' } });
});

test.each(['invite', 'referral', 'nobody', 'toString', '__proto__'])('%s is no loop that could be started: not found, and the answer names those that are', async (key) => {
  expect(await api.send(tenant, 'GET', `/v1/loops/${key}`)).toMatchObject({ status: 404, body: { code: 'not_found', detail: expect.stringContaining('buddy-challenge') } });
});

test('without a secret key nothing is told', async () => {
  expect((await api.send({ ...tenant, secret: 'sk_nobody' }, 'GET', '/v1/loops')).status).toBe(401);
});
