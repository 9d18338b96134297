import { renderConfirmMail, renderReportMail, type ReportLetterhead } from '../../src/domain/report/report-mail.ts';
import { readReportToken, reportToken } from '../../src/domain/report/report-token.ts';
import { makeId } from '../../src/domain/ids.ts';
import { unsubscribeToken, readUnsubscribeToken } from '../../src/domain/link/unsubscribe-token.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import { sampleReport } from './report-sample.ts';

const HEAD: ReportLetterhead = { language: 'en', tenantName: 'Kite Club', fromName: 'Kite Club', postalAddress: 'Kite Club, 1 Beach Road, 1000 Town', unsubscribeUrl: 'https://flywheel.example/reports/token' };
const UNITS = new Map([['points', 'Points <b>']]);

test('a report\'s mail says every figure in HTML and in plain text, with the week before, K with its denominator, and a way out', () => {
  const { html, text, subject } = renderReportMail(sampleReport(), UNITS, HEAD);
  expect(subject).toMatch(/^Kite Club: Week 23 of 2026, K at first value \d/);
  for (const said of ['1 June 2026 to 7 June 2026', 'Buddy challenge', 'learner-4711', 'active members', 'K at sign-up', 'Rewards released', 'https://flywheel.example/reports/token', '1 Beach Road']) {
    expect(html).toContain(said);
    expect(text).toContain(said);
  }
  expect(text).toContain('€');
  expect(text).not.toMatch(/<\/?(?:p|div|td|tr|h1|h2|a)\b/);
});

test('it loads nothing from outside and runs nothing, and is as wide as the phone', () => {
  for (const { html } of [renderReportMail(sampleReport(), UNITS, HEAD), renderConfirmMail({ ...HEAD, confirmUrl: 'https://flywheel.example/reports/yes' })]) {
    expect(html).not.toMatch(/<(?:img|script|link|iframe|object|form)\b|@import|url\(/i);
    expect(html).toContain('width=device-width');
    expect(html).not.toMatch(/width:\s*(?:[7-9]\d\d|\d{4,})px/);
    expect([...html.matchAll(/https?:\/\/[^"<\s]+/g)].every(([url]) => url.startsWith('https://flywheel.example/'))).toBe(true);
  }
});

test('whatever ids and names hold stands there as text', () => {
  const nasty = '"><script>alert(1)</script>\r\nBcc: x@example.com\u202e';
  const { html, text, subject } = renderReportMail(sampleReport({ externalId: nasty, loops: ['invite'] }), UNITS, { ...HEAD, tenantName: nasty, postalAddress: nasty });
  expect(html).not.toContain('<script');
  expect(html).not.toContain('<b>');
  expect(subject).not.toMatch(/[\r\n]/);
  expect(text).not.toContain('\u202e');
});

test('a week in which nothing happened is said so, without a broken number', () => {
  const { html, text } = renderReportMail(sampleReport({ empty: true }), UNITS, HEAD);
  expect(`${html}${text}`).not.toMatch(/NaN|Infinity|undefined|null/);
  expect(text).toContain('No member was active.');
});

test('a link stands for one recipient and one answer, and for nothing when it is altered; an invite\'s way out is none of a report\'s', () => {
  const keyring = openKeyring(Buffer.alloc(32, 7));
  const link = { tenantId: makeId('tnt', 1, new Uint8Array(10).fill(3)), id: makeId('rrc', 2, new Uint8Array(10).fill(4)) };
  for (const act of ['confirm', 'unsubscribe'] as const) {
    const token = reportToken(keyring, { ...link, act });
    expect(readReportToken(keyring, token)).toEqual({ ...link, act });
    expect(readReportToken(keyring, token.toUpperCase())).toEqual({ ...link, act });
    for (let place = 0; place < token.length; place += 1) {
      const other = token.charAt(place) === '0' ? '1' : '0';
      expect(readReportToken(keyring, token.slice(0, place) + other + token.slice(place + 1))).toBeNull();
    }
    expect(readUnsubscribeToken(keyring, token)).toBeNull();
    expect(readReportToken(openKeyring(Buffer.alloc(32, 8)), token)).toBeNull();
  }
  expect(readReportToken(keyring, unsubscribeToken(keyring, { tenantId: link.tenantId, batchId: makeId('bat', 3, new Uint8Array(10)), n: 0 }))).toBeNull();
});
