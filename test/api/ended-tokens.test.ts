import { openTestApi } from '../support/api.ts';
import { fromPage, openPage } from '../support/browser-calls.ts';

const HOUR_MS = 3_600_000;

test('pages that go on asking with tokens that have ended shut out nobody else of their network', async () => {
  const own = await openTestApi({ trustProxy: 1 });
  try {
    const school = await own.makeTenant();
    const headers = { 'x-forwarded-for': '203.0.113.77' };
    const late = await openPage(own, school, 'ana');
    own.clock.advance(HOUR_MS);
    const statuses = new Set<number>();
    for (let asked = 0; asked < 30; asked += 1) statuses.add((await fromPage(own, late, 'GET', '/v1/feed', undefined, { headers })).status);
    expect([...statuses]).toEqual([401]);
    expect((await fromPage(own, await openPage(own, school, 'ben'), 'GET', '/v1/feed', undefined, { headers })).status).toBe(200);
    const forged = { ...late, token: `${late.token.slice(0, -1)}${late.token.endsWith('A') ? 'B' : 'A'}` };
    for (let asked = 0; asked < 30; asked += 1) statuses.add((await fromPage(own, forged, 'GET', '/v1/feed', undefined, { headers })).status);
    expect([...statuses]).toEqual([401, 429]);
  } finally {
    await own.close();
  }
});
