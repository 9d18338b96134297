import { PAYOUT_STATES } from '../../src/domain/payout/payout-state.ts';
import { makeMessageId, isWebhookMessageId } from '../../src/domain/webhook/message-id.ts';
import { FAILING_FOR_MS, hasFailedTooLong, nextTryAt, RETRY_DELAYS_MS, TRIES } from '../../src/domain/webhook/retry-schedule.ts';
import { isWebhookType, WEBHOOK_TYPES } from '../../src/domain/webhook/types.ts';
import { isTypePattern, typesWanted, wantsType } from '../../src/domain/webhook/wanted-types.ts';
import { writeWebhookBody } from '../../src/domain/webhook/write-body.ts';

const now = Date.parse('2026-06-10T12:00:00Z');
const HOUR_MS = 3_600_000;
const next = (tries: number, more: Partial<Parameters<typeof nextTryAt>[0]> = {}) => nextTryAt({ tries, now, chance: 0, retryAfterMs: null, ...more });

test('tries follow the schedule of Standard Webhooks, 75 hours and 35 minutes in all, and then end', () => {
  const delays = Array.from({ length: TRIES }, (_, i) => next(i + 1)).map((at) => (at === null ? null : at - now));
  expect(delays).toEqual([5_000, 300_000, 1_800_000, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_MS), null]);
  expect(RETRY_DELAYS_MS.reduce((sum, ms) => sum + ms, 0)).toBe(75 * HOUR_MS + 35 * 60_000 + 5_000);
});

test('chance makes a delay up to a fifth longer, never shorter', () => {
  expect([0, 0.5, 0.999].map((chance) => Math.round(((next(3, { chance }) ?? 0) - now) / 18_000) / 100)).toEqual([1, 1.1, 1.2]);
});

test('an endpoint that asks for more time gets it, up to a day; for less it does not; after the last try nothing helps', () => {
  expect(next(1, { retryAfterMs: 60_000 })).toBe(now + 60_000);
  expect(next(2, { retryAfterMs: 60_000 })).toBe(now + 300_000);
  expect(next(1, { retryAfterMs: 90 * 24 * HOUR_MS })).toBe(now + 24 * HOUR_MS);
  expect(next(TRIES, { retryAfterMs: 60_000 })).toBeNull();
});

test('an endpoint has failed for too long after five days without anything that got through', () => {
  expect([null, now, now - FAILING_FOR_MS + 1, now - FAILING_FOR_MS].map((since) => hasFailedTooLong(since, now))).toEqual([false, false, false, true]);
});

test.each([
  [['*'], 'reward.paid', true], [['reward.*'], 'reward.paid', true], [['reward.paid'], 'reward.paid', true], [['referral.*', 'reward.held'], 'reward.paid', false],
  [['reward.pai'], 'reward.paid', false], [['reward'], 'reward.paid', false], [['rew.*'], 'reward.paid', false], [[], 'reward.paid', false],
])('%j takes %s: %s', (patterns, type, wanted) => { expect(wantsType(patterns, type)).toBe(wanted); });

test('a pattern that fits no type is a mistake', () => {
  for (const good of ['*', 'referral.*', 'payout.completed', 'webhook.*']) expect([good, isTypePattern(good)]).toEqual([good, true]);
  for (const bad of ['', '**', 'refferal.*', 'payout.done', 'payout.', '.*', 'payout.*.*', 'Payout.*', 'constructor', 'toString.*']) expect([bad, isTypePattern(bad)]).toEqual([bad, false]);
});

test('every type is of letters and one full stop, says what it means and names its fields', () => {
  for (const [type, { says, data }] of Object.entries(WEBHOOK_TYPES)) {
    expect(type).toMatch(/^[a-z_]+\.[a-z_]+$/);
    expect(says).toMatch(/^[A-Z].*[.]$/);
    expect(Object.keys(data).length).toBeGreaterThan(0);
  }
  expect(typesWanted(['*'])).toEqual(Object.keys(WEBHOOK_TYPES).filter((type) => type !== 'webhook.test'));
});

test('an id of a message is of our ids\' form, sorts by time and holds no full stop', () => {
  const ids = [now, now + 1, now + HOUR_MS].map((at, i) => makeMessageId(at, new Uint8Array(10).fill(255 - i)));
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.every((id) => isWebhookMessageId(id) && !id.includes('.'))).toBe(true);
  expect(makeMessageId(now, new Uint8Array(10)) <= makeMessageId(now, new Uint8Array(10).fill(1))).toBe(true);
});

test('a body has type, the event\'s own time, its number, and data', () => {
  const event = { type: 'reward.paid', at: now, sequenceOf: 'ref_1', sequence: 3, data: { rewardId: 'rew_1' } };
  expect(JSON.parse(writeWebhookBody(event))).toEqual({ type: 'reward.paid', timestamp: '2026-06-10T12:00:00.000Z', sequence: { of: 'ref_1', number: 3 }, data: { rewardId: 'rew_1' } });
  expect(JSON.parse(writeWebhookBody({ ...event, sequenceOf: null, sequence: null }))).toMatchObject({ sequence: null });
});

test('every state of a payout and every step of a referral has its type', () => {
  const steps = [...Object.keys(PAYOUT_STATES).map((state) => `payout.${state}`), ...['activated', 'qualified', 'rewarded', 'voided'].map((state) => `referral.${state}`)];
  expect(steps.filter((type) => !isWebhookType(type))).toEqual([]);
});
