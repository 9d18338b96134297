import { failsOver } from '../../src/domain/message/fail-over.ts';

test.each(['mailbox_unavailable', 'mailbox_full', 'recipient_refused', 'rejected', 'undeliverable', 'bounced'])('an SMS takes over where an e-mail ended as %s', (reason) => {
  expect(failsOver('email', reason)).toBe(true);
});

test.each(['sender_refused', 'too_large', 'invalid_message', 'internal_error', 'no_answer', 'unclear_answer', 'sender_lost', 'expired', 'suppressed'])(
  'nothing takes over where the e-mail is not refused for what it is sent to: %s', (reason) => {
    expect(failsOver('email', reason)).toBe(false);
  });

test('an opt-out or a filter of texts is no reason to write by another way', () => {
  expect(['opted_out', 'filtered', 'expired'].filter((reason) => failsOver('sms', reason))).toEqual([]);
});
