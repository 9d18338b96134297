import fc from 'fast-check';
import { renderSms, type SmsContext } from '../../src/domain/message/render-sms.ts';
import { fitSms } from '../../src/domain/message/sms-segments.ts';
import { inviteCopy } from '../../workflows/invite/copy.ts';

const LINK = 'https://go.kite.example/l/abcdefghij';
const context: SmsContext = {
  copy: inviteCopy, step: 0, locale: 'en', inviter: { kind: 'member', name: 'Ana' }, inviteeName: 'Ben', tenantName: 'Kite', programTitle: 'Kite days', linkUrl: LINK,
  expiresAt: Date.parse('2026-07-01T00:00:00Z'), zone: 'Europe/Paris',
};
const LOCALES = Object.keys(inviteCopy);

test.each(LOCALES.flatMap((locale) => [0, 1].flatMap((step) => [{ kind: 'member' as const, name: 'Ana' }, { kind: 'tenant' as const }].map((inviter) => ({ locale, step, inviter })))))(
  'a text in $locale, step $step, says who writes, leads somewhere and how to stop it, in one segment of the GSM alphabet: $inviter.kind', ({ locale, step, inviter }) => {
    const { text, size } = renderSms({ ...context, locale, step, inviter });
    expect(text).toContain('Kite');
    expect(text).toContain(LINK);
    expect(text).toMatch(/STOP/);
    expect(size).toMatchObject({ encoding: 'GSM-7', segments: 1 });
  });

test('the texts read as they should', () => {
  expect(LOCALES.map((locale) => renderSms({ ...context, locale }).text)).toEqual(expect.arrayContaining([
    `Kite: Ana invites you to join. ${LINK} Reply STOP to opt out.`,
    `Kite: Einladung von Ana. ${LINK} STOP als Antwort beendet das.`,
  ]));
});

test('a program\'s own words come first, say whose they are, and keep link and way out', () => {
  const own = renderSms({ ...context, override: { sms: 'Come and fly, {{inviteeName}}!', reminder: { sms: '{{tenantName}} still waits.' } } });
  expect(own.text).toBe(`Kite: Come and fly, Ben! ${LINK} Reply STOP to opt out.`);
  expect(renderSms({ ...context, step: 2, override: { sms: 'x', reminder: { sms: '{{tenantName}} still waits.' } } }).text).toBe(`Kite still waits. ${LINK} Reply STOP to opt out.`);
});

test('whatever the names and words are, a text fits into three segments and is never cut in its link or way out', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.string({ unit: 'grapheme', maxLength: 120 }), fc.constantFrom(...LOCALES), (words, name, locale) => {
    const { text } = renderSms({ ...context, locale, inviter: { kind: 'member', name }, override: { sms: `${words.replaceAll(/[{}]/g, '')} {{inviterName}} {{tenantName}}` } });
    expect(fitSms(text).outcome).toBe('fits');
    expect(text).toContain(` ${LINK} `);
    expect(text).toMatch(/STOP.{0,40}$/u);
    expect(text).not.toMatch(/[\n\r\0]/);
  }));
});
