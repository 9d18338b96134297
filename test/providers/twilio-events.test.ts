import fc from 'fast-check';
import { applyStatus, meaningOf, readInboundSms, readStatusCallback } from '../../src/providers/sms/twilio-events.ts';
import type { KnownStatus, SmsStatus, StatusEvent } from '../../src/providers/sms/twilio-events.ts';
import { readForm } from '../../src/providers/sms/twilio-signature.ts';

const SID = `SM${'0a'.repeat(16)}`;
const ACCOUNT = `AC${'1b'.repeat(16)}`;
const form = (values: Record<string, string>): ReturnType<typeof readForm> => readForm(new URLSearchParams({ MessageSid: SID, AccountSid: ACCOUNT, ...values }).toString());

describe('a status callback is read', () => {
  test('with the code of a failure', () => {
    expect(readStatusCallback(form({ MessageStatus: 'undelivered', ErrorCode: '30003', SmsStatus: 'undelivered', To: '+15005550001', From: '+15005550006' }))).toEqual({
      outcome: 'ok',
      event: { providerMessageId: SID, accountSid: ACCOUNT, status: 'undelivered', errorCode: 30003 },
    });
  });

  test.each(['', '0', '00'])('the code %j is none', (ErrorCode) => {
    expect(readStatusCallback(form({ MessageStatus: 'sent', ErrorCode }))).toMatchObject({ event: { status: 'sent', errorCode: null } });
  });

  test.each(['partially_delivered', 'receiving', '__proto__', 'toString', 'new <one>'])('a status we do not know (%s) is no error of the vendor\'s', (MessageStatus) => {
    expect(readStatusCallback(form({ MessageStatus }))).toMatchObject({ outcome: 'other' });
  });

  test.each<[Record<string, string>, string]>([
    [{}, 'MessageStatus'],
    [{ MessageStatus: 'sent', MessageSid: 'SM1' }, 'MessageSid'],
    [{ MessageStatus: 'sent', AccountSid: '' }, 'AccountSid'],
    [{ MessageStatus: 'sent', ErrorCode: 'many' }, 'ErrorCode'],
  ])('%j is refused by the field', (values, field) => {
    expect(readStatusCallback(form(values))).toEqual({ outcome: 'invalid', why: `missing or malformed: ${field}` });
  });

  test('a value that came twice is refused', () => {
    expect(readStatusCallback(readForm(`MessageSid=${SID}&AccountSid=${ACCOUNT}&MessageStatus=sent&MessageStatus=delivered`))).toMatchObject({ outcome: 'invalid' });
  });
});

describe('an inbound message is read', () => {
  test('with the vendor\'s verdict, NUL left out', () => {
    expect(readInboundSms(form({ From: '+15005550001', To: '+15005550006', Body: 'STOP\0 🛑', OptOutType: 'STOP', NumMedia: '0' }))).toEqual({
      outcome: 'ok',
      event: { providerMessageId: SID, accountSid: ACCOUNT, from: '+15005550001', to: '+15005550006', text: 'STOP 🛑', optOutType: 'STOP' },
    });
  });

  test('a picture without words, to a short code, with a verdict we do not know', () => {
    expect(readInboundSms(form({ From: '+15005550001', To: '12345', OptOutType: 'PAUSE' }))).toMatchObject({ outcome: 'ok', event: { to: '12345', text: '', optOutType: null } });
  });

  test('another channel is not ours', () => {
    expect(readInboundSms(form({ From: 'whatsapp:+15005550001', To: 'whatsapp:+15005550006', Body: 'hi' }))).toEqual({ outcome: 'other', what: 'channel whatsapp' });
  });

  test.each([{ To: '+15005550006', Body: 'x' }, { From: 'Ben', To: '+15005550006' }, { From: '+15005550001', To: '+15005550006', Body: 'x'.repeat(10_001) }])('%j is refused', (values) => {
    expect(readInboundSms(form(values))).toMatchObject({ outcome: 'invalid' });
  });
});

type Step = Pick<StatusEvent, 'status' | 'errorCode'>;
const at = (status: SmsStatus, errorCode: number | null = null): Step => ({ status, errorCode });
const afterAll = (steps: readonly Step[]): KnownStatus => steps.reduce<KnownStatus>((known, step) => applyStatus(known, step), null);

test.each<[string, Step[], Step]>([
  ['in order', [at('queued'), at('sending'), at('sent'), at('delivered')], at('delivered')],
  ['backwards', [at('delivered'), at('sent'), at('sending'), at('queued')], at('delivered')],
  ['twice', [at('sent'), at('sent'), at('delivered'), at('delivered')], at('delivered')],
  ['a failure after the delivery', [at('delivered'), at('undelivered', 30003)], at('delivered')],
  ['the delivery after a failure', [at('failed', 30008), at('delivered')], at('delivered')],
  ['sent, late, after a failure', [at('undelivered', 30003), at('sent')], at('undelivered', 30003)],
  ['a failure whose code comes later', [at('undelivered'), at('undelivered', 30007)], at('undelivered', 30007)],
  ['a code with a status that is no failure', [at('sent', 30003)], at('sent')],
  ['read after delivered', [at('read'), at('delivered')], at('read')],
])('%s', (_what, steps, end) => {
  expect(afterAll(steps)).toEqual(end);
});

const anyStep = fc.record({
  status: fc.constantFrom<SmsStatus>('accepted', 'queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'read', 'canceled', 'scheduled'),
  errorCode: fc.constantFrom(null, 30003, 30007, 30008),
});

test('whatever the order and however often repeated, the same events end alike', () => {
  fc.assert(
    fc.property(
      fc.array(anyStep, { minLength: 1, maxLength: 8 }).chain((steps) => fc.tuple(fc.constant(steps), fc.shuffledSubarray([...steps, ...steps], { minLength: steps.length * 2 }))),
      ([steps, shuffled]) => {
        // one of equal proof may stand for another: what counts is what they mean
        const [one, other] = [afterAll(steps), afterAll(shuffled)];
        if (one === null || other === null) throw new Error('nothing known');
        expect(meaningOf(other)).toEqual(meaningOf(one));
        expect(afterAll([...shuffled].reverse())).toEqual(other);
      },
    ),
  );
});

test('delivered is never taken back', () => {
  fc.assert(
    fc.property(fc.array(anyStep), fc.array(anyStep), (before, after) => {
      const known = afterAll([...before, at('delivered'), ...after]);
      expect(known === null ? null : meaningOf(known)).toEqual({ kind: 'delivered' });
    }),
  );
});

test.each<[SmsStatus, number | null, unknown]>([
  ['queued', null, { kind: 'on_its_way' }],
  ['sent', null, { kind: 'on_its_way' }],
  ['read', null, { kind: 'delivered' }],
  ['undelivered', 30003, { kind: 'not_delivered', verdict: { outcome: 'permanent', reason: 'handset_unreachable', suppress: false } }],
  ['undelivered', 30005, { kind: 'not_delivered', verdict: { outcome: 'permanent', reason: 'handset_unreachable', suppress: false } }],
  ['undelivered', 30006, { kind: 'not_delivered', verdict: { outcome: 'permanent', reason: 'number_unavailable', suppress: true } }],
  ['undelivered', 30007, { kind: 'not_delivered', verdict: { outcome: 'permanent', reason: 'filtered', suppress: false } }],
  ['failed', 21610, { kind: 'not_delivered', verdict: { outcome: 'permanent', reason: 'opted_out', suppress: true } }],
  ['failed', 30610, { kind: 'not_delivered', verdict: { outcome: 'retry', reason: 'quiet_hours', retryAfterMs: 3_600_000 } }],
  ['failed', 30047, { kind: 'not_delivered', verdict: { outcome: 'retry', reason: 'quiet_hours', retryAfterMs: 3_600_000 } }],
  ['failed', 99999, { kind: 'not_delivered', verdict: { outcome: 'permanent', reason: 'rejected', suppress: false } }],
  ['failed', null, { kind: 'not_delivered', verdict: { outcome: 'permanent', reason: 'rejected', suppress: false } }],
])('%s with %j means', (status, errorCode, meaning) => {
  expect(meaningOf({ status, errorCode })).toEqual(meaning);
});
