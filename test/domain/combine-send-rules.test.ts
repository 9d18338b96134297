import { bufferDays, combineSendRules } from '../../src/domain/invite/combine-send-rules.ts';
import { planSend } from '../../src/domain/send-time/plan-send.ts';

test('layers of all parties are kept, so that each of them must permit', () => {
  const rules = combineSendRules({
    law: { layers: [{ label: 'law', windows: [{ start: '08:00', end: '20:00' }] }] },
    tenant: { layers: [{ label: 'tenant', windows: [{ start: '07:00', end: '18:00' }] }] },
    program: { layers: [{ label: 'program', quiet: [{ days: [6], start: '09:00', end: '18:00' }] }] },
    memberQuiet: [{ start: '08:00', end: '10:00' }],
  });
  expect(rules.layers?.map((layer) => layer.label)).toEqual(['law', 'tenant', 'program', 'member quiet hours']);
  const plan = planSend({ now: Date.parse('2026-06-13T06:00:00Z'), zone: 'UTC', rules });
  // Saturday: the member sleeps until 10, the program is silent from 9 to 18, the tenant closes at 18; Sunday it is the member alone
  expect(plan).toMatchObject({ outcome: 'deferred', sendAt: Date.parse('2026-06-14T10:00:00Z') });
});

test('of single values the strictest counts', () => {
  const rules = combineSendRules({
    tenant: { minRemainingMinutes: 30, maxDelayMinutes: 600, policy: 'hold' },
    program: { minRemainingMinutes: 60, maxDelayMinutes: 900, policy: 'drop' },
  });
  expect(rules).toMatchObject({ minRemainingMinutes: 60, maxDelayMinutes: 600, policy: 'drop', class: 'marketing' });
});

test('three days either side of an event are silent', () => {
  expect(bufferDays(['2026-07-04'], 3)).toEqual(['2026-07-01', '2026-07-02', '2026-07-03', '2026-07-04', '2026-07-05', '2026-07-06', '2026-07-07']);
  const rules = combineSendRules({ tenant: {}, program: {}, eventDates: ['2026-07-04'], eventBufferDays: 3 });
  const plan = planSend({ now: Date.parse('2026-07-01T12:00:00Z'), zone: 'UTC', rules });
  expect(plan).toMatchObject({ sendAt: Date.parse('2026-07-08T00:00:00Z') });
});

test('without a buffer an event silences nothing', () => {
  expect(combineSendRules({ tenant: {}, program: {}, eventDates: ['2026-07-04'] }).blackoutDates).toEqual([]);
});

test('a program may begin late, end early and be transactional; the tenant can only be stricter about time', () => {
  const rules = combineSendRules({
    tenant: { notBefore: '2026-06-01T00:00:00Z', expiresAt: '2026-07-01T00:00:00+02:00', class: 'transactional' },
    program: { notBefore: '2026-06-05T00:00:00Z', expiresAt: '2026-07-01T00:00:00Z', fallbackZone: 'Asia/Tokyo' },
  });
  expect(rules).toMatchObject({ notBefore: '2026-06-05T00:00:00Z', expiresAt: '2026-07-01T00:00:00+02:00', fallbackZone: 'Asia/Tokyo', class: 'marketing' });
});
