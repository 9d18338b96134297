import { HOUR_MS, NOON, decision, kindsOf, message, planned, tell, titleOf } from './explain-sample.ts';

const putOff = (when: number, inputs: Record<string, unknown>) => decision('put_off', when, { actor: 'sender', rule: 'who says "later" is asked again later.', inputs: { step: 0, ...inputs } });
const accepted = planned('accepted_and_planned', NOON, new Date(NOON).toISOString());

test('a message that was put off says why, in whose words, and when it is tried again', () => {
  const story = tell({
    invite: { reason: 'deferred', tries: 1, dueAt: NOON + 5 * 60_000 },
    decisions: [accepted, putOff(NOON + 1000, { reason: 'deferred', detail: '450 4.7.1 Greylisted', tries: 1, againAt: '2026-06-10T12:05:01.000Z' })],
  });
  expect(kindsOf(story)).toEqual(['accepted', 'planned', 'put_off']);
  expect(titleOf(story, 'put_off')).toBe('The invitation was put off, because the recipient\'s server said "later": “450 4.7.1 Greylisted”; it is tried again Wed 10 June 21:05:01 in Asia/Tokyo (Wed 12:05:01 UTC).');
  expect(story.entries.at(-1)).toMatchObject({ actor: 'sender', inputs: { reason: 'deferred', tries: 1 } });
});

test('our own trouble with the mail server is told without the recipient being blamed', () => {
  const story = tell({ decisions: [accepted, putOff(NOON + 1000, { step: 1, reason: 'server_busy', tries: 0 })] });
  expect(titleOf(story, 'put_off')).toBe('Reminder 1 was put off, because the mail server took no more connections for now.');
});

test('an expiry that the sender wrote down is told once, with what it means', () => {
  const at = NOON + 14 * 24 * HOUR_MS + 7000;
  const story = tell({ invite: { state: 'expired', step: null, dueAt: null }, decisions: [accepted, decision('expired', at, { actor: 'sender' })] });
  expect(kindsOf(story)).toEqual(['accepted', 'planned', 'expired']);
  expect(story.entries.at(-1)).toMatchObject({ at, title: 'Its time was up before it could leave; nothing was sent.', source: { kind: 'decision' } });
});

test('a message that was given up is told once, at the time when it was', () => {
  const at = NOON + 75 * HOUR_MS;
  const story = tell({
    invite: { state: 'unknown_expired', step: null, dueAt: null },
    messages: [message(0, 'unknown_expired', NOON + HOUR_MS, { reason: 'no_answer' })],
    decisions: [accepted, decision('given_up', at, { actor: 'sender' })],
  });
  expect(kindsOf(story)).toEqual(['accepted', 'planned', 'unknown', 'given_up']);
  expect(story.entries.at(-1)).toMatchObject({ at });
});
