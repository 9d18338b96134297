import fc from 'fast-check';
import { renderInvite } from '../../src/domain/message/render-invite.ts';
import type { InviteContext } from '../../src/domain/message/render-invite.ts';
import { wrap } from '../../src/domain/message/line.ts';
import { sampleContext } from './message-sample.ts';

const unescape = (html: string): string =>
  html.replace(/&(lt|gt|quot|#39|amp);/g, (_all, name: string) => ({ lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' })[name] ?? '');

describe('no message without its five parts', () => {
  const contexts: [string, InviteContext][] = [
    ['invitation by a friend', sampleContext()],
    ['first reminder', sampleContext({ step: 1 })],
    ['ninth reminder', sampleContext({ step: 9, relationship: 'colleague' })],
    ['by the tenant itself', sampleContext({ inviter: { kind: 'tenant' }, consentBasis: 'opt_in' })],
    ['own copy that mentions nothing', sampleContext({ override: { subject: 'Hi', preheader: 'Hi', heading: 'Hi', paragraphs: ['Hi'], callToAction: 'Go' } })],
    ['a name that cannot be shown', sampleContext({ inviter: { kind: 'member', name: 'www.evil.example' } })],
  ];
  test.each(contexts)('%s: inviter, tenant, reason, postal address and way out, in text and HTML', (_name, context) => {
    const { text, html } = renderInvite(context);
    const inviter = context.inviter.kind === 'tenant' ? 'Lumen' : context.inviter.name === 'Ana' ? 'Ana' : 'a member of Lumen';
    for (const body of [text.replace(/\s+/g, ' '), unescape(html)]) {
      for (const part of [inviter, 'Lumen', 'You get this message because', '1 Harbour Street', 'Cork, Ireland', context.unsubscribeUrl, context.linkUrl]) {
        expect(body).toContain(part);
      }
      expect(body).not.toMatch(/\{\{\s*\w|undefined|\bnull\b|evil/);
    }
  });

  test.each<[string, Partial<InviteContext>]>([
    ['a tenant name', { tenantName: ' \u200b ' }],
    ['a postal address', { postalAddress: '\n \n' }],
    ['a link', { linkUrl: '' }],
    ['a link that is a web address', { linkUrl: 'javascript:alert(1)' }],
    ['a way out', { unsubscribeUrl: 'mailto:x@y.example' }],
  ])('%s is missing: it is not rendered at all', (_name, changes) => {
    expect(() => renderInvite(sampleContext(changes))).toThrow(/an invitation needs/);
  });

  test('the reason says who gave the address, or on what ground the tenant writes', () => {
    const reason = (changes: Partial<InviteContext>): string => /You get this message because [^.]+\./.exec(renderInvite(sampleContext(changes)).text.replace(/\s+/g, ' '))?.[0] ?? '';
    expect(reason({})).toBe('You get this message because Ana gave your address to Lumen to invite you.');
    expect(reason({ inviter: { kind: 'tenant' }, consentBasis: 'opt_in' })).toBe('You get this message because you agreed to hear from Lumen.');
    expect(reason({ inviter: { kind: 'tenant' }, consentBasis: 'existing_relationship' })).toBe('You get this message because you are in contact with Lumen.');
    expect(reason({ inviter: { kind: 'tenant' }, consentBasis: null })).toBe('You get this message because Lumen would like to invite you.');
  });
});

describe('what people type stays text', () => {
  const nasty = `<img src=x onerror=alert(1)>&"'{{tenantName}}</title><script>`;
  test('markup in any field is escaped in HTML and literal in text', () => {
    const { html, text, subject } = renderInvite(
      sampleContext({
        tenantName: nasty, programTitle: nasty, postalAddress: nasty, inviteeName: nasty, inviter: { kind: 'member', name: nasty },
        override: { heading: nasty.replace(/[{}]/g, ''), paragraphs: [nasty.replace(/[{}]/g, '')] },
        linkUrl: 'https://x.example/a"><script>?b=\'&c=1', unsubscribeUrl: 'https://x.example/u"onmouseover="x',
      }),
    );
    expect(html).not.toMatch(/<script|<img|onerror=alert\(1\)>|"onmouseover/);
    expect(html.match(/<\/title>/g)).toHaveLength(1);
    expect(text).toContain('<img src=x');
    expect(subject).not.toContain('\n');
  });

  test('a value that looks like a placeholder is not filled a second time', () => {
    expect(renderInvite(sampleContext({ inviter: { kind: 'member', name: 'Ana {{tenantName}}' } })).text).toContain('Ana {{tenantName}}');
  });

  test('whatever the fields hold: tags and attributes are ours alone, subject and sender are one short line, lines stay in bounds', () => {
    const shape = (html: string): string[] => [...html.matchAll(/<\/?[a-z!][^>]*>/gi)].map((tag) => tag[0].replace(/(href|lang)="[^"]*"/g, '$1=""'));
    const ours = shape(renderInvite(sampleContext({ tenantName: 'Zebra' })).html);
    const any = fc.string({ unit: 'binary', maxLength: 120 });
    fc.assert(
      fc.property(any, any, any, any, (a, b, c, d) => {
        const { html, text, subject, senderName } = renderInvite(
          sampleContext({ inviter: { kind: 'member', name: a }, inviteeName: b, tenantName: `Z${c}`, programTitle: `P${d}`, fromName: d }),
        );
        expect(shape(html)).toEqual(ours);
        for (const line of [subject, senderName]) expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(subject.length).toBeLessThan(2000);
        expect(text).not.toMatch(/\p{Cs}/u);
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  test('a name that cannot be shown is replaced by words that fit into a sentence, at its start and within', () => {
    const { subject, text } = renderInvite(sampleContext({ inviter: { kind: 'member', name: null } }));
    expect(subject).toBe('A member of Lumen wants to share Lumen with you');
    expect(text.replace(/\s+/g, ' ')).toContain('because a member of Lumen gave your address');
  });

  test('the sender is named as a person only where the name is fit to be shown', () => {
    expect(renderInvite(sampleContext()).senderName).toBe('Ana via Lumen');
    expect(renderInvite(sampleContext({ fromName: 'Team Lumen' })).senderName).toBe('Ana via Team Lumen');
    expect(renderInvite(sampleContext({ inviter: { kind: 'member', name: 'evil.com' } })).senderName).toBe('Lumen');
    expect(renderInvite(sampleContext({ inviter: { kind: 'tenant' } })).senderName).toBe('Lumen');
  });
});

describe('the form', () => {
  test('the same context gives the same bytes', () => {
    expect(renderInvite(sampleContext())).toEqual(renderInvite(sampleContext()));
  });

  test('text lines stay within 72 columns, links excepted and bare', () => {
    const { text } = renderInvite(sampleContext({ tenantName: 'The Lumen School of Music and Movement', linkUrl: `https://go.lumen.example/l/${'x'.repeat(90)}` }));
    for (const line of text.split('\n')) if (!/^https:\/\/\S+$/.test(line)) expect(line.length).toBeLessThanOrEqual(72);
    expect(text).toMatch(/\nhttps:\/\/go\.lumen\.example\/l\/x{90}\n/);
    expect(wrap('word '.repeat(40).trim()).split('\n').join(' ')).toBe('word '.repeat(40).trim());
  });

  test('HTML has language, direction, preheader, one real link as button, and loads nothing', () => {
    const { html } = renderInvite(sampleContext());
    expect(html).toMatch(/<html lang="en" dir="ltr">/);
    expect(html).toMatch(/display:none[^>]*>A personal invitation from a friend, open until 24 June 2026\./);
    expect(html).toMatch(/<a class="fw-button" href="https:\/\/go\.lumen\.example\/l\/k7m2p9qx4w"/);
    expect(html).not.toMatch(/<(?:img|script|table|link|iframe|form)\b|url\(|@import|src=/i);
    expect(html.length).toBeLessThan(10_000); // Gmail clips a message at 102 kB
  });

  test('small and large contrasts hold on their grounds, light and dark (WCAG 2.2, 1.4.3)', () => {
    const luminance = (hex: string): number =>
      [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * ([0.2126, 0.7152, 0.0722][i] ?? 0), 0);
    const contrast = (a: string, b: string): number => (Math.max(luminance(a), luminance(b)) + 0.05) / (Math.min(luminance(a), luminance(b)) + 0.05);
    const { html } = renderInvite(sampleContext());
    for (const [ink, ground] of [
      ['#111827', '#ffffff'], ['#374151', '#ffffff'], ['#5b6472', '#ffffff'], ['#5b6472', '#f3f4f6'], ['#ffffff', '#1d4ed8'], ['#1d4ed8', '#ffffff'],
      ['#f3f4f6', '#1b1e24'], ['#d5d9e0', '#1b1e24'], ['#a3abb8', '#1b1e24'], ['#a3abb8', '#111317'], ['#93b4ff', '#1b1e24'],
    ] as const) {
      expect(html).toContain(ink);
      expect(html).toContain(ground);
      expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('the expiry is the date on the recipient\'s calendar, in the recipient\'s manner', () => {
    const at = Date.UTC(2026, 5, 24, 2, 0);
    const shown = (locale: string | null, zone: string): string => /open until ([^.]+)\.\n/.exec(renderInvite(sampleContext({ locale, zone, expiresAt: at })).text)?.[1] ?? '';
    expect(shown('en-GB', 'Europe/Dublin')).toBe('24 June 2026');
    expect(shown('en_US', 'America/New_York')).toBe('June 23, 2026');
    expect(shown('pt-BR', 'America/Sao_Paulo')).toBe('June 23, 2026');
    expect(shown(null, 'Asia/Tokyo')).toBe('June 24, 2026');
    expect(shown('not a locale', 'Asia/Tokyo')).toBe('June 24, 2026');
    expect(shown('constructor', 'Asia/Tokyo')).toBe('June 24, 2026');
  });
});

test.each(['en', 'de', 'es', 'fr'])('a message in %s leads to the preference page beside the way out, in text and HTML, where it has one', (locale) => {
  const preferenceUrl = 'https://go.lumen.example/p/t0k3n';
  const { text, html } = renderInvite(sampleContext({ locale, preferenceUrl }));
  expect([text.split(preferenceUrl).length - 1, html.split(`href="${preferenceUrl}"`).length - 1]).toEqual([1, 1]);
  expect(text.indexOf(preferenceUrl)).toBeGreaterThan(text.indexOf('/u/'));
  expect(renderInvite(sampleContext({ locale })).text).not.toContain('/p/');
});
