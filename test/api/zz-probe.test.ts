import { openTestApi, textIn } from '../support/api.ts';
test('probe', async () => {
  const api = await openTestApi();
  try {
    const tenant = await api.makeTenant();
    await api.send(tenant, 'PUT', '/v1/members/ana', {});
    await api.send(tenant, 'PUT', '/v1/members/ben', {});
    await api.send(tenant, 'PUT', '/v1/units', { units: [{ unit: 'xp', title: 'XP' }] });
    const prog = async (loop: string) => textIn((await api.send(tenant, 'POST', '/v1/programs', { loop, title: 'X' })).body, 'id');
    const spot = await prog('achievement-spotlight');
    const out: unknown[] = [];
    const go = async (name: string, body: unknown, path = '/v1/runs') => { const r = await api.send(tenant, 'POST', path, body as Record<string, unknown>); out.push([name, r.status, r.text.slice(0, 200)]); };
    await go('surrogate', { programId: spot, externalId: 'ana', input: { badge: '\ud800x' } });
    await go('huge level', { programId: spot, externalId: 'ana', input: { badge: 'a', level: 1e308 } });
    await go('proto', JSON.parse(`{"programId":"${spot}","externalId":"ana","input":{"badge":"b","__proto__":"x"}}`));
    await go('ctor', { programId: spot, externalId: 'ana', input: { badge: 'c', constructor: 1 } });
    await go('emoji', { programId: spot, externalId: 'ana', input: { badge: '🏅'.repeat(100) } });
    const chal = await prog('buddy-challenge');
    const qs = [0, 1, 2].map((n) => ({ text: `q${String(n)}\ud800`, choices: ['a', 'b'], answer: 0 }));
    await go('deck surrogate', { programId: chal, externalId: 'ana', deck: { questions: qs } });
    await go('deck title', { programId: chal, externalId: 'ana', deck: { title: '\u202Ex', questions: qs.map((q) => ({ ...q, text: 'q\u0007' })) } });
    await go('score', { programId: chal, externalId: 'ana', input: { score: 0.5 }, deck: { questions: qs.map((q, n) => ({ ...q, text: `t${String(n)}` })) } });
    await go('score-', { programId: chal, externalId: 'ana', input: { score: -1 }, deck: { questions: qs.map((q, n) => ({ ...q, text: `t${String(n)}` })) } });
    await go('moment', { externalId: 'ana', moment: 'practice_completed', momentId: 'm1', data: { right: 1e308, of: 5 } }, '/v1/prompts/decide');
    await go('moment again', { externalId: 'ana', moment: 'practice_completed', momentId: 'm1', data: { right: 3, of: 5 } }, '/v1/prompts/decide');
    await go('moment sur', { externalId: 'ana', moment: 'practice_completed', momentId: 'm2\ud800', data: { right: 3, of: 5 } }, '/v1/prompts/decide');
    await go('moment data sur', { externalId: 'ben', moment: 'practice_completed', momentId: 'm3', data: { right: 3, of: 5, x: '\ud800', __proto__: null } }, '/v1/prompts/decide');
    await go('ev zone', { events: [{ eventId: 'e1', type: 'practice_completed', externalId: 'ana', properties: { zone: 'Europe/Berlin' } }, { eventId: 'e2', type: 'practice_completed', externalId: 'ana', properties: { zone: "'; drop table" } }, { eventId: 'e3', type: 'practice_completed', externalId: 'ana', occurredAt: '2000-01-01T00:00:00Z', properties: { zone: 'Etc/GMT+12' } }] }, '/v1/events');
    const streaks = await api.send(tenant, 'GET', '/v1/members/ana/streaks');
    out.push([streaks.status, streaks.text.slice(0, 300)]);
    console.log(out.map((line) => JSON.stringify(line)).join('\n'));
  } finally { await api.close(); }
}, 60_000);
