import { answerSpan } from '../../db/read/answer-slots.ts';
import { learnPeaks } from '../../db/write/learn-peaks.ts';
import { asId, type ProgramId } from '../../src/domain/ids.ts';
import { slotCounter, type AnswerCount } from '../../src/domain/send-time/local-slots.ts';
import { listIn, NOON, openTestApi, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { decisionsAbout, invite, inviteRow, makeProgram } from '../support/invites-api.ts';

const AFTERNOONS = { windows: [{ days: [4], start: '14:00', end: '16:00' }], waitHours: 48 };
let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  tenant = await api.makeTenant();
});

const peaksOf = async (programId: string) => (await api.send(tenant, 'GET', `/v1/programs/${programId}/peak-times`)).body;

/** Counts of 13 weeks in which Tuesdays 14:00 to 16:00 are answered thrice as well, learnt as the weekly run does. */
async function teach(programId: ProgramId, share = 1): Promise<void> {
  const counter = slotCounter<ProgramId>('UTC');
  for (let back = 1; back <= 91; back += 1) {
    const day = Date.parse('2026-06-09T00:00:00Z') - back * 86_400_000;
    counter.add(Array.from({ length: 13 }, (_, place): AnswerCount<ProgramId> => {
      const [sentAt, sent] = [day + (8 + place) * 3_600_000, Math.ceil(40 * share)];
      const isPeak = new Date(sentAt).getUTCDay() === 2 && (place === 6 || place === 7);
      return { scope: programId, batch: `${String(back)} ${String(place)}`, zones: ['UTC'], sentAt, sent, answered: Math.floor(sent * (isPeak ? 0.6 : 0.2)) };
    }));
  }
  await api.database.app.asTenant(tenant.tenantId, (tx) => learnPeaks(tx, { tenantId: tenant.tenantId, counter, span: answerSpan(NOON), now: NOON }));
}

test('a program without peak times says so', async () => {
  expect(await peaksOf(await makeProgram(api, tenant))).toEqual({ inForce: null, why: 'The program\'s terms name no peak times.', ofProgram: null, ofTenant: null });
});

test('times that the terms name are in force, and gone when they are taken away', async () => {
  const programId = await makeProgram(api, tenant, { peakTimes: AFTERNOONS });
  expect(await peaksOf(programId)).toMatchObject({ inForce: { source: 'terms', ...AFTERNOONS }, why: 'The program\'s terms name these times. A message waits up to 48 hours for one.' });
  const { body } = await api.send(tenant, 'PATCH', `/v1/programs/${programId}`, { terms: { peakTimes: null } });
  expect(body['terms']).not.toHaveProperty('peakTimes');
  expect(body['rulesVersion']).toBe(2);
  expect((await peaksOf(programId))['inForce']).toBeNull();
});

test('an accepted invite waits for the peak, and says why', async () => {
  const programId = await makeProgram(api, tenant, { peakTimes: AFTERNOONS });
  const [invited] = await invite(api, tenant, programId, ['a@b.example']);
  if (invited === undefined) throw new Error('nobody was invited');
  expect((await inviteRow(api, invited.ref))?.dueAt).toBe(Date.parse('2026-06-11T12:00:00Z'));
  const story = listIn((await api.send(tenant, 'GET', `/v1/invites/${invited.id}/explain`)).body, 'entries');
  expect(story.find((entry) => entry['kind'] === 'planned')).toMatchObject({
    rule: expect.stringMatching(/; moved to the peak Thu 14:00-16:00: Thu 11 June 14:00 in Europe\/Paris\.$/),
    inputs: { peak: { source: 'terms', ...AFTERNOONS } },
  });
});

test('new peak times bind what waits: it is planned again before it can leave', async () => {
  const programId = await makeProgram(api, tenant, { peakTimes: AFTERNOONS });
  const [invited] = await invite(api, tenant, programId, ['a@b.example']);
  if (invited === undefined) throw new Error('nobody was invited');
  await api.send(tenant, 'PATCH', `/v1/programs/${programId}`, { terms: { peakTimes: { ...AFTERNOONS, waitHours: 12 } } });
  expect((await inviteRow(api, invited.ref))?.stale).toBe(true);
});

test.each([
  [{ windows: [{ start: '14:00', end: '14:00' }], waitHours: 24 }, '/terms/peakTimes/windows/0'],
  [{ windows: [], waitHours: 24 }, '/terms/peakTimes/windows'],
  [{ ...AFTERNOONS, waitHours: 73 }, '/terms/peakTimes/waitHours'],
  [{ learnt: true, waitHours: 0 }, '/terms/peakTimes/waitHours'],
])('%j cannot be saved, and the answer names the field', async (peakTimes, path) => {
  const { status, body } = await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Kite days', terms: { peakTimes } });
  expect(status).toBe(400);
  expect(listIn(body, 'errors').map((error) => error['path'])).toEqual([path]);
});

test('learnt times say what they were learnt from, hour by hour', async () => {
  const programId = await makeProgram(api, tenant, { peakTimes: { learnt: true, waitHours: 24 } });
  expect(await peaksOf(programId)).toMatchObject({ inForce: null, why: expect.stringContaining('nothing has been counted yet') });
  await teach(asId('prg', programId));
  const body = await peaksOf(programId);
  expect(body).toMatchObject({
    inForce: { source: 'learnt_of_program', windows: [{ days: [2], start: '14:00', end: '16:00' }], waitHours: 24 },
    why: expect.stringContaining('Learnt from how this program\'s messages were answered.'),
    ofProgram: { outcome: 'learnt', needs: null, sent: 91 * 13 * 40, since: '2026-03-12T12:00:00.000Z', until: '2026-06-09T12:00:00.000Z', lookedAt: '2026-06-10T12:00:00.000Z' },
  });
  const [ofProgram] = [body['ofProgram'], body['ofTenant']].map((part) => (typeof part === 'object' && part !== null ? Object.fromEntries(Object.entries(part)) : {}));
  const hours = listIn(ofProgram ?? {}, 'hours');
  expect(hours).toHaveLength(91);
  expect(hours.find(({ weekday, hour }) => weekday === 2 && hour === 14)).toMatchObject({ sent: 13 * 40, answered: 13 * 24 });
  expect(await decisionsAbout(api, programId)).toContain('peaks_learnt');
});

test('a program that has taught too little follows all programs, and where there is too little of all it says what is missing', async () => {
  const [teacher, pupil] = [await makeProgram(api, tenant), await makeProgram(api, tenant, { peakTimes: { learnt: true, waitHours: 24 } })];
  await teach(asId('prg', pupil), 0.0001);
  expect((await peaksOf(pupil))['why']).toMatch(/no time of the week stands out|not enough data/);
  await teach(asId('prg', teacher));
  expect(await peaksOf(pupil)).toMatchObject({ inForce: { source: 'learnt_of_tenant' }, why: expect.stringContaining('this program alone has taught none') });
});

test('nobody reads another tenant\'s peak times', async () => {
  const programId = await makeProgram(api, tenant);
  const stranger = await api.makeTenant({ name: 'Stranger' });
  expect((await api.send(stranger, 'GET', `/v1/programs/${programId}/peak-times`)).status).toBe(404);
  expect(textIn((await api.send(stranger, 'GET', '/v1/programs/nobody/peak-times')).body, 'code')).toBe('not_found');
});
