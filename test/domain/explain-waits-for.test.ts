import { REFUSAL_REASONS } from '../../src/domain/invite/refusal-reasons.ts';
import { breakerHold } from '../../src/domain/sending/hold.ts';
import { at, decision, HOUR_MS, INVITE, message, NOON, PROGRAM, tell, TENANT } from './explain-sample.ts';

const EIGHT = at('2026-06-10T23:00:00Z');
type Sample = Parameters<typeof tell>[0];
const waitsFor = (sample?: Sample, now = NOON + HOUR_MS): string => tell(sample, now).now.waitsFor;
const sent = { messages: [message(0, 'handed_off', NOON)] };

const sentences: [sentence: string, sample: Sample, now?: number][] = [
  ['leaves Thu 11 June 08:00 in Asia/Tokyo (Wed 23:00 UTC)', {}],
  ['its sender: due since Thu 11 June 08:00 in Asia/Tokyo (Wed 23:00 UTC)', {}, EIGHT],
  ['its sender: due since Thu 11 June 08:00 in Asia/Tokyo (Wed 23:00 UTC); held by the breaker: mail server smtp.example fails (cannot_connect); it is tried again at 2026-06-10T23:00:30Z',
    { laneHold: breakerHold('email:smtp.example', { reason: 'cannot_connect', until: EIGHT + 30_000 }) }, EIGHT],
  ['its sender, which plans it again before it may leave, because something it was planned from changed', { invite: { stale: true } }],
  ['another try Thu 11 June 08:00 in Asia/Tokyo (Wed 23:00 UTC): the recipient\'s server said "later" (2 tries so far)', { invite: { reason: 'deferred', tries: 2 } }],
  ['another try Thu 11 June 08:00 in Asia/Tokyo (Wed 23:00 UTC): the mail server could not be reached', { invite: { reason: 'cannot_connect' } }],
  ['reminder 1 leaves Thu 11 June 08:00 in Asia/Tokyo (Wed 23:00 UTC)', { ...sent, invite: { state: 'handed_off', step: 1 } }],
  ['its sender: reminder 1 is due since Thu 11 June 08:00 in Asia/Tokyo (Wed 23:00 UTC)', { ...sent, invite: { state: 'handed_off', step: 1 } }, EIGHT + 1],
  ['an answer: the person may join until Wed 24 June 21:00 in Asia/Tokyo (Wed 12:00 UTC); no further message leaves', { ...sent, invite: { state: 'handed_off', step: null, dueAt: NOON + 14 * 24 * HOUR_MS } }],
  ['an answer: the person may join until Wed 24 June 21:00 in Asia/Tokyo (Wed 12:00 UTC); no further message leaves (its reminders were stopped: canceled)', { ...sent, invite: { state: 'handed_off', step: null, stopReason: 'canceled' } }],
  [`held: program ${PROGRAM} is paused since Wed 10 June 12:30 UTC; it expires Wed 24 June 21:00 in Asia/Tokyo (Wed 12:00 UTC)`, { program: { pausedAt: NOON + HOUR_MS / 2 } }],
  ['held: the tenant is paused since Wed 10 June 12:00 UTC, and email is stopped since Wed 10 June 12:00 UTC (wrong price); it expires Wed 24 June 21:00 in Asia/Tokyo (Wed 12:00 UTC)', { tenant: { pausedAt: NOON }, hardStop: { reason: 'wrong price', since: NOON } }],
  ['evidence: the invitation may have arrived (the sender was lost while it was on the wire); a delivery report, a bounce or a late record settles it, else it is given up Sun 14 June 08:00 in Asia/Tokyo (Sat 23:00 UTC)',
    { messages: [message(0, 'unknown', EIGHT)], invite: { state: 'unknown', reason: 'sender_lost', step: null, dueAt: EIGHT + 72 * HOUR_MS } }],
  ['nothing: it ended joined', { invite: { state: 'joined', step: null, dueAt: null } }],
  ['nothing: it ended expired', { invite: { state: 'expired', step: null, dueAt: null } }],
  ['nothing: it ended canceled', { invite: { state: 'canceled', step: null, dueAt: null } }],
  ['nothing: it ended unknown, and is not sent again', { invite: { state: 'unknown_expired', step: null, dueAt: null } }],
  ['nothing: it ended refused (the mailbox is full)', { invite: { state: 'refused', reason: 'mailbox_full', step: null, dueAt: null } }],
  ['nothing: it ended refused (some new code)', { invite: { state: 'refused', reason: 'some_new_code', step: null, dueAt: null } }],
];

test.each(sentences.map(([sentence, sample, now = NOON + HOUR_MS]) => ({ sentence, sample, now })))('$sentence', ({ sentence, sample, now }) => {
  expect(waitsFor(sample, now)).toBe(sentence);
});

test('what is held is next due at its expiry, and is told by whom, since when and why', () => {
  const { now } = tell({ program: { pausedAt: NOON + 1 }, tenant: { pausedAt: NOON + 2 }, hardStop: { reason: 'wrong price', since: NOON + 3 } });
  expect(now).toMatchObject({ state: 'waiting', nextAt: NOON + 14 * 24 * HOUR_MS, permittedUntil: at('2026-06-11T12:00:00Z') });
  expect(now.heldBy).toEqual([
    { kind: 'tenant_paused', id: TENANT, since: NOON + 2, reason: null }, { kind: 'hard_stop', id: 'email', since: NOON + 3, reason: 'wrong price' }, { kind: 'program_paused', id: PROGRAM, since: NOON + 1, reason: null },
  ]);
});

test.each<[string, Sample]>([
  ['ended', { invite: { state: 'joined', step: null, dueAt: null } }],
  ['on the wire', { claim: { attemptId: 1, epoch: 1, claimedAt: NOON } }],
  ['sent without a reminder to come', { ...sent, invite: { state: 'handed_off', step: null } }],
  ['unknown', { invite: { state: 'unknown', step: null } }],
])('a pause holds nothing of what is %s', (_what, sample) => {
  expect(tell({ ...sample, tenant: { pausedAt: NOON } }).now.heldBy).toEqual([]);
});

test.each(Object.keys(REFUSAL_REASONS))('a refusal for %s tells its rule in plain words', (reason) => {
  const { entries, now } = tell({
    invite: { state: 'refused', reason, step: null, dueAt: null, duplicateOf: INVITE }, recipient: { zones: [], zoneSource: null, contactId: null }, decisions: [decision('refused', NOON, { rule: reason })],
  });
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({ kind: 'refused', inputs: { reason } });
  expect(entries[0]?.rule).toMatch(/^[A-Z].+\.$/);
  expect(now.waitsFor).toMatch(/^nothing: it ended refused \(.+\)$/);
});
