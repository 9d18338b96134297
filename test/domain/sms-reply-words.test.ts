import { measureSms } from '../../src/domain/message/sms-segments.ts';
import { smsReplyText } from '../../src/domain/message/sms-reply-words.ts';
import { readSmsReply } from '../../src/domain/message/sms-keywords.ts';
import { inviteCopy } from '../../workflows/invite/copy.ts';

const KITE = { name: 'Kite Club', contact: 'hello@kite.example', locale: null };

describe.each(Object.keys(inviteCopy))('in %s', (locale) => {
  test.each(['stopped', 'started', 'help'] as const)('the reply "%s" names who wrote, and costs one segment', (kind) => {
    const text = smsReplyText(kind, [{ ...KITE, locale }]);
    expect(text).toContain('Kite Club');
    expect(text).not.toMatch(/[{}]/);
    expect(measureSms(text)).toMatchObject({ encoding: 'GSM-7', segments: 1 });
  });

  test('every reply says how to go on: after a STOP the way back, else the way out', () => {
    expect(smsReplyText('stopped', [{ ...KITE, locale }])).toContain('START');
    expect(smsReplyText('started', [{ ...KITE, locale }])).toContain('STOP');
    expect(smsReplyText('help', [{ ...KITE, locale }])).toMatch(/STOP.*hello@kite\.example$/);
  });

  test('it is its own language, not the English one', () => {
    const english = smsReplyText('stopped', [{ ...KITE, locale: 'en' }]);
    expect(smsReplyText('stopped', [{ ...KITE, locale }]) === english).toBe(locale === 'en');
  });
});

test.each([['de-CH', 'keine SMS'], ['FR_ca', 'plus de SMS'], ['xx', 'no more texts'], ['not a tag', 'no more texts'], [null, 'no more texts']])('for the locale %s: %s', (locale, words) => {
  expect(smsReplyText('stopped', [{ ...KITE, locale }])).toContain(words);
});

test('of several tenants all are named, three at most, and none has a contact named', () => {
  const named = (count: number): string => smsReplyText('help', ['A', 'B', 'C', 'D'].slice(0, count).map((name) => ({ ...KITE, name })));
  expect(named(2)).toBe('A, B: invitations and reminders by text. Reply STOP to get no more.');
  expect(named(4)).toMatch(/^A, B, C …: /);
});

test('a name is one clean line of thirty characters, and fills no place of ours', () => {
  const text = smsReplyText('stopped', [{ ...KITE, name: `{contact}\n\u202e${'x'.repeat(100)}` }]);
  expect(text).toMatch(/^\{contact\} x+…: you get no more texts/);
  expect(text).not.toContain('\n');
  expect(text.indexOf(':')).toBeLessThanOrEqual(31);
});

test('"STOP PLEASE" opts out, "stopped by" does not', () => {
  expect(readSmsReply('STOP PLEASE')).toMatchObject({ asks: 'stop', vendorReplied: false });
  expect(readSmsReply('stopped by')).toMatchObject({ asks: 'none' });
});
