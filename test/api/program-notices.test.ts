import { NOTICE_KINDS } from '../../src/domain/notice/notice-kinds.ts';
import { useTenant, useTestApi } from '../support/use-test-api.ts';

const api = useTestApi();
const tenant = useTenant(api);

test('a program says which steps members are told of, takes it back, and is told what it cannot name', async () => {
  const made = await api.send(tenant, 'POST', '/v1/programs', { loop: 'referral', title: 'Bring a friend', terms: { notices: ['reward_released'] } });
  expect([made.status, made.body['terms']]).toEqual([201, expect.objectContaining({ notices: ['reward_released'] })]);
  const path = `/v1/programs/${String(made.body['id'])}`;
  const none = await api.send(tenant, 'PATCH', path, { terms: { notices: [] } });
  expect(none.body['terms']).toMatchObject({ notices: [] });
  const standard = await api.send(tenant, 'PATCH', path, { terms: { notices: null } });
  expect(standard.body['terms']).not.toHaveProperty('notices');
  const wrong = await api.send(tenant, 'PATCH', path, { terms: { notices: ['reward_doubled'] } });
  expect(wrong.status).toBe(400);
  for (const kind of NOTICE_KINDS) expect(wrong.text).toContain(kind);
});
